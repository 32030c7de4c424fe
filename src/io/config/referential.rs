//! `[referential]`: which layer and columns of a network file say what.

use crate::domain::{ReferentialVersion, VersionError};
use crate::io::network::Referential;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// The table as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    layer: Option<String>,
    crs: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    unnamed: bool,
    /// Text, or a date without quotes.
    version: Option<Value>,
}

/// Reads `[referential]` of a survey file; nothing is asked for when there is none.
///
/// # Errors
///
/// One sentence for each problem.
pub fn parse(own: &Table) -> Result<Referential, Vec<String>> {
    let Some(table) = own.get("referential") else { return Ok(Referential::default()) };
    let raw: Result<Raw, toml::de::Error> = table.clone().try_into();
    let raw = raw.map_err(|why| vec![format!("[referential] {}", why.message())])?;
    let known: Vec<&str> = Referential::NAMES.iter().map(|it| it.0).collect();
    let mut problems: Vec<String> = raw
        .columns
        .keys()
        .filter(|it| !known.contains(&it.as_str()))
        .map(|it| {
            let expected = known.join(", ");
            format!("[referential] columns.{it}: unknown, expected one of {expected}")
        })
        .collect();
    let version = raw.version.as_ref().map(version).transpose();
    let version = version.unwrap_or_else(|why| {
        problems.push(format!("[referential] version: {why}"));
        None
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let Raw { layer, crs, columns, unnamed, .. } = raw;
    Ok(Referential { layer, crs, columns, unnamed, version })
}

fn version(value: &Value) -> Result<ReferentialVersion, VersionError> {
    match value {
        Value::String(text) => text.parse(),
        other => other.to_string().parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_other_files_are_named() {
        let text = "[referential]\nlayer = \"TRONCON\"\ncrs = \"EPSG:3943\"\n\
                    columns = { route = \"NUM_ROUTE\", cote = \"SENS\" }\n";
        let got = parse(&text.parse().unwrap()).unwrap();
        assert_eq!(got.layer.as_deref(), Some("TRONCON"));
        assert_eq!(got.columns["route"], "NUM_ROUTE");
        let why = |text: &str| parse(&text.parse().unwrap()).unwrap_err().join("; ");
        assert!(why("[referential]\ncolumns = { nom = \"X\" }").contains("columns.nom: unknown"));
        assert!(why("[referential]\nlayers = 1").contains("unknown field `layers`"));
        for text in ["\"2024-01-01\"", "2024-01-01"] {
            let text = format!("[referential]\nversion = {text}");
            let got = parse(&text.parse().unwrap()).unwrap().version.unwrap();
            assert_eq!(got.to_string(), "2024-01-01");
        }
        assert_eq!(
            why("[referential]\nversion = \"01/2024\""),
            "[referential] version: found \"01/2024\", expected a date, then a name or nothing: \
             2024-01-01, 2024-01-01 after survey"
        );
        assert!(why("[referential]\nversion = 2024-01-01T10:00:00").contains("expected a date"));
        assert_eq!(parse(&Table::new()), Ok(Referential::default()));
    }
}
