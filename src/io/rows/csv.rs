//! Tables as CSV: UTF-8, commas, decimal points, CRLF (RFC 4180), provenance in the last columns.

use super::table::{Table, Value};
use super::{
    SectionDefectRow, coverage_of, defects, engineers_table, fans_of, frames, homogeneous,
    scenario_doubts, scenario_fans, scenario_years, section_coverage, section_defects, sections,
    works, works_of, years_of,
};
use crate::domain::{
    DefectKind, Indicators, Network, NoteClasses, Outlook, Programme, Prospect, Provenance,
    SectionRating, Survey,
};
use crate::io::atomic::{WriteError, write_with};
use std::path::Path;

/// Characters of the configuration's SHA-256 that each row carries.
///
/// Chosen: 12 hexadecimal digits tell apart any configurations a department will ever have; the
/// whole hash is in the base.
const HASH_DIGITS: usize = 12;

/// As much of the hash of the configuration as a row carries.
#[must_use]
pub(crate) fn short_hash(provenance: &Provenance) -> String {
    provenance.configuration.chars().take(HASH_DIGITS).collect()
}

/// Writes a table.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write<'r, T: 'r>(
    path: &Path,
    table: &Table<'_, T>,
    rows: impl IntoIterator<Item = &'r T>,
    provenance: &Provenance,
) -> Result<(), WriteError> {
    let hash = short_hash(provenance);
    write_with(path, |out| {
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        let names = table.columns.iter().map(|it| it.name.as_ref());
        csv.write_record(names.chain(["version", "configuration"]))?;
        for row in rows {
            for column in &table.columns {
                csv.write_field(text_of(column.of(row).rounded(column.kind)))?;
            }
            csv.write_record([&provenance.version, &hash])?;
        }
        csv.flush()
    })
}

fn text_of(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text,
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
    }
}

/// Writes every defect, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_defects(
    path: &Path,
    network: &Network,
    survey: &Survey,
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &defects(network, survey), &survey.defects, provenance)
}

/// Writes every kept frame, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_frames(
    path: &Path,
    network: &Network,
    survey: &Survey,
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &frames(network), &survey.frames, provenance)
}

/// Writes every section with its notes, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_sections(
    path: &Path,
    network: &Network,
    ratings: &[SectionRating],
    classes: &NoteClasses,
    seen: &[DefectKind],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &sections(network, classes, seen), ratings, provenance)
}

/// Writes the survey sheet: each kind and severity of defect over each section, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_section_defects(
    path: &Path,
    network: &Network,
    ratings: &[SectionRating],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    let rows: Vec<_> = ratings
        .iter()
        .flat_map(|rating| {
            rating.distress.defects.iter().map(move |defect| SectionDefectRow { rating, defect })
        })
        .collect();
    write(path, &section_defects(network), &rows, provenance)
}

/// Writes every stretch of alike condition with its notes, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_homogeneous(
    path: &Path,
    network: &Network,
    stretches: &[SectionRating],
    classes: &NoteClasses,
    seen: &[DefectKind],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &homogeneous(network, classes, seen), stretches, provenance)
}

/// Writes how much of each section was seen, and why the rest was not, one state a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_coverage(
    path: &Path,
    network: &Network,
    ratings: &[SectionRating],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &section_coverage(network), &coverage_of(ratings), provenance)
}

/// Writes the engineers' table of scenarios, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_scenarios(
    path: &Path,
    indicators: &[Indicators],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &engineers_table(), indicators, provenance)
}

/// Writes what may become of the network under each scenario, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_scenario_doubts(
    path: &Path,
    prospects: &[Prospect],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &scenario_doubts(prospects), prospects, provenance)
}

/// Writes how the note may go under each scenario, one year a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_scenario_fans(
    path: &Path,
    prospects: &[Prospect],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &scenario_fans(), &fans_of(prospects), provenance)
}

/// Writes the works of every scenario, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_programme(
    path: &Path,
    network: &Network,
    ratings: &[SectionRating],
    programmes: &[Programme],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &works(network), &works_of(ratings, programmes), provenance)
}

