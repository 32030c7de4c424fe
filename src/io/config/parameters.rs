//! Settings of the notes, of ageing and of works, from their tables of the configuration.
//!
//! Each function takes the root table, reads its own tables only, and lists every problem found.

mod fields;
mod plan;
mod plan_doubt;
mod treatments;

pub use fields::{Fields, Problem, number, numbers, shown};
pub use plan::parse_plan;
pub use plan_doubt::parse_plan_doubt;
pub use treatments::parse_catalogue;

use crate::domain::{
    AgeingLaw, Correction, Curve, Curves, DefectKind, Doubt, Homogeneity, MOST_CHARGED, Metres,
    NoteClass, NoteClasses, Ratio, Score, ScoringGrid, SectionCuts, SectionOrigin, Severity,
};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// Longest programme, in years. Chosen: twice the longest life of works in the catalogue.
pub const LONGEST_HORIZON: i64 = 60;

/// First years that are taken. Chosen: anything else is a typing error.
pub const FIRST_YEARS: (i64, i64) = (1950, 2200);

/// Reads `[scoring]` and, for the classes, `[[class]]`.
///
/// # Errors
///
/// Every problem found.
pub fn parse_grid(root: &Table) -> Result<ScoringGrid, Vec<Problem>> {
    let mut problems = Vec::new();
    let classes = parse_classes(root);
    let grid = Fields::new(root, "", &mut problems).table("scoring").and_then(|mut fields| {
        let kappa = fields.number("kappa", 0.0, 10.0);
        let least_coverage = fields.number("least_coverage", 0.0, 1.0);
        let pitch = fields.number("section_pitch_m", 5.0, 5000.0);
        let origin = fields.text("section_from").and_then(|it| match it {
            "cumul" => Some(SectionOrigin::Cumul),
            "pr" => Some(SectionOrigin::Pr),
            other => {
                fields.refuse("section_from", format!("{other:?}"), "\"cumul\" or \"pr\"");
                None
            }
        });
        let cuts = cuts(&mut fields);
        let alike = fields.table("homogeneous").and_then(|mut it| homogeneity(&mut it));
        let corrections = corrections(&mut fields);
        let curves = fields.table("curves").and_then(|mut it| curves(&mut it));
        let doubt = fields.table("doubt").and_then(|mut it| doubt(&mut it));
        fields.refuse_the_rest();
        Some((
            kappa?,
            least_coverage?,
            (pitch?, origin?, cuts?, alike?),
            corrections?,
            curves?,
            doubt?,
        ))
    });
    let (Ok(classes), Some(read), true) = (&classes, grid, problems.is_empty()) else {
        problems.extend(classes.err().into_iter().flatten());
        return Err(problems);
    };
    let (kappa, least_coverage, (pitch, origin, cuts, alike), corrections, curves, doubt) = read;
    Ok(ScoringGrid {
        curves,
        corrections,
        kappa,
        least_coverage: Ratio::clamped(least_coverage),
        section_pitch: Metres::of(pitch),
        section_origin: origin,
        section_cuts: cuts,
        homogeneity: alike,
        classes: classes.clone(),
        doubt,
    })
}

fn cuts(fields: &mut Fields<'_, '_>) -> Option<SectionCuts> {
    let expected = "a list of \"municipality\" and \"sector\", which may be empty";
    fields.required("section_cut_at", expected, |it| {
        let mut cuts = SectionCuts::default();
        for word in it.as_array()? {
            match word.as_str()? {
                "municipality" => cuts.municipalities = true,
                "sector" => cuts.sectors = true,
                _ => return None,
            }
        }
        Some(cuts)
    })
}

fn homogeneity(fields: &mut Fields<'_, '_>) -> Option<Homogeneity> {
    let least_length = fields.number("least_length_m", 10.0, 5000.0);
    let penalty = fields.number("penalty", 0.0, 1000.0);
    let least_noise = fields.number("least_noise", 0.01, 20.0);
    fields.refuse_the_rest();
    Some(Homogeneity {
        least_length: Metres::of(least_length?),
        penalty: penalty?,
        least_noise: least_noise?,
    })
}

fn doubt(fields: &mut Fields<'_, '_>) -> Option<Doubt> {
    let level = fields.number("level", 0.5, 0.999);
    let draws = fields.whole("draws", 20, 10_000);
    let crack_sd = fields.number("crack_sd", 0.0, 3.0);
    let pothole_sd = fields.number("pothole_sd", 0.0, 3.0);
    let missed_cracks = fields.number("missed_cracks_m_per_100_m2", 0.0, 100.0);
    let missed_potholes = fields.number("missed_potholes_per_100_m2", 0.0, 10.0);
    let unseen_sd = fields.number("unseen_sd", 0.0, 3.0);
    fields.refuse_the_rest();
    Some(Doubt {
        level: level?,
        draws: usize::try_from(draws?).ok()?,
        crack_sd: crack_sd?,
        pothole_sd: pothole_sd?,
        missed_cracks: missed_cracks?,
        missed_potholes: missed_potholes?,
        unseen_sd: unseen_sd?,
    })
}

