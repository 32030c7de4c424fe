//! What a writer reads: one table of a base, with its plane and its provenance.

use crate::domain::{Plane, Provenance};
use crate::io::geopackage::{BaseError, OpenBase, TableInfo, TableRow};
use serde_json::{Map, Value, json};
use std::io;

/// One table of an open base.
pub struct Source<'a> {
    base: &'a OpenBase,
    /// What the base says of it.
    pub table: &'a TableInfo,
    /// The plane that it is drawn in.
    pub plane: Plane,
    /// Who wrote it.
    pub provenance: Provenance,
}

impl<'a> Source<'a> {
    /// A table of a base.
    ///
    /// # Errors
    ///
    /// When its plane or its provenance cannot be read.
    pub fn new(base: &'a OpenBase, table: &'a TableInfo) -> Result<Self, BaseError> {
        let (plane, provenance) = (base.plane()?, base.provenance_of(table)?);
        Ok(Self { base, table, plane, provenance })
    }

    /// Gives each row to `visit`, in order; one is held at a time.
    ///
    /// # Errors
    ///
    /// What `visit` returned, or why the base could not be read.
    pub fn each(&self, mut visit: impl FnMut(TableRow) -> io::Result<()>) -> io::Result<()> {
        self.base.each_row(self.table, &mut visit)
    }

    /// Version, configuration and models, for files that carry free text.
    pub(super) fn origin(&self) -> Value {
        let Provenance { version, configuration, models } = &self.provenance;
        let models: Vec<_> =
            models.iter().map(|it| json!({"name": it.name, "sha256": it.sha256})).collect();
        json!({"version": version, "configuration": configuration, "models": models})
    }

    /// What each column means, for files that carry free text.
    pub(super) fn meanings(&self) -> Value {
        let each = self.table.fields.iter().map(|it| (it.name.clone(), it.words.clone().into()));
        Value::Object(each.collect::<Map<_, _>>())
    }
}
