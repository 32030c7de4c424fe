//! The catalogue of works, line by line.

use super::fields::{Fields, Problem, number, numbers, shown};
use crate::domain::{
    Catalogue, DefectBound, DefectKind, Effect, Envelope, Euros, Places, PricedOn, Ratio, Score,
    Severity, Treatment, TreatmentKind, Trigger,
};
use std::collections::BTreeSet;
use std::str::FromStr;
use toml::{Table, Value};

/// Dearest price taken for a square metre.
/// Chosen: ten times the dearest works of the default catalogue; above, the unit is surely wrong.
const DEAREST: f64 = 450.0;

/// Longest rest, in years. Chosen: past any horizon.
const LONGEST_REST: i64 = 60;

/// Reads `[[treatment]]`.
///
/// # Errors
///
/// Every problem found.
pub fn parse_catalogue(root: &Table) -> Result<Catalogue, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    let mut fields = Fields::new(root, "", &mut problems);
    let treatments = fields.tables("treatment", |it| {
        let read = treatment(it);
        if let Some(name) = read.as_ref().map(|it| &it.name)
            && !names.insert(name.clone())
        {
            it.refuse("name", format!("{name:?} a second time"), "a name of its own");
        }
        read
    });
    match treatments {
        Some(treatments) if problems.is_empty() => Ok(Catalogue { treatments }),
        _ => Err(problems),
    }
}

fn treatment(fields: &mut Fields<'_, '_>) -> Option<Treatment> {
    let name = fields.text("name").map(str::to_owned);
    let kind = one_of(fields, "kind", &TreatmentKind::ALL.map(|it| (it.word(), it)));
    let envelopes = [Envelope::Investment, Envelope::Maintenance].map(|it| (it.word(), it));
    let envelope = one_of(fields, "envelope", &envelopes);
    let price = fields.number("price_eur_per_m2", 0.01, DEAREST);
    let trigger = trigger(fields);
    let priced_on = priced_on(fields, trigger.as_ref());
    let co2 = fields.optional("co2_kg_per_m2", "kg of CO2 equivalent, 0 to 1000", None, |it| {
        number(it).filter(|it| (0.0..=1000.0).contains(it)).map(Some)
    });
    let effect = effect(fields);
    let slows = fields.optional("slows", "a factor from 0 to 2", 1.0, |it| {
        number(it).filter(|it| (0.0..=2.0).contains(it))
    });
    let rest = fields.whole("rest_years", 0, LONGEST_REST);
    Some(Treatment {
        name: name?,
        kind: kind?,
        envelope: envelope?,
        price_per_m2: Euros::rounded(price?),
        priced_on: priced_on?,
        co2_kg_per_m2: co2?,
        trigger: trigger?,
        effect: effect?,
        slows: slows?,
        rest_years: u32::try_from(rest?).ok()?,
    })
}

fn trigger(fields: &mut Fields<'_, '_>) -> Option<Trigger> {
    let notes = fields.required("notes", "two notes from 0 to 20, the lower first", |it| {
        let [from, to] = numbers(it)?;
        Some((Score::new(from).ok()?, Score::new(to).ok()?)).filter(|(from, to)| from <= to)
    });
    let categories =
        fields.optional("categories", "a list of road categories, 0 to 255", vec![], |it| {
            let category = |it: &Value| u8::try_from(it.as_integer()?).ok();
            it.as_array()?.iter().map(category).collect()
        });
    let places = places(fields);
    let defects = if fields.get("defects").is_some() {
        fields.tables("defects", bound)
    } else {
        Some(Vec::new())
    };
    for (rank, it) in defects.iter().flatten().enumerate() {
        if let Some(other) = defects.iter().flatten().find(|other| contradicts(it, other)) {
            let found =
                format!("at least {}, and of all of them at most {}", it.at_least, other.at_most);
            let expected = "conditions that can hold together: these works could never come";
            fields.refuse(&format!("defects[{}].percent", rank + 1), found, expected);
        }
    }
    let (note_from, note_to) = notes?;
    Some(Trigger {
        note_from,
        note_to,
        categories: categories?,
        places: places?,
        defects: defects?,
    })
}

fn places(fields: &mut Fields<'_, '_>) -> Option<Places> {
    let mut names = |key| {
        let expected = "a list of names of municipalities or sectors, or INSEE codes";
        fields.optional(key, expected, vec![], |it| {
            let name = |it: &Value| it.as_str().filter(|it| !it.is_empty()).map(str::to_owned);
            it.as_array()?.iter().map(name).collect::<Option<Vec<_>>>()
        })
    };
    let places = Places { only_in: names("only_in")?, not_in: names("not_in")? };
    if let Some(both) = places.only_in.iter().find(|it| places.not_in.contains(it)) {
        fields.refuse("not_in", format!("{both:?}, which only_in names too"), "other places");
        return None;
    }
    Some(places)
}

