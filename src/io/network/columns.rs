//! Which columns of a network file say what, when they do not bear our names.

use crate::domain::ReferentialVersion;
use std::collections::BTreeMap;

/// What the features of a file draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Roads.
    Lines,
    /// Territories.
    Areas,
}

impl Shape {
    /// The geometries that serve, for messages.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Lines => "LineString or MultiLineString",
            Self::Areas => "Polygon or MultiPolygon",
        }
    }

    /// Why another geometry does not serve.
    pub(super) fn refuses(self, found: &str) -> String {
        format!("the geometry is {found}, expected {}", self.expected())
    }
}

/// What a file of features is asked for, whatever it draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    /// The layer, in files that hold several.
    pub layer: Option<&'a str>,
    /// The reference system, in files that do not give it.
    pub crs: Option<&'a str>,
    /// Columns of which the layer has one, when none is named and there are several.
    pub columns: Vec<&'a str>,
    /// What it draws.
    pub shape: Shape,
    /// The table of the survey file where layer and system may be said.
    pub table: &'static str,
}

/// What a network file is asked for, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referential {
    /// The layer, in files that hold several.
    pub layer: Option<String>,
    /// The reference system, in files that do not give it: `EPSG:2154`.
    pub crs: Option<String>,
    /// For each of [`Referential::NAMES`], the column that holds it.
    pub columns: BTreeMap<String, String>,
    /// Every road of an `OpenStreetMap` extract, and not only those that have a reference.
    pub unnamed: bool,
    /// Which version of the referential it is.
    pub version: Option<ReferentialVersion>,
}

impl Referential {
    /// Columns that may be named otherwise: the key of the survey file, and the names that are looked
    /// for when it does not say.
    pub const NAMES: [(&'static str, &'static [&'static str]); 7] = [
        ("route", &["route", "road", "numero", "ref"]),
        ("cote", &["cote", "carriageway", "sens_chaussee"]),
        ("categorie", &["categorie", "category"]),
        ("secteur", &["secteur", "sector"]),
        ("largeur_m", &["largeur_m", "width_m", "largeur", "largeur_de_chaussee"]),
        ("voies", &["voies", "lanes", "nb_voies", "nombre_de_voies"]),
        ("cumul_debut_m", &["cumul_debut_m", "cumul_start_m", "cumul_deb"]),
    ];

    /// What the readers of any file of features are asked for.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            layer: self.layer.as_deref(),
            crs: self.crs.as_deref(),
            columns: self.names("route"),
            shape: Shape::Lines,
            table: "[referential]",
        }
    }

    /// The names under which a column is looked for, the surest first.
    pub(super) fn names<'a>(&'a self, key: &str) -> Vec<&'a str> {
        if let Some(own) = self.columns.get(key) {
            return vec![own];
        }
        let known = Self::NAMES.iter().find(|it| it.0 == key);
        known.map_or_else(Vec::new, |it| it.1.to_vec())
    }
}
