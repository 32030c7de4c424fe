//! What other surveys saw (by eye, by laser), as a table: the survey sheet's own columns.

use crate::domain::{
    Carriageway, Defect, DefectKind, Direction, Extent, Finding, FindingKind, ImportedDefect,
    Metres, Network, PrAbscisse, Reported, Road, RoadId, Severity, SquareMetres,
};
use crate::io::releve::{Columns, Field};
use std::path::{Path, PathBuf};

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{path:?}: {kind}")]
pub struct OtherSurveyError {
    path: PathBuf,
    kind: OtherSurveyErrorKind,
}

/// What was wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OtherSurveyErrorKind {
    /// It cannot be opened.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is no table, or lacks a column.
    #[error(
        "found columns {found}; expected route, code, gravite, then cumul_d and cumul_f (or prd, pad, prf, paf) and one of longueur_m, surface_m2, nb, pct_long"
    )]
    #[expect(missing_docs, reason = "the message names every field")]
    Header { found: String },
    /// It lacks columns that the customer's file of columns has.
    #[error("found columns {found}; expected also {missing}")]
    #[expect(missing_docs, reason = "the message names every field")]
    Columns { found: String, missing: String },
}

impl OtherSurveyError {
    /// What was wrong.
    #[must_use]
    pub const fn kind(&self) -> &OtherSurveyErrorKind {
        &self.kind
    }
}

/// Reads a table; a row that cannot be used is a finding. `columns` are the customer's own, where
/// the table does not have those of the survey sheet.
///
/// # Errors
///
/// When it cannot be opened, or its header lacks what every row needs.
pub fn read(
    path: &Path,
    network: &Network,
    columns: Option<&Columns>,
) -> Result<Reported<Vec<ImportedDefect>>, OtherSurveyError> {
    let refused = |kind| OtherSurveyError { path: path.to_owned(), kind };
    let bytes = std::fs::read(path).map_err(|why| refused(why.into()))?;
    let place = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    parse(&String::from_utf8_lossy(&bytes), &place, network, columns).map_err(refused)
}

/// As [`read`], from the text of a table that `place` names.
///
/// # Errors
///
/// When its header lacks what every row needs.
pub fn parse(
    text: &str,
    place: &str,
    network: &Network,
    columns: Option<&Columns>,
) -> Result<Reported<Vec<ImportedDefect>>, OtherSurveyErrorKind> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let guessed = [b';', b'\t'].into_iter().find(|it| header.as_bytes().contains(it));
    let delimiter = columns.map_or(guessed.unwrap_or(b','), |it| it.separator);
    let commas = columns.map_or(delimiter != b',', |it| it.decimal == ',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut value, mut findings) = (Vec::new(), Vec::new());
    // Where lines have two ends, the reader counts each at the second, in the record that follows.
    let late = u64::from(text.contains("\r\n"));
    let header = reader
        .headers()
        .map_err(|why| OtherSurveyErrorKind::Header { found: why.to_string() })?
        .clone();
    let names = names(&header, columns, |name| {
        let kind = FindingKind::ColumnUnknown { name: name.to_owned() };
        findings.push(Finding::note(place, kind));
    })?;
    for record in reader.records() {
        let position = record.as_ref().ok().and_then(csv::StringRecord::position);
        let line = position.map(|it| it.line() + late);
        let read = record.map_err(|why| why.to_string()).and_then(|record| {
            let fields = Fields { names: &names, record: &record, commas, columns };
            row(&fields, network, line.unwrap_or(0))
        });
        match read {
            Ok(one) => value.push(one),
            Err(why) => {
                let row = line.map_or_else(|| "?".to_owned(), |it| it.to_string());
                findings.push(Finding::loss(place, FindingKind::SurveyRow { row, why }));
            }
        }
    }
    Ok(Reported { value, findings })
}

/// What each column of a header holds, by the names of the survey sheet; nothing for a column that
/// the customer's file does not name, which `unknown` is told.
fn names(
    header: &csv::StringRecord,
    columns: Option<&Columns>,
    mut unknown: impl FnMut(&str),
) -> Result<Vec<String>, OtherSurveyErrorKind> {
    let found = || format!("{:?}", header.iter().take(20).collect::<Vec<_>>().join(", "));
    let held = |name: &str| match columns.map(|it| it.of(name)) {
        None => Some(name.to_lowercase()),
        Some(Some(Field::Held(held, _))) => Some((*held).to_owned()),
        Some(Some(Field::Constant(_))) => Some(String::new()),
        Some(None) => None,
    };
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            held(name).unwrap_or_else(|| {
                unknown(name);
                String::new()
            })
        })
        .collect();
    if let Some(columns) = columns {
        let absent = |it: &&(String, Field)| matches!(&it.1, Field::Held(held, _) if !names.iter().any(|it| it == held));
        let missing: Vec<_> = columns.each.iter().filter(absent).map(|it| it.0.as_str()).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            return Err(OtherSurveyErrorKind::Columns { found: found(), missing });
        }
    }
    let has = |name: &str| names.iter().any(|it| it == name);
    let placed = has("cumul_d") && has("cumul_f") || has("prd") && has("prf");
    let measured = ["longueur_m", "surface_m2", "nb", "pct_long"].into_iter().any(has);
    if !(has("route") && has("code") && placed && measured) {
        return Err(OtherSurveyErrorKind::Header { found: found() });
    }
    Ok(names)
}