/// Whether a condition asks for more than another, on the same defects and others, allows.
fn contradicts(it: &DefectBound, other: &DefectBound) -> bool {
    it.at_least > other.at_most && it.pairs().all(|(kind, severity)| other.counts(kind, severity))
}

fn bound(fields: &mut Fields<'_, '_>) -> Option<DefectBound> {
    let kinds = words(fields, "kinds", DefectKind::ALL, DefectKind::word);
    let severities = if fields.get("severities").is_some() {
        words(fields, "severities", Severity::ALL, Severity::word)
    } else {
        Some(Severity::ALL.to_vec())
    };
    let percent = fields.required("percent", "two shares from 0 to 100, the lower first", |it| {
        let [from, to]: [f64; 2] = numbers(it)?;
        let ratio = |it: f64| Ratio::new(it / 100.0).ok();
        Some((ratio(from)?, ratio(to)?)).filter(|(from, to)| from <= to)
    });
    let (at_least, at_most) = percent?;
    Some(DefectBound { kinds: kinds?, severities: severities?, at_least, at_most })
}

fn priced_on(fields: &mut Fields<'_, '_>, trigger: Option<&Trigger>) -> Option<PricedOn> {
    if fields.get("priced_on").is_none() {
        return Some(PricedOn::Section);
    }
    let bases = [("section", PricedOn::Section), ("defects", PricedOn::Defects)];
    let priced_on = one_of(fields, "priced_on", &bases)?;
    let seen =
        trigger.and_then(|it| it.defects.first()).is_some_and(|it| it.at_least > Ratio::ZERO);
    if priced_on == PricedOn::Defects && trigger.is_some() && !seen {
        fields.refuse(
            "priced_on",
            "\"defects\"",
            "a first condition in defects whose percent starts above 0",
        );
        return None;
    }
    Some(priced_on)
}

fn effect(fields: &mut Fields<'_, '_>) -> Option<Effect> {
    match (fields.get("leaves").is_some(), fields.get("keeps").is_some()) {
        (true, false) => fields.number("leaves", 0.0, 20.0).map(|leaves| Effect::Renews { leaves }),
        (false, true) => {
            let keeps = fields.number("keeps", 0.0, 1.0)?;
            Some(Effect::Lessens { keeps: Ratio::clamped(keeps) })
        }
        (both, _) => {
            let found = if both { "leaves and keeps" } else { "neither leaves nor keeps" };
            fields.refuse("leaves", found, "leaves for a renewal, or keeps for upkeep");
            None
        }
    }
}

/// A word that names one of the choices.
pub(super) fn one_of<T: Copy>(
    fields: &mut Fields<'_, '_>,
    key: &str,
    choices: &[(&str, T)],
) -> Option<T> {
    let known: Vec<_> = choices.iter().map(|it| it.0).collect();
    fields.required(key, &format!("one of {}", known.join(", ")), |it| {
        let word = it.as_str()?;
        choices.iter().find(|it| it.0 == word).map(|it| it.1)
    })
}

