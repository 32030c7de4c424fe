//! Files in and out: video, tracks, networks, models, the base, exchange files, the report.
//!
//! Rows of files are not domain values: each adapter converts, and says which row is wrong.

pub mod ageing;
pub mod atomic;
pub mod config;
pub mod exchange;
pub mod geojson;
pub mod geopackage;
pub mod journal;
pub mod labelled;
pub mod models;
pub mod network;
#[cfg(feature = "onnx")]
pub mod onnx;
#[cfg(feature = "onnxruntime")]
pub mod onnxruntime;
pub mod other_survey;
pub mod pictures;
#[cfg(feature = "postgis")]
pub mod postgis;
pub mod referenced;
pub mod releve;
pub mod renewed;
pub mod report;
pub mod rows;
pub mod scenarios;
pub mod stills;
pub mod telemetry;
pub mod video;
pub mod wording;
pub mod workbook;