/// One row, by names of columns.
struct Fields<'a> {
    names: &'a [String],
    record: &'a csv::StringRecord,
    /// Decimal commas.
    commas: bool,
    columns: Option<&'a Columns>,
}

impl<'a> Fields<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        let rank = self.names.iter().position(|it| it == name)?;
        self.record.get(rank).filter(|it| !it.is_empty())
    }

    /// A word of the survey sheet, from the customer's.
    fn word(&self, name: &str) -> Result<Option<&'a str>, String> {
        match (self.text(name), self.columns) {
            (Some(found), Some(columns)) => columns.ours(name, found).map(Some).map_err(|words| {
                let name = columns.name_of(name).unwrap_or(name);
                format!("{name}: found {found:?}, expected one of {words}")
            }),
            (found, _) => Ok(found),
        }
    }

    fn number(&self, name: &str) -> Result<Option<f64>, String> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let plain = if self.commas { text.replace(',', ".") } else { text.to_owned() };
        let number = plain.trim().parse().ok().filter(|it: &f64| it.is_finite() && *it >= 0.0);
        let wrong = || format!("{name}: found {text:?}, expected a number, nought or more");
        number.map(Some).ok_or_else(wrong)
    }
}

fn row(fields: &Fields<'_>, network: &Network, row: u64) -> Result<ImportedDefect, String> {
    let name = fields.text("route").ok_or("route: found nothing, expected the name of a road")?;
    let id = RoadId::new(name).map_err(|it| it.to_string())?;
    let side: Carriageway =
        fields.word("cote")?.unwrap_or("U").parse().map_err(|it| format!("cote: {it}"))?;
    let direction = match fields.word("sens")? {
        None => None,
        Some("+") => Some(Direction::Increasing),
        Some("-") => Some(Direction::Decreasing),
        Some(other) => return Err(format!("sens: found {other:?}, expected + or -, or nothing")),
    };
    let code = fields.word("code")?.ok_or("code: found nothing, expected a defect")?;
    let kind: DefectKind = code.parse().map_err(|it| format!("code: {it}"))?;
    let word = fields.word("gravite")?.unwrap_or("M");
    let severity: Severity = word.parse().map_err(|it| format!("gravite: {it}"))?;
    // A road in pieces: the one that holds the start.
    let pieces = network.roads().iter().enumerate();
    let pieces: Vec<_> = pieces.filter(|it| it.1.id == id && it.1.carriageway == side).collect();
    if pieces.is_empty() {
        return Err(format!("route: found {name:?} {}, no such road in the base", side.letter()));
    }
    let (start, end) = (fields.number("cumul_d")?, fields.number("cumul_f")?);
    let mut why =
        format!("found a place outside {name}, expected one between its first and last metre");
    for (road, it) in pieces {
        let (from, to) = match (start, end) {
            (Some(from), Some(to)) => (Metres::of(from), Metres::of(to)),
            _ => match at_pr(fields, it, "prd", "pad")
                .and_then(|from| Ok((from, at_pr(fields, it, "prf", "paf")?)))
            {
                Ok(found) => found,
                // Another piece of the road may have the PR.
                Err(other) => {
                    why = other;
                    continue;
                }
            },
        };
        if to < from {
            return Err(format!("found an end at {to}, before its start at {from}"));
        }
        if (it.cumul_start()..=it.cumul_end()).contains(&from) {
            let extent = extent(fields, to - from)?;
            let defect = Defect { kind, severity, extent };
            return Ok(ImportedDefect { row, road, direction, from, to, defect });
        }
    }
    Err(why)
}

