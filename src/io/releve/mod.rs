//! The relevé (M3-type) by the customer's own columns: names, order, separator, decimal comma and
//! codes in a file, the same for writing and for reading back.

mod columns;
mod sheet;

pub use columns::{Columns, ColumnsError, Field};
pub use sheet::{Sheet, write};