fn corrections(fields: &mut Fields<'_, '_>) -> Option<[Correction; MOST_CHARGED]> {
    let rows = fields.required("corrections", "seven rows of p0, p1, p2", |it| {
        let rows: Option<Vec<[f64; 3]>> = it.as_array()?.iter().map(numbers).collect();
        rows.filter(|it| it.len() == MOST_CHARGED)
    })?;
    let mut read = Vec::new();
    for (rank, [p0, p1, p2]) in rows.into_iter().enumerate() {
        match Correction::new(p0, p1, p2) {
            Ok(correction) => read.push(correction),
            Err(error) => fields.refuse(
                &format!("corrections[{}]", rank + 1),
                format!("[{p0}, {p1}, {p2}]"),
                format!("a parabola that never falls: {error}"),
            ),
        }
    }
    read.try_into().ok()
}

fn curves(fields: &mut Fields<'_, '_>) -> Option<Curves> {
    let mut read = BTreeMap::new();
    for kind in DefectKind::ALL {
        let Some(mut severities) = fields.table(kind.word()) else { continue };
        for severity in Severity::ALL {
            let expected = "a, b, c with c > 0 and b >= -4 c, or c = 0 and b > 0";
            let curve = severities.required(severity.word(), expected, |it| {
                let [a, b, c] = numbers(it)?;
                Curve::new(a, b, c).ok()
            });
            read.extend(curve.map(|it| ((*kind, *severity), it)));
        }
        severities.refuse_the_rest();
    }
    fields.refuse_the_rest();
    let complete = read.len() == DefectKind::ALL.len() * Severity::ALL.len();
    complete.then(|| Curves::from_fn(|kind, severity| read[&(kind, severity)]))
}

/// Reads `[[class]]`: at least one, best first, the last from 0.
///
/// # Errors
///
/// Every problem found.
pub fn parse_classes(root: &Table) -> Result<NoteClasses, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut fields = Fields::new(root, "", &mut problems);
    let mut names = BTreeSet::new();
    let mut above = None;
    let classes = fields.tables("class", |it| {
        let name = it.text("name").map(str::to_owned);
        let from = it.required("from", "a note from 0 to 20", |it| Score::new(number(it)?).ok());
        let colour = it.required("colour", "a colour such as #1a9850", |it| {
            let hex = it.as_str()?.strip_prefix('#')?;
            let good = hex.len() == 6 && hex.bytes().all(|it| it.is_ascii_hexdigit());
            good.then(|| format!("#{hex}"))
        });
        if let Some(name) = name.as_ref().filter(|name| !names.insert((*name).clone())) {
            it.refuse("name", format!("{name:?} a second time"), "a name of its own");
        }
        if let (Some(from), Some(above)) = (from, above)
            && from >= above
        {
            it.refuse("from", from.points().to_string(), format!("less than {}", above.points()));
        }
        above = from.or(above);
        Some(NoteClass { name: name?, from: from?, colour: colour? })
    });
    match classes.as_deref().map(<[NoteClass]>::last) {
        Some(None) => fields.refuse("class", "no class", "at least one"),
        Some(Some(last)) if last.from > Score::WORST => {
            fields.refuse(
                "class",
                format!("a last class from {}", last.from),
                "a last class from 0",
            );
        }
        _ => {}
    }
    match classes {
        Some(classes) if problems.is_empty() => Ok(NoteClasses(classes)),
        _ => Err(problems),
    }
}

/// Reads `[ageing]`.
///
/// # Errors
///
/// Every problem found.
pub fn parse_ageing(root: &Table) -> Result<AgeingLaw, Vec<Problem>> {
    let mut problems = Vec::new();
    let law = Fields::new(root, "", &mut problems).table("ageing").and_then(|mut fields| {
        let lambda_old = fields.number("lambda_old", 0.0, 5.0);
        let lambda_renewed = fields.number("lambda_renewed", 0.0, 5.0);
        let beta = fields.number("beta", 0.0, 5.0);
        let factors = fields.optional(
            "category_factors",
            "factors from 0 to 10 by road category, such as { 1 = 1.2 }",
            BTreeMap::new(),
            |it| it.as_table()?.iter().map(factor).collect(),
        );
        fields.refuse_the_rest();
        Some(AgeingLaw {
            lambda_old: lambda_old?,
            lambda_renewed: lambda_renewed?,
            beta: beta?,
            category_factors: factors?,
        })
    });
    law.filter(|_| problems.is_empty()).ok_or(problems)
}

