//! Two versions of one referential: tables converted, surveys imported and compared across them.

use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;
use voirie::domain::{Direction, Metres, Network, Provenance, RoadCell, Survey, Validity};
use voirie::io::geopackage::Base;
use voirie::io::network::{Referential, read};

/// Degrees of latitude that make some seven metres.
const ASIDE: f64 = 6.3e-5;

/// D907 of some 1,600 m; D2 beside, D3 farther north.
const OLD: &[(&str, &str, &[[f64; 2]])] = &[
    ("D907", "U", &[[1.40, 43.60], [1.41, 43.60], [1.42, 43.60]]),
    ("D2", "U", &[[1.40, 43.61], [1.42, 43.61]]),
    ("D3", "U", &[[1.40, 43.62], [1.42, 43.62]]),
];

/// D907 is renamed from its middle, D2 is divided, D3 is gone.
const NEW: &[(&str, &str, &[[f64; 2]])] = &[
    ("D907", "U", &[[1.40, 43.60], [1.41, 43.60]]),
    ("D907B", "U", &[[1.41, 43.60], [1.42, 43.60]]),
    ("D2", "D", &[[1.40, 43.61 - ASIDE], [1.42, 43.61 - ASIDE]]),
    ("D2", "G", &[[1.40, 43.61 + ASIDE], [1.42, 43.61 + ASIDE]]),
];

struct Folder(TempDir);

struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    /// A folder with both networks and their PR.
    fn new() -> Self {
        let it = Self(TempDir::new().expect("a temporary folder"));
        it.put("old.geojson", &geojson(OLD));
        it.put("new.geojson", &geojson(NEW));
        it.put("old.csv", "route,pr,cumul_m\nD907,0,0\nD907,1,600\nD2,0,0\nD3,0,0\n");
        // PR 10 heads 300 m, 11 is missing; D907B is counted from its own start.
        it.put(
            "new.csv",
            "route,cote,pr,cumul_m\nD907,,10,0\nD907,,12,300\nD907B,,0,0\nD2,D,0,0\nD2,G,0,0\n",
        );
        it
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).expect("a temporary folder can be written to");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    fn voirie(&self, arguments: &str) -> Done {
        let done = Command::new(env!("CARGO_BIN_EXE_voirie"))
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("messages are UTF-8");
        Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    fn network(&self, name: &str, prs: &str, version: Option<&str>) -> Network {
        let version = version.map(|it| it.parse().expect("a version"));
        let wanted = Referential { version, ..Referential::default() };
        read(&self.at(name), Some(&self.at(prs)), &wanted).expect("a network").value
    }

    /// A base whose one survey filmed some metres of the first road, both ways.
    fn base(&self, name: &str, network: &Network) {
        let cell = |rank: u32, direction| RoadCell {
            road: 0,
            direction,
            from: Metres::of(5.0 * f64::from(rank)),
            to: Metres::of(5.0 * f64::from(rank + 1)),
            validity: Validity::Valid,
            n_frames: 1,
            n_drives: None,
            newest: None,
            geometry: 0.0,
            defects: Vec::new(),
        };
        let both = [Direction::Increasing, Direction::Decreasing];
        let cells = both.iter().flat_map(|way| (0..100).map(|rank| cell(rank, *way))).collect();
        let survey = Survey { cells, ..Survey::default() };
        let provenance = Provenance { version: "0.1.0".into(), ..Provenance::default() };
        let mut base = Base::create(&self.at(name), &provenance).expect("a base");
        base.write_network(network).expect("its network");
        base.write_survey(network, &survey).expect("its survey");
        base.finish().expect("a whole base");
    }
}

