//! What is written comes back as it was.

use super::{Base, Step};
use crate::domain::{DefectKind, Metres, Network, SectionRating, Survey, Validity};
use crate::io::rows::example;
use rusqlite::Connection;
use std::error::Error;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const SEEN: [DefectKind; 2] = [DefectKind::AlligatorCracking, DefectKind::Pothole];

fn write_ratings(base: &mut Base, network: &Network, ratings: &[SectionRating]) {
    let (means, classes) = (example::aggregates(), example::classes());
    base.write_ratings(network, ratings, &means, &classes, &SEEN).unwrap();
}

fn write_all(path: &Path) {
    let (network, ratings) = (example::network(), example::ratings());
    let mut base = Base::create(path, &example::provenance()).unwrap();
    base.write_network(&network).unwrap();
    base.write_survey(&network, &example::survey()).unwrap();
    base.write_findings(Step::Survey, &example::findings()).unwrap();
    write_ratings(&mut base, &network, &ratings);
    let (programmes, indicators) = (example::programmes(), example::indicators());
    base.write_programmes(&network, &ratings, &programmes, (&indicators, &[]), &example::classes())
        .unwrap();
    base.finish().unwrap();
}

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.gpkg");
    (folder, path)
}

fn count(path: &Path, table: &str) -> u32 {
    let sql = format!("SELECT count(*) FROM \"{table}\"");
    Connection::open(path).unwrap().query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// Changes one value behind our back.
fn tamper(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// What the user reads, one cause after the other.
fn chain(error: &dyn Error) -> String {
    let cause = error.source().map(|it| format!(": {}", chain(it)));
    format!("{error}{}", cause.unwrap_or_default())
}

#[test]
fn everything_comes_back_as_it_was() {
    let (_folder, path) = folder();
    write_all(&path);
    let base = Base::open(&path).unwrap();
    let network = base.read_network().unwrap();
    assert_eq!(network, example::network());
    assert_eq!(base.read_survey(&network).unwrap(), example::survey());
    assert_eq!(base.read_sections(&network).unwrap(), example::ratings());
    assert_eq!(base.read_provenance(Step::Plan).unwrap(), Some(example::provenance()));
}

#[test]
fn the_same_values_give_the_same_bytes() {
    let ((_one, first), (_two, second)) = (folder(), folder());
    write_all(&first);
    write_all(&second);
    assert!(fs::read(&first).unwrap() == fs::read(&second).unwrap());
}

#[test]
fn new_notes_replace_the_old_and_remove_the_programmes_made_from_them() {
    let (_folder, path) = folder();
    write_all(&path);
    assert_eq!(count(&path, "programme"), 1);
    let network = example::network();
    let ratings = &example::ratings()[1..];
    let mut newer = example::provenance();
    newer.version = "0.2.0".into();
    let mut base = Base::update(&path, &newer).unwrap();
    write_ratings(&mut base, &network, ratings);
    // Nothing shows before the end.
    assert_eq!(count(&path, "sections"), 3);
    base.finish().unwrap();

    let base = Base::open(&path).unwrap();
    assert_eq!(base.read_sections(&network).unwrap(), ratings);
    assert_eq!(base.read_survey(&network).unwrap(), example::survey());
    assert_eq!(base.read_provenance(Step::Plan).unwrap(), None);
    assert_eq!(base.read_provenance(Step::Score).unwrap(), Some(newer));
    assert_eq!(base.read_provenance(Step::Survey).unwrap(), Some(example::provenance()));
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%programme%'";
    let left: u32 = Connection::open(&path).unwrap().query_row(tables, [], |it| it.get(0)).unwrap();
    assert_eq!(left, 0);
    assert_eq!(count(&path, "findings"), 2);
}

#[test]
fn a_base_given_up_leaves_the_old_one_and_nothing_else() {
    let (folder, path) = folder();
    write_all(&path);
    let before = fs::read(&path).unwrap();
    let mut base = Base::update(&path, &example::provenance()).unwrap();
    write_ratings(&mut base, &example::network(), &[]);
    drop(base);
    assert!(fs::read(&path).unwrap() == before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_row_that_means_nothing_is_named_with_its_table_and_column() {
    let cases = [
        (
            // Two triggers need functions that only spatial programs have.
            "DROP TRIGGER rtree_frames_geom_update3; DROP TRIGGER rtree_frames_geom_update4; \
             UPDATE frames SET validite = 'sunny' WHERE fid = 3",
            "table frames, row 3, column validite: found \"sunny\", expected valid, too_small, \
             too_large, too_dark, over_exposed, blurred, noisy, lane_not_seen, lane_misshapen, \
             obstructed, snow_covered, wet, dirty_windscreen",
        ),
        (
            "UPDATE cell_defects SET maille = 9 WHERE fid = 1",
            "table cell_defects, row 1, column maille: found 9, expected 1 to 2, as in cells",
        ),
        (
            "DROP TRIGGER rtree_cells_geom_update3; DROP TRIGGER rtree_cells_geom_update4; \
             UPDATE cells SET route = 'D9' WHERE fid = 2",
            "table cells, row 2, column route: found \"D9\", expected a road of the network, with \
             its carriageway",
        ),
        (
            "DROP TRIGGER rtree_cells_geom_update3; DROP TRIGGER rtree_cells_geom_update4; \
             UPDATE cells SET cumul_f = 'far' WHERE fid = 1",
            "table cells, row 1, column cumul_f: found \"far\", expected a finite number",
        ),
        ("ALTER TABLE clips DROP COLUMN perdu_m", "table clips: column perdu_m is missing"),
        ("DROP TABLE clips", "table clips is missing; `voirie survey` writes it"),
    ];
    for (sql, want) in cases {
        let (_folder, path) = folder();
        write_all(&path);
        tamper(&path, sql);
        let base = Base::open(&path).unwrap();
        let refused = base.read_survey(&example::network()).unwrap_err();
        let said = chain(&refused);
        assert!(said.ends_with(want), "{sql}: {said}");
        assert!(said.contains("base.gpkg"), "{said}");
    }
}

/// Makes of a base of today what format 3 was: no drives, no dates, no metres by reason.
const TO_FORMAT_3: &str = "
CREATE TABLE kept AS SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'
  AND (tbl_name = 'cells' OR tbl_name = 'sections');
DROP TRIGGER rtree_cells_geom_insert; DROP TRIGGER rtree_cells_geom_update1;
DROP TRIGGER rtree_cells_geom_update2; DROP TRIGGER rtree_cells_geom_update3;
DROP TRIGGER rtree_cells_geom_update4; DROP TRIGGER rtree_cells_geom_delete;
DROP TRIGGER rtree_sections_geom_insert; DROP TRIGGER rtree_sections_geom_update1;
DROP TRIGGER rtree_sections_geom_update2; DROP TRIGGER rtree_sections_geom_update3;
DROP TRIGGER rtree_sections_geom_update4; DROP TRIGGER rtree_sections_geom_delete;
ALTER TABLE cells DROP COLUMN passages;
ALTER TABLE cells DROP COLUMN vu_le;
ALTER TABLE sections DROP COLUMN passages;
ALTER TABLE sections DROP COLUMN part_revue;
ALTER TABLE sections DROP COLUMN vu_le;
DROP TABLE section_coverage;
DELETE FROM gpkg_contents WHERE table_name = 'section_coverage';
DELETE FROM gpkg_data_columns WHERE table_name = 'section_coverage'
  OR column_name IN ('passages', 'part_revue', 'vu_le');
UPDATE provenance SET valeur = '3' WHERE cle = 'format';
";

/// Puts back the triggers that hinder a change of columns, and ends the change to format 3.
fn to_format_3(path: &Path) {
    tamper(path, TO_FORMAT_3);
    let connection = Connection::open(path).unwrap();
    let mut select = connection.prepare("SELECT sql FROM kept").unwrap();
    let triggers: Vec<String> =
        select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    for trigger in triggers {
        connection.execute_batch(&trigger).unwrap();
    }
    connection.execute_batch("DROP TABLE kept").unwrap();
}

/// The example as bases of formats 2 and 3 hold it.
fn older_survey() -> Survey {
    let mut survey = example::survey();
    for cell in &mut survey.cells {
        (cell.n_drives, cell.newest) = (None, None);
    }
    survey
}

/// The same of its notes: metres refused by reason are those of the cells.
fn older_ratings() -> Vec<SectionRating> {
    let mut ratings = example::ratings();
    for (rank, rating) in ratings.iter_mut().enumerate() {
        rating.distress.drives = None;
        for refusal in &mut rating.distress.refused {
            let told = rank == 0 && refusal.reason == Validity::Blurred;
            refusal.length = Metres::of(if told { 5.0 } else { 0.0 });
        }
    }
    ratings
}

#[test]
fn a_base_of_format_3_is_read_as_it_is_and_brought_up_to_date_when_it_changes() {
    let (_folder, path) = folder();
    write_all(&path);
    to_format_3(&path);
    let old = fs::read(&path).unwrap();
    let base = Base::open(&path).unwrap();
    let network = base.read_network().unwrap();
    assert_eq!(base.read_survey(&network).unwrap(), older_survey());
    assert_eq!(base.read_sections(&network).unwrap(), older_ratings());
    assert!(fs::read(&path).unwrap() == old, "reading changed the base");
    drop(base);

    // New programmes leave the notes as they are.
    let mut base = Base::update(&path, &example::provenance()).unwrap();
    base.write_programmes(&network, &older_ratings(), &[], (&[], &[]), &example::classes())
        .unwrap();
    base.finish().unwrap();
    let base = Base::open(&path).unwrap();
    assert_eq!(base.read_survey(&network).unwrap(), older_survey());
    assert_eq!(base.read_sections(&network).unwrap(), older_ratings());
    let tables = base.tables().unwrap();
    let has = |table: &str, column: &str| {
        let table = tables.iter().find(|it| it.name == table).unwrap();
        table.fields.iter().any(|it| it.name == column && !it.words.is_empty())
    };
    assert!(has("cells", "passages") && has("cells", "vu_le") && has("sections", "part_revue"));
    assert_eq!(count(&path, "section_coverage"), 6);
}

/// Makes of a base of format 3 what format 2 was: cells without geometry and state, no campaign.
const TO_FORMAT_2: &str = r#"
CREATE TABLE older AS SELECT fid, route, cote, sens, cumul_d, cumul_f, validite, images, doute_camera
  FROM cells ORDER BY fid;
DROP TABLE rtree_cells_geom;
DROP TABLE cells;
CREATE TABLE "cells" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "route" TEXT, "cote" TEXT,
  "sens" TEXT, "cumul_d" REAL, "cumul_f" REAL, "validite" TEXT, "images" INTEGER, "doute_camera" REAL);
INSERT INTO cells SELECT * FROM older;
DROP TABLE older;
DROP TABLE campagnes;
DELETE FROM gpkg_extensions WHERE table_name = 'cells';
DELETE FROM gpkg_geometry_columns WHERE table_name = 'cells';
DELETE FROM layer_styles WHERE f_table_name = 'cells';
UPDATE gpkg_contents SET data_type = 'attributes', min_x = NULL, min_y = NULL, max_x = NULL,
  max_y = NULL, srs_id = NULL WHERE table_name = 'cells';
DELETE FROM gpkg_data_columns WHERE table_name = 'campagnes'
  OR table_name = 'cells' AND column_name = 'etat';
DELETE FROM gpkg_contents WHERE table_name = 'campagnes';
UPDATE provenance SET valeur = '2' WHERE cle = 'format';
"#;

#[test]
fn a_base_of_format_2_is_read_as_it_is_and_brought_up_to_date_when_it_changes() {
    let (_folder, path) = folder();
    write_all(&path);
    let today = fs::read(&path).unwrap();
    to_format_3(&path);
    tamper(&path, TO_FORMAT_2);
    let old = fs::read(&path).unwrap();
    let base = Base::open(&path).unwrap();
    let network = base.read_network().unwrap();
    assert_eq!(base.read_survey(&network).unwrap(), older_survey());
    assert_eq!(base.read_sections(&network).unwrap(), older_ratings());
    let drawn = |path: &Path, table: &str| {
        let tables = Base::open(path).unwrap().tables().unwrap();
        tables.iter().find(|it| it.name == table).map(|it| (it.drawing, it.n_drawn))
    };
    assert_eq!(drawn(&path, "cells"), Some((None, 0)));
    assert_eq!(drawn(&path, "campagnes"), None);
    assert!(fs::read(&path).unwrap() == old, "reading changed the base");

    let mut base = Base::update(&path, &example::provenance()).unwrap();
    write_ratings(&mut base, &network, &example::ratings());
    base.finish().unwrap();
    assert_eq!(drawn(&path, "cells"), Some((Some(super::Drawing::Lines), 2)));
    assert_eq!(drawn(&path, "campagnes"), Some((None, 0)));
    let name = "SELECT nom || ' ' || debut FROM campagnes";
    let name: String =
        Connection::open(&path).unwrap().query_row(name, [], |row| row.get(0)).unwrap();
    assert_eq!(name, "base 2025-06-12T08:00:00.400Z");
    let of = "SELECT count(*) FROM provenance WHERE cle = 'format' AND valeur <> '4'";
    let left: u32 = Connection::open(&path).unwrap().query_row(of, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    let base = Base::open(&path).unwrap();
    assert_eq!(base.read_survey(&network).unwrap(), older_survey());
    assert!(today.len() > old.len() / 2);
}

#[test]
fn any_table_is_read_as_its_catalogue_says() {
    let (_folder, path) = folder();
    write_all(&path);
    let base = Base::open(&path).unwrap();
    let tables = base.tables().unwrap();
    let names: Vec<_> = tables.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names[..5], ["network", "pr", "territoires", "campagnes", "clips"]);
    assert_eq!(names[names.len() - 2..], ["findings", "provenance"]);
    let frames = tables.iter().find(|it| it.name == "frames").unwrap();
    assert_eq!((frames.n_rows, frames.n_drawn), (3, 3));
    let instant = frames.fields.iter().position(|it| it.holds == super::Holds::Instant).unwrap();
    assert_eq!(frames.fields[instant].words, "heure UTC");
    let mut rows = Vec::new();
    let mut take = |row| {
        rows.push(row);
        Ok(())
    };
    base.each_row(frames, &mut take).unwrap();
    let super::TableRow { fid, geometry, values } = &rows[1];
    assert_eq!((*fid, geometry.as_ref().unwrap().points().len()), (2, 1));
    assert_eq!(values[instant], crate::io::rows::Value::Text("2025-06-12T08:00:00.400Z".into()));

    tamper(&path, "UPDATE clips SET images = 'many' WHERE fid = 1");
    let base = Base::open(&path).unwrap();
    let clips = tables.iter().find(|it| it.name == "clips").unwrap();
    let refused = base.each_row(clips, &mut |_| Ok(())).unwrap_err();
    let said = chain(&refused);
    assert!(
        said.ends_with(
            "table clips, row 1, column images: found \"many\", expected a whole number"
        ),
        "{said}"
    );
}

#[test]
fn what_is_not_a_base_is_refused() {
    let (_folder, path) = folder();
    let said = |path: &Path| chain(&Base::open(path).unwrap_err());
    assert!(said(&path).contains("No such file"), "{}", said(&path));
    fs::write(&path, b"fid,route\r\n1,D1\r\n").unwrap();
    assert!(said(&path).contains("not a base of this program"), "{}", said(&path));
    fs::write(&path, b"").unwrap();
    assert!(said(&path).contains("another SQLite file"), "{}", said(&path));
    fs::remove_file(&path).unwrap();
    write_all(&path);
    tamper(&path, "UPDATE provenance SET valeur = '7' WHERE cle = 'format'");
    assert!(said(&path).ends_with("table provenance: found format 7, expected 2 to 4"));
}

#[test]
fn a_damaged_base_is_an_error_not_a_panic() {
    let (_folder, path) = folder();
    write_all(&path);
    let whole = fs::read(&path).unwrap();
    // Damage at many places, a fixed stride apart; none may panic.
    for start in (100..whole.len()).step_by(4099) {
        let mut bytes = whole.clone();
        for (step, byte) in (0_u8..).zip(&mut bytes[start..(start + 64).min(whole.len())]) {
            *byte ^= step.wrapping_mul(37) | 1;
        }
        fs::write(&path, &bytes).unwrap();
        if let Ok(base) = Base::open(&path) {
            let network = example::network();
            let _either = base.read_network();
            let _either = base.read_survey(&network);
            let _either = base.read_sections(&network);
        }
    }
}

#[test]
fn roads_in_pieces_keep_their_markers_and_their_frames() {
    let (_folder, path) = folder();
    let whole = example::network();
    let road = &whole.roads()[0];
    let piece = |from: f64, to: f64| {
        let (from, to) = (Metres::of(from), Metres::of(to));
        let marks = road.marks().iter().filter(|it| it.cumul >= from && it.cumul < to);
        crate::domain::Road::new(
            road.id.clone(),
            road.carriageway,
            road.category,
            road.sector.clone(),
            road.width,
            road.lanes,
            road.piece(from, to),
            from,
            marks.copied().collect(),
        )
        .unwrap()
    };
    let network = Network::new(vec![piece(15.0, 600.0), piece(0.0, 15.0)])
        .of_version(Some("2024-01-01 PR reset".parse().unwrap()));
    let mut survey = example::survey();
    survey.cells.clear();
    survey.defects.clear();
    survey.frames[1].place.as_mut().unwrap().road = 1;
    let mut base = Base::create(&path, &example::provenance()).unwrap();
    base.write_network(&network).unwrap();
    base.write_survey(&network, &survey).unwrap();
    base.finish().unwrap();
    let base = Base::open(&path).unwrap();
    assert_eq!(base.read_network().unwrap(), network);
    assert_eq!(base.read_survey(&network).unwrap(), survey);
}
