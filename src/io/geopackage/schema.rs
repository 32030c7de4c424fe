//! The tables that every GeoPackage has.

use crate::domain::Plane;
use rusqlite::{Connection, OptionalExtension, params};

/// `GPKG`, in the header of the file. Source: OGC 12-128r18, requirement 2.
pub(super) const APPLICATION_ID: i32 = 0x4750_4b47;

/// Version 1.3. Chosen: the newest that GDAL 3.4 to 3.6, which departments have, opens in silence.
const USER_VERSION: i32 = 10_300;

/// What the base says of when it was last changed.
///
/// Chosen: the epoch. A clock would make two runs on one input differ; the provenance says more.
pub(super) const LAST_CHANGE: &str = "1970-01-01T00:00:00.000Z";

/// Source: OGC 12-128r18, annex C, tables 3, 4, 6, 8 (extensions) and F.9 (schema), and for
/// `layer_styles` what QGIS 3 itself creates.
const TABLES: &str = r#"
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
CREATE TABLE layer_styles (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "f_table_catalog" TEXT(256),
  "f_table_schema" TEXT(256),
  "f_table_name" TEXT(256),
  "f_geometry_column" TEXT(256),
  "styleName" TEXT(30),
  "styleQML" TEXT,
  "styleSLD" TEXT,
  "useAsDefault" BOOLEAN,
  "description" TEXT,
  "owner" TEXT(30),
  "ui" TEXT(30),
  "update_time" DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE findings (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  etape TEXT NOT NULL,
  lieu TEXT NOT NULL,
  poids TEXT NOT NULL,
  constat TEXT NOT NULL,
  finding TEXT NOT NULL
);
CREATE TABLE provenance (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  etape TEXT NOT NULL,
  cle TEXT NOT NULL,
  valeur TEXT NOT NULL
);
"#;

/// Name, identifier, organisation, definition. Source: EPSG registry for 4326 and 2154; OGC
/// 12-128r18, requirement 11, for the two undefined ones.
const REFERENCE_SYSTEMS: [(&str, i32, &str, i32, &str); 4] = [
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    (
        "WGS 84 geodetic",
        4326,
        "EPSG",
        4326,
        r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]"#,
    ),
    (
        "RGF93 v1 / Lambert-93",
        2154,
        "EPSG",
        2154,
        r#"PROJCS["RGF93 v1 / Lambert-93",GEOGCS["RGF93 v1",DATUM["Reseau_Geodesique_Francais_1993_v1",SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6171"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4171"]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],PARAMETER["standard_parallel_2",44],PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","2154"]]"#,
    ),
];

/// Says what a plane is, when it is not among those that every base knows.
pub(super) fn declare(connection: &Connection, plane: Plane) -> rusqlite::Result<()> {
    let code = plane.code();
    let definition = plane.well_known_text();
    let name = definition.split('"').nth(1).unwrap_or_default();
    connection.execute(
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)",
        params![name, code, definition],
    )?;
    Ok(())
}

/// The plane that the network is drawn in; Lambert-93 when there is no network.
pub(super) fn plane(connection: &Connection) -> rusqlite::Result<Plane> {
    let code: Option<i64> = connection
        .query_row(
            "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'network'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let plane = code.and_then(|it| u16::try_from(it).ok()).and_then(Plane::of_code);
    Ok(plane.unwrap_or_default())
}

/// Makes an empty GeoPackage of an empty file.
pub(super) fn lay(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", 4096)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", USER_VERSION)?;
    connection.execute_batch(TABLES)?;
    for (name, id, organisation, number, definition) in REFERENCE_SYSTEMS {
        connection.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
            params![name, id, organisation, number, definition],
        )?;
    }
    for (table, words) in [
        ("layer_styles", "styles pour QGIS"),
        ("findings", "constats : ce qui manque ou a été écarté"),
        ("provenance", "programme, configuration et modèles"),
    ] {
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, \
             last_change) VALUES (?1, 'attributes', ?1, ?2, ?3)",
            params![table, words, LAST_CHANGE],
        )?;
    }
    Ok(())
}