fn geojson(roads: &[(&str, &str, &[[f64; 2]])]) -> String {
    let feature = |(route, cote, line): &(&str, &str, &[[f64; 2]])| {
        format!(
            r#"{{"type":"Feature","properties":{{"route":"{route}","cote":"{cote}","largeur_m":6,"voies":2,"categorie":2,"secteur":"REVEL","cumul_debut_m":0}},"geometry":{{"type":"LineString","coordinates":{line:?}}}}}"#
        )
    };
    let features: Vec<String> = roads.iter().map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

const NETWORKS: &str = "--from old.geojson --from-prs old.csv --to new.geojson --to-prs new.csv \
                        --from-version 2019-01-01 --to-version 2024-01-01";

#[test]
fn a_list_of_works_is_brought_to_the_new_version_and_what_has_no_place_is_told() {
    let folder = Folder::new();
    folder.put(
        "works.csv",
        "an;route;cote;sens;prd;pad;prf;paf;travaux\n\
         2021;D907;U;;0;100;0;250,5;\"a;b\"\n\
         2021;D907;U;;0;250;1;100;bb\n\
         2021;D907;U;;0;700;1;400;cc\n\
         2021;D2;U;-;0;100;0;300;dd\n\
         2021;D2;U;;0;100;0;300;ee\n\
         2021;D3;U;;0;100;0;300;ff\n\
         2021;D9;U;;0;100;0;300;gg\n\
         2021;D907;U;;7;0;7;5;hh\n\
         2021;D907;U;;0;x;0;5;ii\n",
    );
    let done = folder.voirie(&format!("convert works.csv {NETWORKS} -o new-works.csv --lang en"));
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.out.starts_with("2019-01-01 → 2024-01-01"), "{}", done.out);
    for told in ["moved: 2", "split: 1", "carriageway: 2", "without a place: 4"] {
        assert!(done.out.contains(told), "{told} is not in {}", done.out);
    }
    for told in [
        "works.csv: row 7, D3 U 0+100 – 0+300: the new network has no D3",
        "works.csv: row 8, 2021 D9 U  0 100 0 300 gg: the old network has no road D9 U",
        "works.csv: row 9, 2021 D907 U  7 0 7 5 hh: the old D907 U has no PR 7",
        "row 10, 2021 D907 U  0 x 0 5 ii: pad: found \"x\", expected metres",
    ] {
        assert!(done.err.contains(told), "{told} is not in {}", done.err);
    }
    let text = folder.text("new-works.csv");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[0],
        "an;route;cote;sens;prd;pad;prf;paf;travaux;old_reference;distance_m;share;verdict"
    );
    assert_eq!(
        rows[1],
        "2021;D907;U;;10;100;10;250,5;\"a;b\";D907 U 0+100 – 0+250;0,00;1,0000;moved"
    );
    assert!(rows[2].starts_with("2021;D907;U;;10;250;12;400;bb;"), "{}", rows[2]);
    // The stretch that the new name parts: its ends meet where the roads do.
    let cells = |row: usize| -> Vec<&str> { rows[row].split(';').collect() };
    let (a, b) = (cells(3), cells(4));
    assert_eq!((a[1], &a[4..6], a[6]), ("D907", &["12", "400"][..], "12"));
    assert_eq!((b[1], &b[4..6], b[6]), ("D907B", &["0", "0"][..], "0"));
    let metres = |text: &str| text.replace(',', ".").parse::<f64>().expect("metres");
    assert!((metres(a[7]) - 400.0 + metres(b[7]) - 300.0).abs() < 0.01, "{a:?} {b:?}");
    assert!((metres(a[11]) + metres(b[11]) - 1.0).abs() < 2e-4, "{a:?} {b:?}");
    assert_eq!((a[12], b[12]), ("split", "split"));
    // Traffic says which carriageway; without it, both have half.
    assert!(rows[5].starts_with("2021;D2;G;-;0;") && rows[5].ends_with("1,0000;carriageway"));
    assert!(rows[6].starts_with("2021;D2;D;;0;") && rows[6].ends_with("0,5000;carriageway"));
    assert!(rows[7].starts_with("2021;D2;G;;0;"), "{}", rows[7]);
    assert_eq!(rows.len(), 8);
    let distance = metres(cells(5)[10]);
    assert!((6.5..7.5).contains(&distance), "{distance}");
}

