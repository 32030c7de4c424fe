//! Yearly limits that works imposed pass, in words.

use super::language::Language;
use crate::domain::{PassedLimit, PassedWhat};

/// What passes which limit, and what follows.
pub(super) fn limit_passed(it: &PassedLimit, language: Language) -> String {
    let year = it.year;
    match (&it.what, language) {
        (PassedWhat::Sites { sector, imposed, most }, Language::French) => {
            let sites = language.counted(*imposed, "chantier", "chantiers");
            let of = sector.as_ref().map(|it| format!(" du secteur « {it} »")).unwrap_or_default();
            format!(
                "les travaux imposés{of} font {sites} en {year}, pour {most} au plus : aucun autre n’est ouvert"
            )
        }
        (PassedWhat::Sites { sector, imposed, most }, Language::English) => {
            let sites = language.counted(*imposed, "site", "sites");
            let of = sector.as_ref().map(|it| format!(" of sector {it:?}")).unwrap_or_default();
            format!(
                "works imposed{of} make {sites} in {year}, of {most} at most: no other is opened"
            )
        }
        (PassedWhat::Co2 { imposed, most }, Language::French) => format!(
            "les travaux imposés émettent {}\u{a0}t de CO₂ en {year}, pour {}\u{a0}t au plus : aucun autre qui en émette n’est choisi",
            language.number(*imposed, 1),
            language.number(*most, 1)
        ),
        (PassedWhat::Co2 { imposed, most }, Language::English) => format!(
            "works imposed emit {}\u{a0}t of CO2 in {year}, where {}\u{a0}t are allowed: no others that emit any are chosen",
            language.number(*imposed, 1),
            language.number(*most, 1)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_is_said_in_both_languages() {
        let sites = |sector: Option<&str>| PassedLimit {
            year: 2027,
            what: PassedWhat::Sites { sector: sector.map(str::to_owned), imposed: 3, most: 1 },
        };
        assert_eq!(
            limit_passed(&sites(None), Language::English),
            "works imposed make 3\u{a0}sites in 2027, of 1 at most: no other is opened"
        );
        assert!(
            limit_passed(&sites(Some("Muret")), Language::French).starts_with(
                "les travaux imposés du secteur « Muret » font 3\u{a0}chantiers en 2027"
            )
        );
        let what = PassedWhat::Co2 { imposed: 12.34, most: 10.0 };
        let co2 = PassedLimit { year: 2028, what };
        assert!(limit_passed(&co2, Language::French).contains("12,3\u{a0}t de CO₂ en 2028"));
        assert!(limit_passed(&co2, Language::English).contains("where 10.0\u{a0}t are allowed"));
    }
}
