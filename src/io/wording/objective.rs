//! What a programme serves, and what it is worth by that, each in its own unit.

use super::labels::selection;
use super::language::Language;
use crate::domain::{Objective, SelectionRule};

/// From so many euros on, millions are told. Chosen: as other amounts are.
const MILLION: f64 = 1.0e6;

/// What a programme is to serve.
#[must_use]
pub const fn objective(it: Objective, language: Language) -> &'static str {
    match it {
        Objective::Condition => language.pick("état des chaussées", "pavement condition"),
        Objective::Users => language.pick("usagers", "users"),
        Objective::Backlog => language.pick("arriéré", "backlog"),
    }
}

/// How works are chosen, and what for when it is not for the condition of pavements.
#[must_use]
pub fn chosen(rule: SelectionRule, by: Objective, language: Language) -> String {
    let rule = selection(rule, language);
    let what_for = match by {
        Objective::Condition => "",
        Objective::Users => language.pick(", pour les usagers", ", for users"),
        Objective::Backlog => language.pick(", contre l’arriéré", ", against backlog"),
    };
    format!("{rule}{what_for}")
}

/// The unit of what a programme gains.
#[must_use]
pub const fn gain_unit(by: Objective, language: Language) -> &'static str {
    match by {
        Objective::Condition => "points",
        Objective::Users => language.pick("points usagers", "user points"),
        Objective::Backlog => language.pick("€ en moyenne", "€ on average"),
    }
}

/// What a programme gains, with its unit; points with so many decimals.
#[must_use]
pub fn gain(gain: f64, by: Objective, decimals: usize, language: Language) -> String {
    let (number, unit) = match by {
        Objective::Condition | Objective::Users => {
            (language.number(gain, decimals), gain_unit(by, language).to_owned())
        }
        Objective::Backlog if gain.abs() >= MILLION => {
            let unit = gain_unit(by, language);
            (language.number(gain / MILLION, 2), format!("M{unit}"))
        }
        Objective::Backlog => (language.number(gain, 0), gain_unit(by, language).to_owned()),
    };
    format!("{number}\u{a0}{}", unit.replace(' ', "\u{a0}"))
}

/// What works bring for a euro, with its unit.
pub(super) fn gain_per_euro(gain: f64, by: Objective, language: Language) -> String {
    let number = language.number(gain, 2);
    let unit = match by {
        Objective::Condition => language.pick("points × m² par euro", "points × m² a euro"),
        Objective::Users => language
            .pick("points × véhicules-km par jour, par euro", "points × vehicle-km a day, a euro"),
        Objective::Backlog => language.pick(
            "euros d’arriéré, toutes années, par euro",
            "euros of backlog, over the years, a euro",
        ),
    };
    format!("{number} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, French};

    #[test]
    fn a_gain_bears_its_unit() {
        let told = |by, value, language| gain(value, by, 2, language).replace('\u{a0}', " ");
        assert_eq!(told(Objective::Condition, 0.5, French), "0,50 points");
        assert_eq!(told(Objective::Users, 0.5, English), "0.50 user points");
        assert_eq!(told(Objective::Backlog, 1_250_000.0, French), "1,25 M€ en moyenne");
        assert_eq!(told(Objective::Backlog, -900.4, English), "−900 € on average");
        assert_eq!(
            gain_per_euro(1.5, Objective::Users, English),
            "1.50 points × vehicle-km a day, a euro"
        );
    }

    #[test]
    fn only_another_objective_is_told_beside_the_rule() {
        let told = |by| chosen(SelectionRule::Optimised, by, French);
        assert_eq!(told(Objective::Condition), "optimisé");
        assert_eq!(told(Objective::Users), "optimisé, pour les usagers");
        assert_eq!(told(Objective::Backlog), "optimisé, contre l’arriéré");
    }
}