/// Writes every year of every scenario, one a row.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_scenario_years(
    path: &Path,
    programmes: &[Programme],
    outlooks: &[Outlook],
    classes: &NoteClasses,
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, &scenario_years(classes), &years_of(programmes, outlooks), provenance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;
    use std::fs;

    fn written(fill: impl FnOnce(&Path)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        fill(&path);
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn sections_nobody_filmed_have_empty_notes_and_a_reason() {
        let text = written(|path| {
            let seen = [DefectKind::AlligatorCracking, DefectKind::Pothole];
            let (network, classes) = (example::network(), example::classes());
            let ratings = example::ratings();
            write_sections(path, &network, &ratings, &classes, &seen, &example::provenance())
                .unwrap();
        });
        let lines: Vec<_> = text.split_terminator("\r\n").collect();
        assert_eq!(
            lines[0],
            "id,route,cote,categorie,secteur,insee,commune,prd,pad,prf,paf,cumul_d,cumul_f,longueur_m,largeur_m,\
             surface_m2,ng,np,nu,ng_min,ng_max,classe,part_valide,part_ecartee,doute_camera,\
             observee_m2,motif,motif_libelle,refus,passages,part_revue,vu_le,def_fa_m2,def_np_nb,version,configuration"
        );
        assert_eq!(
            lines[1],
            "D1-U-000000,D1,U,2,REVEL,31451,Revel,0,0,0,200,0,200,200,6,1200,10.9,11,19,10.9,10.9,E,0.9,0.05,0,540,,,\
             blurred:2 wet:1,2,0.25,2025-06-12T08:00:00.250Z,54,3,0.1.0,0123456789ab"
        );
        assert_eq!(
            lines[3],
            "D1-U-000400,D1,U,2,REVEL,,,0,400,0,600,400,600,200,6,1200,,,,,,,0,0,0,0,not_filmed,\
             non filmée,,0,0,,,,0.1.0,0123456789ab"
        );
    }

    #[test]
    fn the_survey_sheet_gives_shares_of_length_and_area() {
        let text = written(|path| {
            let (network, ratings) = (example::network(), example::ratings());
            write_section_defects(path, &network, &ratings, &example::provenance()).unwrap();
        });
        let first = text.lines().nth(1).unwrap();
        assert_eq!(
            first,
            "D1-U-000000,D1,U,0,0,0,200,0,200,FL,fissures longitudinales en bande de roulement,M,12.5,6.25,,6.25,1.16,90,\
             0.1.0,0123456789ab"
        );
    }

    #[test]
    fn each_section_says_how_much_was_seen_and_why_not_the_rest() {
        let text = written(|path| {
            let (network, ratings) = (example::network(), example::ratings());
            write_coverage(path, &network, &ratings, &example::provenance()).unwrap();
        });
        let lines: Vec<_> = text.split_terminator("\r\n").take(4).collect();
        let head =
            "section,route,cote,prd,pad,prf,paf,cumul_d,cumul_f,etat,libelle,longueur_m,part";
        assert!(lines[0].starts_with(head), "{}", lines[0]);
        let start = "D1-U-000000,D1,U,0,0,0,200,0,200";
        for (line, end) in lines[1..].iter().zip([
            "valid,utilisable,180,0.9",
            "blurred,floue,10,0.05",
            "not_filmed,non filmée,10,0.05",
        ]) {
            assert_eq!(*line, format!("{start},{end},0.1.0,0123456789ab"));
        }
    }

    #[test]
    fn words_with_commas_and_quotes_come_back_as_they_were() {
        let text = written(|path| {
            write_scenarios(path, &example::indicators(), &example::provenance()).unwrap();
        });
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<_> = reader.records().map(|it| it.unwrap()).collect();
        assert_eq!(&rows[0][1], "0,5+0,1");
        assert_eq!(&rows[0][13], "« référence », dit \"s01\"");
    }

    #[test]
    fn defects_name_the_frame_that_shows_them() {
        let text = written(|path| {
            let (network, survey) = (example::network(), example::survey());
            write_defects(path, &network, &survey, &example::provenance()).unwrap();
        });
        let row = text.lines().nth(1).unwrap();
        assert!(row.contains(",FA,faïençage,M,,54,,"), "{row}");
        assert!(row.contains("a.mp4,11,2,"), "{row}");
    }
}