/// How much, from the columns that say so; a share of the length stands for the length.
fn extent(fields: &Fields<'_>, whole: Metres) -> Result<Extent, String> {
    let length = fields.number("longueur_m")?;
    let (area, count) = (fields.number("surface_m2")?, fields.number("nb")?);
    match (count, length, area) {
        (Some(count), _, area) => Ok(Extent::Count(count, SquareMetres::of(area.unwrap_or(0.0)))),
        (None, Some(length), _) => Ok(Extent::Length(Metres::of(length))),
        (None, None, Some(area)) => Ok(Extent::Area(SquareMetres::of(area))),
        (None, None, None) => match fields.number("pct_long")? {
            Some(share) => Ok(Extent::Length(whole * (share / 100.0))),
            None => {
                Err("longueur_m, surface_m2, nb, pct_long: found nothing, expected one of them"
                    .to_owned())
            }
        },
    }
}

fn at_pr(fields: &Fields<'_>, road: &Road, pr: &str, abscisse: &str) -> Result<Metres, String> {
    let Some(number) = fields.number(pr)? else {
        return Err(format!(
            "{pr}: found nothing, expected a PR, or a place in cumul_d and cumul_f"
        ));
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked below")]
    let whole = number as u16;
    if f64::from(whole).to_bits() != number.to_bits() {
        return Err(format!("{pr}: found {number}, expected a whole number"));
    }
    let abscisse = Metres::of(fields.number(abscisse)?.unwrap_or(0.0));
    let found = road.cumul_of(PrAbscisse { pr: whole, abscisse });
    found.ok_or_else(|| format!("{pr}: found {whole}, expected a PR of {}", road.id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::releve::Sheet;
    use crate::io::rows::{Value, example};
    use proptest::prelude::*;

    fn read(text: &str) -> Reported<Vec<ImportedDefect>> {
        parse(text, "laser.csv", &example::network(), None).unwrap()
    }

    #[test]
    fn rows_by_cumul_and_by_pr_are_read() {
        let got = read(
            "route;cote;sens;prd;pad;prf;paf;cumul_d;cumul_f;code;gravite;longueur_m;surface_m2;nb\n\
             D1;U;+;;;;;10;60;OR;H;;12,5;\n\
             D1;U;;0;20;0;30;;;ravelling;L;;4;\n",
        );
        assert!(got.findings.is_empty(), "{:?}", got.findings);
        assert_eq!(got.value.len(), 2);
        let laser = &got.value[0];
        assert_eq!(
            (laser.defect.kind, laser.defect.severity),
            (DefectKind::Rutting, Severity::High)
        );
        assert_eq!(laser.defect.extent, Extent::Area(SquareMetres::of(12.5)));
        assert_eq!((laser.from, laser.to), (Metres::of(10.0), Metres::of(60.0)));
        assert_eq!(got.value[1].direction, None);
        assert_eq!(got.value[1].from, Metres::of(20.0));
    }

    #[test]
    fn a_bad_row_is_told_and_the_others_stay() {
        let got = read(
            "route,cumul_d,cumul_f,code,gravite,surface_m2\n\
             D1,0,5,OR,M,1\n\
             D404,0,5,OR,M,1\n\
             D1,0,5,crocodile,M,1\n\
             D1,9,5,OR,M,1\n\
             D1,0,5,OR,M,-3\n",
        );
        assert_eq!((got.value.len(), got.findings.len()), (1, 4));
        let told: Vec<String> = got.findings.iter().map(|it| format!("{:?}", it.kind)).collect();
        assert!(told[0].contains("no such road") && told[0].contains("row: \"3\""), "{told:?}");
        assert!(told[1].contains("alligator") && told[2].contains("before its start"), "{told:?}");
    }

    #[test]
    fn another_table_is_refused_with_its_columns() {
        let network = example::network();
        let found = parse("a,b\n1,2\n", "x.csv", &network, None).unwrap_err().to_string();
        assert!(found.contains("a, b"), "{found}");
    }

    /// The customer's file of the samples.
    fn sample() -> Columns {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/releve-m3.toml");
        Columns::read(Path::new(path)).unwrap()
    }

    #[test]
    fn bad_codes_missing_prs_and_unknown_columns_are_told_by_the_names_of_the_customer() {
        let columns = sample();
        let header = "Campagne;Route;Chaussée;PR début;Abscisse début;PR fin;Abscisse fin;\
                      Dégradation;Gravité;Longueur (m);Surface (m²);Nombre;% longueur;% surface;Avis";
        let text = format!(
            "{header}\r\n\
             2025;D1;U;0;0;0;200;FAI;2;;12,5;;;2,1;x\r\n\
             2025;D1;U;0;0;0;200;FA;2;;12,5;;;2,1;x\r\n\
             2025;D1;U;;0;0;200;FAI;2;;12,5;;;2,1;x\r\n\
             2025;D1;U;7;0;7;200;FAI;2;;12,5;;;2,1;x\r\n\
             2025;D1;U;0;0;0;200;FAI;4;;12,5;;;2,1;x\r\n\
             2025;D1;U;0;0;0;200;FT;1;;;;6,25;;x\r\n"
        );
        let got = parse(&text, "m3.csv", &example::network(), Some(&columns)).unwrap();
        assert_eq!(got.value.len(), 2);
        assert_eq!(got.value[0].defect.kind, DefectKind::AlligatorCracking);
        // 6.25 % of 200 m.
        assert_eq!(got.value[1].defect.extent, Extent::Length(Metres::of(12.5)));
        let told: Vec<String> = got.findings.iter().map(|it| format!("{:?}", it.kind)).collect();
        let expected = [
            "ColumnUnknown { name: \"Avis\" }",
            "Dégradation: found \\\"FA\\\", expected one of FL",
            "prd: found nothing, expected a PR",
            "prd: found 7, expected a PR of D1",
            "Gravité: found \\\"4\\\", expected one of 1, 2, 3",
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.contains(expected), "{expected} is not in {told}");
        }
        let lacking = text.replace("Gravité", "Niveau");
        let refused = parse(&lacking, "m3.csv", &example::network(), Some(&columns)).unwrap_err();
        assert!(refused.to_string().ends_with("expected also Gravité"), "{refused}");
    }

    /// The names of the values that a base gives for the relevé.
    const NAMES: [&str; 11] = [
        "route",
        "cote",
        "prd",
        "pad",
        "prf",
        "paf",
        "code",
        "gravite",
        "longueur_m",
        "surface_m2",
        "nb",
    ];

    fn values(it: &ImportedDefect, network: &Network) -> Vec<Value> {
        let road = &network.roads()[it.road];
        let at = |place| road.reference_at(place).unwrap();
        let (start, end) = (at(it.from), at(it.to));
        let count = match it.defect.extent {
            Extent::Count(count, _) => Some(count),
            _ => None,
        };
        vec![
            road.id.as_str().into(),
            road.carriageway.letter().into(),
            start.pr.into(),
            start.abscisse.into(),
            end.pr.into(),
            end.abscisse.into(),
            it.defect.kind.code().into(),
            it.defect.severity.code().into(),
            it.defect.extent.length().into(),
            it.defect.extent.area().into(),
            count.into(),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_by_the_customers_columns_is_read_back(
            rows in prop::collection::vec((0..14_usize, 0..3_usize, 0..1100_u32, 0..40_u32, 0..3_u8), 0..20),
            turn in 0..11_usize,
            separator in prop::sample::select(vec![";", "|", "\t", ","]),
            bom in any::<bool>(),
        ) {
            let network = example::network();
            let decimal = if separator == "," { "." } else { "," };
            let mut text = format!("separator = {separator:?}\ndecimal = {decimal:?}\nbom = {bom}\n");
            for rank in 0..NAMES.len() {
                let held = NAMES[(rank + turn) % NAMES.len()];
                let decimals = if held == "surface_m2" { "decimals = 3\n" } else { "" };
                text += format!("[[column]]\nname = \"C{rank}, \\\"é\\\"\"\nholds = {held:?}\n{decimals}").as_str();
            }
            text += "[codes]\nFA = \"a;b,c\"\nNP = \"FA\"\n[severities]\nL = \"1\"\nM = \"2\"\nH = \"3\"\n";
            let columns = Columns::parse(&text).unwrap();
            let rows: Vec<_> = (2..).zip(rows).map(|(row, (kind, severity, from, much, measure))| {
                let (from, much) = (f64::from(from) / 2.0, f64::from(much) / 4.0);
                let extent = match measure {
                    0 => Extent::Length(Metres::of(much)),
                    1 => Extent::Area(SquareMetres::of(much)),
                    _ => Extent::Count(much, SquareMetres::of(much / 2.0)),
                };
                ImportedDefect {
                    row,
                    road: 0,
                    direction: None,
                    from: Metres::of(from),
                    to: Metres::of(from + 50.0),
                    defect: Defect { kind: DefectKind::ALL[kind], severity: Severity::ALL[severity], extent },
                }
            }).collect();
            let mut bytes = Vec::new();
            let mut sheet = Sheet::new(&mut bytes, &columns, &NAMES).unwrap();
            for row in &rows {
                sheet.put(&values(row, &network)).unwrap();
            }
            sheet.finish().unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let read = super::parse(&text, "releve.csv", &network, Some(&columns)).unwrap();
            prop_assert_eq!(read.findings, vec![]);
            prop_assert_eq!(read.value, rows);
        }
    }
}
