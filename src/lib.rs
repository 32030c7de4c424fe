#![doc = include_str!("../ARCHITECTURE.md")]

pub mod anonymisation;
pub mod cli;
pub mod detection;
pub mod domain;
pub mod evaluation;
pub mod georeferencing;
pub mod imaging;
pub mod io;
pub mod pipeline;
pub mod planning;
pub mod ports;
pub mod scoring;
