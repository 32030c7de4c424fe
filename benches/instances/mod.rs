//! Instances of works programming, made from fixed seeds.

mod department;
mod one_treatment;

pub use department::Department;
pub use one_treatment::one_treatment;
