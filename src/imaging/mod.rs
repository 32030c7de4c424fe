//! Pixel arithmetic: cut, resize, hide. Nothing here knows a model or a road.

mod equalise;
mod fill;
mod resample;
mod shift;

pub use equalise::even_light;
pub use fill::{FILL, fill};
pub use resample::{ResampleError, crop_resize, sharpness_and_light};
pub use shift::{Shift, shift};
