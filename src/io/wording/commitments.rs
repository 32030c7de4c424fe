//! Works that could not be imposed, in words.

use super::conversion::lost;
use super::labels::envelope;
use super::language::Language;
use crate::domain::{Euros, Lost, Metres, Refused, RefusedBecause};

/// What a scenario could not do, and why.
pub(super) fn refused(it: &Refused, language: Language) -> String {
    let what = match (&it.works, language) {
        (Some((year, treatment)), Language::French) => {
            format!("{treatment} imposé en {year} mais refusé")
        }
        (Some((year, treatment)), Language::English) => {
            format!("{treatment} was imposed in {year} and refused")
        }
        (None, Language::French) => "gel demandé mais impossible".to_owned(),
        (None, Language::English) => "it was to be left alone and cannot be".to_owned(),
    };
    let why = refused_because(&it.because, language);
    match language {
        Language::French => format!("scénario {} : {what} : {why}", it.scenario),
        Language::English => format!("scenario {}: {what}: {why}", it.scenario),
    }
}

/// Why works could not be imposed, as a phrase.
#[must_use]
pub fn refused_because(it: &RefusedBecause, language: Language) -> String {
    let euros = |it: &Euros| format!("{}\u{a0}€", language.number(it.get(), 2));
    match it {
        RefusedBecause::NoSection => language
            .pick("aucune section notée ne porte ce nom", "no section with a note bears this name")
            .to_owned(),
        RefusedBecause::NoSectionOn => language
            .pick(
                "aucune section notée n’est pour moitié sur cette portion",
                "no section with a note lies half on this stretch",
            )
            .to_owned(),
        RefusedBecause::FrozenAlready { years: (first, last) } => match language {
            Language::French => format!("elle est déjà gelée de {first} à {last}"),
            Language::English => format!("it is left alone from {first} to {last} already"),
        },
        RefusedBecause::NoPlace(lost) => no_place(lost, language),
        RefusedBecause::NoTreatment { known } => {
            let known = known.join(", ");
            match language {
                Language::French => {
                    format!("le catalogue ne connaît pas ce traitement ; il connaît {known}")
                }
                Language::English => format!("not in the catalogue, which has {known}"),
            }
        }
        RefusedBecause::NoYear { years: (first, last) } => match language {
            Language::French => format!("le programme va de {first} à {last}"),
            Language::English => format!("the programme goes from {first} to {last}"),
        },
        RefusedBecause::Twice => language
            .pick(
                "d’autres travaux y sont imposés la même année",
                "other works are imposed on it in that year",
            )
            .to_owned(),
        RefusedBecause::TooDear { envelope: which, cost, left } => {
            let (which, cost, left) = (envelope(*which, language), euros(cost), euros(left));
            match language {
                Language::French => {
                    format!("il faut {cost} et l’enveloppe {which} n’a plus que {left}")
                }
                Language::English => format!("it takes {cost} and {which} has {left} left"),
            }
        }
    }
}

/// Why a stretch is not of the network.
fn no_place(it: &Lost, language: Language) -> String {
    let fr = language == Language::French;
    let km = |it: Metres| language.distance(it.get());
    match it {
        Lost::RoadUnknown { road } if fr => format!("le réseau n’a pas de route {road}"),
        Lost::RoadUnknown { road } => format!("the network has no road {road}"),
        Lost::CarriagewayUntold { road } if fr => {
            format!("{road} a deux chaussées ; dire D ou G après son nom")
        }
        Lost::CarriagewayUntold { road } => {
            format!("{road} has two carriageways; say D or G after its name")
        }
        Lost::PrUnknown { road, pr } if fr => format!("{road} n’a pas de PR {pr}"),
        Lost::PrUnknown { road, pr } => format!("{road} has no PR {pr}"),
        Lost::Backwards { from, to } if fr => {
            format!("la portion finit ({}) avant de commencer ({})", km(*to), km(*from))
        }
        Lost::Backwards { from, to } => {
            format!("the stretch ends ({}) before it starts ({})", km(*to), km(*from))
        }
        Lost::OffRoad { road, cumul, from, to } => {
            let (at, from, to) = (km(*cumul), km(*from), km(*to));
            match language {
                Language::French => format!("{road} va de {from} à {to}, et non jusqu’à {at}"),
                Language::English => format!("{road} goes from {from} to {to}, not to {at}"),
            }
        }
        other => lost(other, language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Envelope, SectionId};

    #[test]
    fn each_reason_is_told_with_its_figures() {
        let told = |because, language| {
            let it = Refused {
                scenario: "s01".into(),
                section: SectionId::from_text("D1-U-000000"),
                works: Some((2027, "overlay".into())),
                because,
            };
            refused(&it, language)
        };
        let dear = RefusedBecause::TooDear {
            envelope: Envelope::Investment,
            cost: Euros::rounded(12_000.0),
            left: Euros::rounded(3_000.5),
        };
        assert_eq!(
            told(dear.clone(), Language::French),
            "scénario s01 : overlay imposé en 2027 mais refusé : il faut 12\u{202f}000,00\u{a0}€ \
             et l’enveloppe investissement n’a plus que 3\u{202f}000,50\u{a0}€"
        );
        assert_eq!(
            told(dear, Language::English),
            "scenario s01: overlay was imposed in 2027 and refused: it takes 12,000.00\u{a0}€ \
             and investment has 3,000.50\u{a0}€ left"
        );
        let unknown = RefusedBecause::NoTreatment { known: vec!["patch".into(), "seal".into()] };
        assert!(
            told(unknown, Language::English)
                .ends_with("not in the catalogue, which has patch, seal")
        );
        let years = RefusedBecause::NoYear { years: (2026, 2040) };
        assert!(told(years, Language::French).ends_with("le programme va de 2026 à 2040"));
    }
}