/// A list of words, at least one; each wrong word is told.
fn words<T: FromStr + Copy>(
    fields: &mut Fields<'_, '_>,
    key: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Option<Vec<T>> {
    let known: Vec<_> = all.iter().map(|it| word(*it)).collect();
    let expected = format!("one of {}", known.join(", "));
    let nonempty = |it: &Value| it.as_array().filter(|it| !it.is_empty()).cloned();
    let list = fields.required(key, "a list with at least one word", nonempty)?;
    let mut read = Vec::new();
    for (rank, item) in list.iter().enumerate() {
        match item.as_str().and_then(|it| it.parse().ok()) {
            Some(it) => read.push(it),
            None => fields.refuse(&format!("{key}[{}]", rank + 1), shown(item), expected.as_str()),
        }
    }
    (read.len() == list.len()).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"
        [[treatment]]
        name = "Purges"
        kind = "patching"
        envelope = "maintenance"
        price_eur_per_m2 = "40,50"
        priced_on = "defects"
        notes = [6, 18]
        categories = [2, 3]
        defects = [{ kinds = ["alligator_cracking"], severities = ["high"], percent = [0.1, 10] }]
        keeps = 0.35
        rest_years = 7
    "#;

    fn refusals(text: &str) -> Vec<String> {
        let root: Table = text.parse().unwrap();
        parse_catalogue(&root).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_line_is_read_whole() {
        let read = parse_catalogue(&LINE.parse().unwrap()).unwrap().treatments.remove(0);
        assert_eq!((read.price_per_m2, read.rest_years), (Euros::from_cents(4050), 7));
        assert_eq!(read.effect, Effect::Lessens { keeps: Ratio::clamped(0.35) });
        assert_eq!((read.priced_on, read.kind), (PricedOn::Defects, TreatmentKind::Patching));
        assert_eq!(read.trigger.categories, [2, 3]);
        let bound = &read.trigger.defects[0];
        assert_eq!((bound.at_least, bound.at_most), (Ratio::clamped(0.001), Ratio::clamped(0.1)));
        assert!((read.slows - 1.0).abs() < 1e-12);
        assert_eq!(read.co2_kg_per_m2, None);
        assert_eq!(read.trigger.places, Places::default());
        let there = "only_in = [\"Comminges\"]\nnot_in = [\"31042\", \"Luchon\"]\nrest_years";
        let there = LINE.replace("rest_years", there);
        let read = parse_catalogue(&there.parse().unwrap()).unwrap().treatments.remove(0);
        let places = read.trigger.places;
        assert_eq!(
            (places.only_in.join(" "), places.not_in.join(" ")),
            ("Comminges".into(), "31042 Luchon".into())
        );
        let known = LINE.replace("rest_years", "co2_kg_per_m2 = \"7,1\"\nrest_years");
        let read = parse_catalogue(&known.parse().unwrap()).unwrap().treatments.remove(0);
        assert_eq!(read.co2_kg_per_m2, Some(7.1));
    }

    #[test]
    fn places_that_are_none_are_told() {
        let with =
            |places: &str| refusals(&LINE.replace("rest_years", &format!("{places}\nrest_years")));
        assert_eq!(
            with("not_in = [31042]"),
            [
                "treatment[1].not_in: found [31042], expected a list of names of municipalities or sectors, or INSEE codes"
            ]
        );
        assert_eq!(
            with("only_in = [\"Muret\"]\nnot_in = [\"Muret\"]"),
            [
                "treatment[1].not_in: found \"Muret\", which only_in names too, expected other places"
            ]
        );
    }

    #[test]
    fn every_fault_of_a_line_is_told() {
        let faults = LINE
            .replace("\"patching\"", "\"pathching\"")
            .replace("\"40,50\"", "\"40 euros\"")
            .replace("[6, 18]", "[18, 6]")
            .replace("alligator_cracking", "crocodile")
            .replace("rest_years", "rest");
        assert_eq!(
            refusals(&faults),
            [
                "treatment[1].kind: found \"pathching\", expected one of crack_sealing, patching, surface_dressing, thin_overlay, mill_and_inlay, structural_overlay, reconstruction",
                "treatment[1].price_eur_per_m2: found \"40 euros\", expected a number from 0.01 to 450",
                "treatment[1].notes: found [18, 6], expected two notes from 0 to 20, the lower first",
                "treatment[1].defects[1].kinds[1]: found \"crocodile\", expected one of longitudinal_cracking, non_wheel_path_cracking, edge_cracking, transverse_cracking, alligator_cracking, block_cracking, rutting, depression, pothole, ravelling, polishing, bleeding, patching, other_repair",
                "treatment[1].rest_years: found nothing, expected a whole number from 0 to 60",
                "treatment[1].rest: found an unknown key, expected one of categories, co2_kg_per_m2, defects, envelope, keeps, kind, leaves, name, not_in, notes, only_in, price_eur_per_m2, priced_on, rest_years, slows",
            ]
        );
    }

    #[test]
    fn contradictions_are_refused() {
        let cases = [
            (LINE.replace("keeps = 0.35", ""), "found neither leaves nor keeps"),
            (LINE.replace("keeps = 0.35", "keeps = 0.35\nleaves = 1"), "found leaves and keeps"),
            (LINE.replace("[0.1, 10]", "[0, 10]"), "whose percent starts above 0"),
            (
                LINE.replace(
                    "[0.1, 10] }",
                    "[5, 10] }, { kinds = [\"alligator_cracking\"], percent = [0, 2] }",
                ),
                "found at least 5.0 %, and of all of them at most 2.0 %, expected conditions that can hold together",
            ),
            (format!("{LINE}{LINE}"), "\"Purges\" a second time"),
            (String::new(), "treatment: found nothing, expected a list of tables"),
        ];
        for (text, want) in cases {
            let told = refusals(&text);
            assert!(told.len() == 1 && told[0].contains(want), "{want}: {told:?}");
        }
    }
}
