#![doc = include_str!("../ARCHITECTURE.md")]

pub mod anonymisation;
pub mod detection;
pub mod domain;
pub mod imaging;
pub mod ports;
