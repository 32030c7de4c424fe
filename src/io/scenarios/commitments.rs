//! What is decided already: `[[imposed]]` and `[[frozen]]`.

use super::excerpt::Fault;
use super::table::{PlacedTable, inside};
use super::{FIRST_YEARS, HORIZONS};
use crate::domain::{
    Commitments, Decision, Envelopes, Euros, Frozen, ImposedWorks, OnStretch, SectionId,
    WrittenStretch,
};
use toml::Spanned;

const SECTION: &str = "the name of a section, such as \"D12-U-003200\"";
const STRETCH: &str = "a road and two PR with abscisses, such as \"D817 12+300 à 13+100\"";
const COST: &str = "an amount such as \"85 k€\", all included";

/// The commitments of a file.
pub(super) fn commitments(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Commitments {
    let mut all = Commitments::default();
    for_each(
        table,
        "imposed",
        "a table with a section, a year and a treatment",
        faults,
        |it, faults| {
            let Some((place, works)) = imposed(it, faults) else { return };
            match place {
                At::Section(section) => all.imposed.push(ImposedWorks { section, ..works }),
                At::Stretch(stretch) => all.stretches.push(OnStretch {
                    stretch,
                    what: Decision::Imposed {
                        year: works.year,
                        treatment: works.treatment,
                        cost: works.cost,
                    },
                    after: all.imposed.len(),
                }),
            }
        },
    );
    for_each(table, "frozen", "a table with a section and years", faults, |it, faults| {
        let read = match frozen(it, faults) {
            None => return,
            Some((At::Section(section), years)) => Frozen { section, years },
            Some((At::Stretch(stretch), years)) => {
                let (what, after) = (Decision::Frozen(years), all.imposed.len());
                all.stretches.push(OnStretch { stretch, what, after });
                return;
            }
        };
        if all.frozen.iter().any(|it| it.section == read.section)
            && let Some(place) = it.get("section")
        {
            faults.push(it.wrong(place, "a section that is not frozen already"));
        }
        all.frozen.push(read);
    });
    all
}

fn for_each<'i>(
    table: &PlacedTable<'_, 'i>,
    key: &str,
    expected: &str,
    faults: &mut Vec<Fault>,
    mut read: impl FnMut(&PlacedTable<'_, 'i>, &mut Vec<Fault>),
) {
    let Some(list) = table.get(key) else { return };
    let Some(items) = list.get_ref().as_array() else {
        faults.push(table.wrong(list, &format!("[[{key}]], once for each")));
        return;
    };
    for item in items {
        match item.get_ref().as_table() {
            Some(inner) => {
                let inner = PlacedTable { source: table.source, table: inner, span: item.span() };
                read(&inner, faults);
            }
            None => faults.push(table.wrong(item, expected)),
        }
    }
}

/// Where something is decided.
enum At {
    Section(SectionId),
    Stretch(WrittenStretch),
}

