//! Pixel arithmetic: cut, resize, hide. Nothing here knows a model or a road.

mod mosaic;
mod resample;

pub use mosaic::{FILL, mosaic};
pub use resample::{ResampleError, crop_resize, sharpness_and_light};
