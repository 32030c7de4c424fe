//! `[boundaries]`: the layers of municipalities and sectors.

use crate::io::network::{AreaKind, AreaSource};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A layer with what its file does not say in the usual way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    file: PathBuf,
    layer: Option<String>,
    crs: Option<String>,
    name: Option<String>,
    code: Option<String>,
}

/// Reads `[boundaries]` of a survey file: municipalities first; nothing when there is none.
///
/// # Errors
///
/// One sentence for each problem.
pub fn parse(own: &Table, folder: &Path) -> Result<Vec<AreaSource>, Vec<String>> {
    let table = match own.get("boundaries") {
        None => return Ok(Vec::new()),
        Some(Value::Table(table)) => table,
        Some(other) => {
            let found = other.type_str();
            return Err(vec![format!("boundaries: found {found}, expected a table [boundaries]")]);
        }
    };
    let (mut sources, mut problems) = (Vec::new(), Vec::new());
    let kinds = [AreaKind::Municipalities, AreaKind::Sectors];
    for key in table.keys().filter(|key| !kinds.iter().any(|it| it.key() == key.as_str())) {
        let expected = kinds.map(AreaKind::key).join(", ");
        problems.push(format!("[boundaries] {key}: unknown, expected one of {expected}"));
    }
    for kind in kinds {
        let key = kind.key();
        match table.get(key).map(raw) {
            None => {}
            Some(Ok(Raw { file, layer, crs, name, code })) => {
                let named = [("name", name), ("code", code)];
                let columns = named.into_iter().filter_map(|(key, it)| Some((key.to_owned(), it?)));
                let (path, columns) = (folder.join(file), columns.collect());
                sources.push(AreaSource { kind, path, layer, crs, columns });
            }
            Some(Err(why)) => problems.push(format!("[boundaries] {key}: {why}")),
        }
    }
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}

/// A path alone, or a table.
fn raw(value: &Value) -> Result<Raw, String> {
    match value {
        Value::String(path) => {
            Ok(Raw { file: path.into(), layer: None, crs: None, name: None, code: None })
        }
        Value::Table(table) => {
            table.clone().try_into().map_err(|why: toml::de::Error| why.message().to_owned())
        }
        other => Err(format!(
            "found {}, expected a path, or {{ file, layer, crs, name, code }}",
            other.type_str()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<AreaSource>, Vec<String>> {
        parse(&text.parse().unwrap(), Path::new("folder"))
    }

    #[test]
    fn a_layer_is_a_path_or_a_table() {
        assert_eq!(parsed("title = \"T\""), Ok(vec![]));
        let got = parsed(
            "[boundaries]\nsectors = \"secteurs.gpkg\"\n\
             municipalities = { file = \"c.shp\", crs = \"EPSG:2154\", name = \"LIB\" }",
        )
        .unwrap();
        let [communes, sectors] = &got[..] else { panic!("two layers") };
        assert_eq!((communes.kind, sectors.kind), (AreaKind::Municipalities, AreaKind::Sectors));
        assert_eq!(communes.path, Path::new("folder/c.shp"));
        assert_eq!(communes.crs.as_deref(), Some("EPSG:2154"));
        assert_eq!(communes.columns, [("name".to_owned(), "LIB".to_owned())].into());
        assert_eq!(sectors.path, Path::new("folder/secteurs.gpkg"));
    }

    #[test]
    fn every_problem_is_listed() {
        let problems = parsed(
            "[boundaries]\ncommunes = \"c.shp\"\nsectors = 3\n\
             municipalities = { path = \"c.shp\" }",
        )
        .unwrap_err()
        .join("\n");
        for part in [
            "[boundaries] communes: unknown, expected one of municipalities, sectors",
            "[boundaries] municipalities: unknown field `path`",
            "[boundaries] sectors: found integer, expected a path, or { file",
        ] {
            assert!(problems.contains(part), "{part} not in {problems}");
        }
        assert!(parsed("boundaries = 3").unwrap_err()[0].contains("expected a table"));
    }
}