fn factor((category, value): (&String, &Value)) -> Option<(u8, f64)> {
    let factor = number(value).filter(|it| (0.0..=10.0).contains(it))?;
    Some((category.parse().ok()?, factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Table {
        include_str!("../defaults.toml").parse().unwrap()
    }

    fn told<T>(read: Result<T, Vec<Problem>>) -> Vec<String> {
        read.err().into_iter().flatten().map(|it| it.to_string()).collect()
    }

    #[test]
    fn the_defaults_are_the_published_grid() {
        assert_eq!(parse_grid(&defaults()), Ok(ScoringGrid::example()));
    }

    #[test]
    fn the_other_defaults_are_read() {
        let law = parse_ageing(&defaults()).unwrap();
        assert!((law.lambda(1, true) - 0.1729).abs() < 1e-12);
        assert!(parse_catalogue(&defaults()).unwrap().treatments.len() > 10);
    }

    #[test]
    fn every_problem_of_the_grid_is_told() {
        let mut root = defaults();
        let faults: Table = r#"
            kappa = "beaucoup"
            least_coverage = 50
            section_pitch_m = 200
            section_from = "cumul"
            corrections = [[0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, -1]]
            curve = 3
            [doubt]
            level = 2
        "#
        .parse()
        .unwrap();
        let mut curves = root["scoring"]["curves"].as_table().unwrap().clone();
        curves["pothole"]["low"] = Value::from(vec![1.0, 2.0]);
        curves.remove("rutting");
        curves.insert("nids".into(), Value::from(1));
        let scoring = root["scoring"].as_table_mut().unwrap();
        *scoring = faults;
        scoring.insert("curves".into(), Value::Table(curves));
        root["class"].as_array_mut().unwrap().pop();
        let told = told(parse_grid(&root));
        let places: Vec<_> = told.iter().map(|it| it.split(':').next().unwrap()).collect();
        assert_eq!(
            places,
            [
                "scoring.kappa",
                "scoring.least_coverage",
                "scoring.section_cut_at",
                "scoring.homogeneous",
                "scoring.corrections[7]",
                "scoring.curves.rutting",
                "scoring.curves.pothole.low",
                "scoring.curves.nids",
                "scoring.doubt.level",
                "scoring.doubt.draws",
                "scoring.doubt.crack_sd",
                "scoring.doubt.pothole_sd",
                "scoring.doubt.missed_cracks_m_per_100_m2",
                "scoring.doubt.missed_potholes_per_100_m2",
                "scoring.doubt.unseen_sd",
                "scoring.curve",
                "class",
            ],
            "{told:#?}"
        );
        assert_eq!(told[1], "scoring.least_coverage: found 50, expected a number from 0 to 1");
    }

    #[test]
    fn classes_go_down_to_nothing() {
        let cases = [
            ("class = []", "class: found no class, expected at least one"),
            ("", "class: found nothing, expected a list of tables"),
            (
                "[[class]]\nname=\"A\"\nfrom=2\ncolour=\"#000000\"",
                "class: found a last class from 2.0, expected a last class from 0",
            ),
            (
                "[[class]]\nname=\"A\"\nfrom=0\ncolour=\"red\"",
                "class[1].colour: found \"red\", expected a colour such as #1a9850",
            ),
            (
                "[[class]]\nname=\"A\"\nfrom=5\ncolour=\"#000000\"\n[[class]]\nname=\"A\"\nfrom=0\ncolour=\"#000000\"",
                "class[2].name: found \"A\" a second time, expected a name of its own",
            ),
            (
                "[[class]]\nname=\"A\"\nfrom=0\ncolour=\"#000000\"\n[[class]]\nname=\"B\"\nfrom=0\ncolour=\"#000000\"",
                "class[2].from: found 0, expected less than 0",
            ),
        ];
        for (text, want) in cases {
            assert_eq!(told(parse_classes(&text.parse().unwrap())), [want], "{text}");
        }
    }

    #[test]
    fn ageing_has_bounds() {
        let root: Table =
            "[ageing]\nlambda_old=-1\nlambda_renewed=0.1\nbeta=0.2\ncategory_factors={a=1}"
                .parse()
                .unwrap();
        assert_eq!(
            told(parse_ageing(&root)),
            [
                "ageing.lambda_old: found -1, expected a number from 0 to 5",
                "ageing.category_factors: found a table, expected factors from 0 to 10 by road category, such as { 1 = 1.2 }",
            ]
        );
    }
}
