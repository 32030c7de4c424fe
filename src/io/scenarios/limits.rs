//! What a year of a scenario may not exceed beside its money.

use super::excerpt::Fault;
use super::table::{Place, PlacedTable};
use super::target::number;
use crate::domain::{Limits, SiteLimit, grams_of_tonnes};
use toml::de::DeValue;

const SITES: &str = "a whole number of sites from 1 to 100000, or sectors and theirs such as { Muret = 4, Revel = 3 }";

const SITES_OF_SECTOR: &str = "a whole number of sites from 0 to 100000";

const CO2: &str = "a number of tonnes from 0 to 10000000";

/// Chosen: more than sections of any network.
const MOST_SITES: u32 = 100_000;

/// Tonnes. Chosen: more than all roads of France in a year.
const MOST_CO2_T: f64 = 1.0e7;

/// The yearly limits of a scenario.
pub(super) fn limits(table: &PlacedTable<'_, '_>, faults: &mut Vec<Fault>) -> Limits {
    let sites = table.get("most_sites_a_year").and_then(|place| sites(table, place, faults));
    let co2 = table.get("most_co2_t_a_year").and_then(|place| {
        apart_from_sectors(table, place, "no limit to CO2", faults)?;
        number(table, place, MOST_CO2_T, CO2, faults)
    });
    Limits { sites, co2_g: co2.map(grams_of_tonnes) }
}

fn sites(
    table: &PlacedTable<'_, '_>,
    place: Place<'_, '_>,
    faults: &mut Vec<Fault>,
) -> Option<SiteLimit> {
    match place.get_ref() {
        DeValue::Table(named) if !named.is_empty() => {
            let mut all = std::collections::BTreeMap::new();
            for (name, value) in named {
                let most = whole(value, 0);
                if most.is_none() {
                    faults.push(table.wrong(value, SITES_OF_SECTOR));
                }
                all.insert(name.get_ref().to_string(), most?);
            }
            Some(SiteLimit::Sectors(all))
        }
        _ => {
            let most = whole(place, 1);
            if most.is_none() {
                faults.push(table.wrong(place, SITES));
            }
            apart_from_sectors(table, place, "sites by sector", faults)?;
            most.map(SiteLimit::Whole)
        }
    }
}

fn whole(place: Place<'_, '_>, least: u32) -> Option<u32> {
    let it = place.get_ref().as_integer()?;
    let it = u32::from_str_radix(it.as_str(), it.radix()).ok()?;
    (least..=MOST_SITES).contains(&it).then_some(it)
}

/// Each sector spends its money by itself: nothing can be counted across them.
fn apart_from_sectors(
    table: &PlacedTable<'_, '_>,
    place: Place<'_, '_>,
    expected: &str,
    faults: &mut Vec<Fault>,
) -> Option<()> {
    if table.get("sectors").is_none() {
        return Some(());
    }
    faults.push(table.wrong(place, &format!("{expected} where money is divided between sectors")));
    None
}

/// What is said after the budget, in the engineers' words.
pub(super) fn words(it: &Limits) -> String {
    let n = |it: u32| format!("{it} chantier{}", if it > 1 { "s" } else { "" });
    let sites = match &it.sites {
        None => String::new(),
        Some(SiteLimit::Whole(most)) => format!(", au plus {} par an", n(*most)),
        Some(SiteLimit::Sectors(all)) => {
            let each = all.iter().map(|(name, most)| format!("{name} {most}"));
            format!(", chantiers par an au plus ({})", each.collect::<Vec<_>>().join(", "))
        }
    };
    let co2 = it.co2_t().map(|it| format!(", au plus {it} t de CO₂ par an").replace('.', ","));
    sites + &co2.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::domain::{Limits, PlanYears, SelectionRule, SiteLimit};

    fn read(text: &str) -> Result<(Limits, String), String> {
        let years = PlanYears { first_year: 2026, horizon: 3 };
        let whole = format!("[[scenario]]\nname = \"a\"\nbudget = \"1\"\n{text}\n");
        parse(&whole, years, SelectionRule::WorstFirst)
            .map(|it| {
                let it = &it.scenarios[0];
                (it.spending.limits.clone(), it.words.clone())
            })
            .map_err(|it| it.to_string())
    }

    #[test]
    fn sites_and_emissions_are_limited() {
        assert_eq!(read("").unwrap(), (Limits::default(), "1".to_owned()));
        let (it, words) = read("most_sites_a_year = 12\ncarry_over = true").unwrap();
        assert_eq!((it.sites, it.co2_g), (Some(SiteLimit::Whole(12)), None));
        assert_eq!(words, "1, soldes reportés, au plus 12 chantiers par an");
        let text = "most_sites_a_year = { Revel = 0, Muret = 4 }\nmost_co2_t_a_year = \"12,5\"";
        let (it, words) = read(text).unwrap();
        let all = [("Muret".to_owned(), 4), ("Revel".to_owned(), 0)].into();
        assert_eq!((it.sites, it.co2_g), (Some(SiteLimit::Sectors(all)), Some(12_500_000)));
        assert_eq!(
            words,
            "1, chantiers par an au plus (Muret 4, Revel 0), au plus 12,5 t de CO₂ par an"
        );
        assert_eq!(read("most_sites_a_year = 1").unwrap().1, "1, au plus 1 chantier par an");
        let divided = "sectors = \"by_area\"\nmost_sites_a_year = { Revel = 2 }";
        assert!(read(divided).unwrap().0.is_by_sector());
    }

    #[test]
    fn anything_else_is_told() {
        for (text, want) in [
            (
                "most_sites_a_year = 0",
                "line 4, character 21: found 0, expected a whole number of sites from 1 to 100000, or sectors",
            ),
            ("most_sites_a_year = -3", "found -3, expected a whole number of sites from 1"),
            ("most_sites_a_year = 2.5", "found 2.5, expected a whole number of sites from 1"),
            ("most_sites_a_year = \"12\"", "found \"12\", expected a whole number of sites from 1"),
            ("most_sites_a_year = {}", "found {}, expected a whole number of sites from 1"),
            (
                "most_sites_a_year = { Muret = 4, Revel = -1 }",
                "character 42: found -1, expected a whole number of sites from 0",
            ),
            ("most_sites_a_year = { Muret = \"4\" }", "found \"4\", expected a whole number"),
            ("most_sites_a_year = 100001", "found 100001, expected a whole number of sites"),
            (
                "most_co2_t_a_year = -1",
                "line 4, character 21: found -1, expected a number of tonnes",
            ),
            ("most_co2_t_a_year = \"peu\"", "found \"peu\", expected a number of tonnes from 0"),
            ("most_co2_t_a_year = true", "found true, expected a number of tonnes"),
            (
                "sectors = \"by_area\"\nmost_sites_a_year = 3",
                "line 5, character 21: found 3, expected sites by sector where money is divided",
            ),
            (
                "sectors = \"by_area\"\nmost_co2_t_a_year = 3",
                "found 3, expected no limit to CO2 where money is divided between sectors",
            ),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.contains(want), "{text}: {told}");
        }
    }
}
