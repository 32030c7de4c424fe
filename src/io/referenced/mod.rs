//! Any table (CSV) whose rows bear references: surveys, lists of works. Its references are read, and
//! written anew; every other column is left as it was.

mod columns;
mod sheet;
mod table;

pub use sheet::{NewReference, Rewritten};
pub use table::{ReferencedError, ReferencedErrorKind, Row, Table};
