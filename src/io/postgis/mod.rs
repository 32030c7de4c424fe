//! The base on PostGIS: the same tables and columns, one campaign beside the other.
//!
//! A campaign is replaced in one transaction: whoever reads meanwhile sees the old one whole, and a
//! publication that is cut leaves it so. The connection is not encrypted: it is meant for a loopback
//! address, a Unix socket or a tunnel.

mod copy;
mod error;
mod publish;
mod tables;

pub use error::{PublishError, PublishErrorKind};
pub use publish::{Published, Where, publish};