#[test]
fn a_releve_of_the_customers_own_columns_is_brought_over_whole() {
    let folder = Folder::new();
    let columns = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/releve-m3.toml");
    let header = "Campagne;Route;Chaussée;PR début;Abscisse début;PR fin;Abscisse fin;\
                  Dégradation;Gravité;Longueur (m);Surface (m²);Nombre;% longueur;% surface";
    let text = format!("\u{feff}{header}\r\n2019;D907;U;0;0,0;0;200,0;FAI;2;;12,5;;;2,1\r\n");
    folder.put("m3.csv", &text);
    let done =
        folder.voirie(&format!("convert m3.csv {NETWORKS} --columns {columns} -o out.csv --quiet"));
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.err);
    assert_eq!(
        folder.text("out.csv"),
        format!(
            "\u{feff}{header};sens;ancien_repere;ecart_m;part;verdict\r\n\
             2019;D907;U;10;0,0;10;200,0;FAI;2;;12,5;;;2,1;;D907 U 0+000 – 0+200;0,00;1,0000;recalé\r\n"
        )
    );
}

#[test]
fn bad_arguments_and_tables_are_refused() {
    let folder = Folder::new();
    folder.put("works.csv", "a;b\n1;2\n");
    let cases = [
        (format!("convert works.csv {NETWORKS}"), 4, "found columns \"a, b\"; expected also route"),
        (format!("convert none.csv {NETWORKS}"), 3, "none.csv"),
        (format!("convert works.csv {NETWORKS} --reach-m 0"), 2, "expected 1 to 200 metres"),
        (NETWORKS.replace("2019-01-01", "2019") + " convert works.csv", 2, "unexpected argument"),
        (
            format!("convert works.csv {NETWORKS}").replace("2019-01-01", "2019"),
            2,
            "found \"2019\", expected a date",
        ),
    ];
    for (arguments, code, told) in cases {
        let done = folder.voirie(&arguments);
        assert_eq!(done.code, Some(code), "{arguments}: {}", done.err);
        assert!(done.err.contains(told), "{told} is not in {}", done.err);
    }
    assert!(!folder.at("converted.csv").exists());
}

#[test]
fn bases_of_two_versions_are_not_mixed_silently() {
    let folder = Folder::new();
    let old = folder.network("old.geojson", "old.csv", Some("2019-01-01"));
    let new = folder.network("new.geojson", "new.csv", Some("2024-01-01"));
    folder.base("old.gpkg", &old);
    folder.base("new.gpkg", &new);
    let read = Base::open(&folder.at("new.gpkg")).expect("a base").read_network();
    assert_eq!(read.expect("its network").version(), new.version());
    let done = folder.voirie("compare old.gpkg new.gpkg --lang en");
    assert_eq!(done.code, Some(1), "{}", done.err);
    let told = "new.gpkg: different versions of the referential: 2019-01-01 and 2024-01-01";
    assert!(done.err.contains(told), "{}", done.err);
    let same = folder.voirie("compare old.gpkg old.gpkg --lang en");
    assert_eq!((same.code, same.err.as_str()), (Some(0), ""));

    // Old references, PR 0 where PR 10 is now. Half of the second row lies on D907B, 300 m of it.
    folder.put(
        "laser.csv",
        "route;prd;pad;prf;paf;code;surface_m2\nD907;0;100;0;200;OR;12\nD3;0;0;0;9;OR;1\n",
    );
    let mixed = folder.voirie("import new.gpkg laser.csv --tables-version 2019-01-01 --lang en");
    assert_eq!(mixed.code, Some(1));
    let told = "laser.csv: different versions of the referential: 2019-01-01 and 2024-01-01";
    assert!(mixed.err.contains(told), "{}", mixed.err);
    folder.base("new.gpkg", &new);
    let carried = folder.voirie("import new.gpkg laser.csv --from old.gpkg --lang en");
    assert_eq!(carried.code, Some(1), "{}", carried.err);
    assert!(carried.out.contains("1 rows taken"), "{}", carried.out);
    assert!(
        carried.err.contains("laser.csv: row 3, D3 U 0+000 – 0+009: the new"),
        "{}",
        carried.err
    );
    let base = Base::open(&folder.at("new.gpkg")).expect("a base");
    let network = base.read_network().expect("its network");
    assert_eq!(network.version(), new.version());
    let survey = base.read_survey(&network).expect("its survey");
    let area: f64 =
        survey.cells.iter().flat_map(|it| &it.defects).map(|it| it.extent.area().get()).sum();
    assert!((area - 12.0).abs() < 1e-6, "{area}");
    let again = folder.voirie("import new.gpkg laser.csv --from new.gpkg --lang en");
    assert_eq!(again.code, Some(2), "{}", again.err);
}