fn at(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Option<At> {
    let Some(place) = table.get("stretch") else {
        return Some(At::Section(SectionId::from_text(table.text("section", SECTION, faults)?)));
    };
    if table.get("section").is_some() {
        faults.push(table.wrong(place, "either section or stretch, not both"));
        return None;
    }
    let text = table.text("stretch", STRETCH, faults)?;
    let read = text.parse().map(At::Stretch);
    if read.is_err() {
        faults.push(table.wrong(place, STRETCH));
    }
    read.ok()
}

/// Where, and the works of a section that is still to be named.
fn imposed(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Option<(At, ImposedWorks)> {
    table.only(&["section", "stretch", "year", "treatment", "cost"], faults);
    let place = at(table, faults);
    let treatment = table.text("treatment", "the name of a treatment of the catalogue", faults);
    let year = year(table, "year", faults);
    let before = faults.len();
    let cost = cost(table, faults);
    (faults.len() == before).then_some(())?;
    let (section, treatment) = (SectionId::from_text(""), treatment?.to_owned());
    Some((place?, ImposedWorks { section, year: year?, treatment, cost }))
}

fn cost(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Option<Euros> {
    let place = table.get("cost")?;
    let text = table.text("cost", COST, faults)?;
    match text.parse::<Envelopes>() {
        Ok(it) if it.maintenance == Euros::ZERO => Some(it.investment),
        Ok(_) => {
            faults.push(table.wrong(place, COST));
            None
        }
        Err(error) => {
            let range = inside(table.source, place, error.at..error.at + error.len);
            faults.push(Fault::at(table.source, range, error.to_string()));
            None
        }
    }
}

fn frozen(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Option<(At, (i32, i32))> {
    table.only(&["section", "stretch", "from", "to"], faults);
    let place = at(table, faults);
    let (from, to) = (year(table, "from", faults)?, year(table, "to", faults)?);
    if to < from {
        let what = format!("found the last year {to}, expected one from {from} on");
        faults.push(Fault::at(table.source, table.get("to")?.span(), what));
        return None;
    }
    Some((place?, (from, to)))
}

/// A year that must be said.
fn year(table: &PlacedTable<'_, '_>, key: &str, faults: &mut Vec<Fault>) -> Option<i32> {
    if table.get(key).map(Spanned::span).is_none() {
        let what = format!("found no {key}, expected a year such as 2028");
        faults.push(Fault::at(table.source, table.span.clone(), what));
        return None;
    }
    let years = (FIRST_YEARS.0, FIRST_YEARS.1 + HORIZONS.1);
    let before = faults.len();
    let year = table.whole(key, years, 0, faults);
    if faults.len() == before { i32::try_from(year).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::domain::{
        Commitments, Decision, Euros, Frozen, ImposedWorks, PlanYears, SectionId, SelectionRule,
    };

    const YEARS: PlanYears = PlanYears { first_year: 2026, horizon: 3 };

    fn read(text: &str) -> Result<Commitments, String> {
        let whole = format!("{text}\n[[scenario]]\nname = \"a\"\nbudget = \"1\"\n");
        parse(&whole, YEARS, SelectionRule::WorstFirst)
            .map(|it| it.commitments)
            .map_err(|it| it.to_string())
    }

    #[test]
    fn works_are_imposed_and_sections_left_alone() {
        let got = read(
            "[[imposed]]\nsection = \"D1-U-000000\"\nyear = 2027\ntreatment = \"overlay\"\ncost = \"85,5 k€\"\n\
             [[imposed]]\nsection = \"D1-U-000200\"\nyear = 2026\ntreatment = \"overlay\"\n\
             [[frozen]]\nsection = \"D2-U-000000\"\nfrom = 2026\nto = 2028",
        );
        let works = |at: &str, year, cost| ImposedWorks {
            section: SectionId::from_text(at),
            year,
            treatment: "overlay".into(),
            cost,
        };
        let frozen = Frozen { section: SectionId::from_text("D2-U-000000"), years: (2026, 2028) };
        assert_eq!(
            got,
            Ok(Commitments {
                imposed: vec![
                    works("D1-U-000000", 2027, Some(Euros::rounded(85_500.0))),
                    works("D1-U-000200", 2026, None)
                ],
                frozen: vec![frozen],
                stretches: vec![],
            })
        );
    }

    #[test]
    fn a_stretch_stands_for_its_sections() {
        let got = read(
            "[[imposed]]\nsection = \"D1-U-000000\"\nyear = 2027\ntreatment = \"overlay\"\n\
             [[imposed]]\nstretch = \"D817 12+300 à 13+100\"\nyear = 2028\ntreatment = \"overlay\"\ncost = \"250 k€\"\n\
             [[frozen]]\nstretch = \"D817 G 1+0 à 2+0\"\nfrom = 2026\nto = 2028",
        );
        let [works, frozen] = &got.unwrap().stretches[..] else { panic!("two stretches") };
        assert_eq!((works.after, works.stretch.to_string()), (1, "D817 12+300 à 13+100".into()));
        let cost = Some(Euros::rounded(250_000.0));
        let want = Decision::Imposed { year: 2028, treatment: "overlay".into(), cost };
        assert_eq!((&works.what, &frozen.what), (&want, &Decision::Frozen((2026, 2028))));
    }

    #[test]
    fn faults_are_told_where_they_are() {
        let cases = [
            (
                "[[imposed]]\nstretch = \"D817 12\"\nyear = 2027\ntreatment = \"b\"",
                "line 2, character 11: found \"D817 12\", expected a road and two PR",
            ),
            (
                "[[frozen]]\nstretch = \"D1 1+0 à 2+0\"\nsection = \"a\"\nfrom = 2026\nto = 2027",
                "expected either section or stretch, not both",
            ),
            ("imposed = 3", "line 1, character 11: found 3, expected [[imposed]], once for each"),
            ("imposed = [3]", "line 1, character 12: found 3, expected a table with a section"),
            (
                "[[imposed]]\nsection = \"a\"\ntreatment = \"b\"",
                "line 1, character 1: found no year, expected a year such as 2028",
            ),
            (
                "[[imposed]]\nsection = \"a\"\ntreatment = \"b\"\nyear = 20",
                "line 4, character 8: found 20, expected a whole number from 1950 to 2260",
            ),
            (
                "[[imposed]]\nsection = \"a\"\ntreatment = \"b\"\nyear = 2027\ncost = \"-3 k€\"",
                "line 5, character 9: found \"-3\", expected an amount such as 13,5",
            ),
            (
                "[[imposed]]\nsection = \"a\"\ntreatment = \"b\"\nyear = 2027\ncost = \"1+2\"",
                "found \"1+2\", expected an amount such as \"85 k€\", all included",
            ),
            (
                "[[imposed]]\nyear = 2027\ntreatment = \"b\"\nprice = 3",
                "found \"price\", which is not a key here; expected one of section, stretch, year, treatment, cost",
            ),
            (
                "[[frozen]]\nsection = \"a\"\nfrom = 2028\nto = 2028\n\
                 [[frozen]]\nsection = \"a\"\nfrom = 2030\nto = 2031",
                "line 6, character 11: found \"a\", expected a section that is not frozen already",
            ),
            (
                "[[frozen]]\nsection = \"a\"\nfrom = 2028\nto = 2027",
                "line 4, character 6: found the last year 2027, expected one from 2028 on",
            ),
        ];
        for (text, want) in cases {
            let told = read(text).unwrap_err();
            assert!(told.contains(want), "{text:?}: {told}");
        }
    }
}
