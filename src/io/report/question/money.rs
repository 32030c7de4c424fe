//! What a multiple of the money changes, in words.

use super::lines::Teller;
use crate::domain::{Euros, LimitsAnswer, MoneyAnswer};

/// A multiple, such as `× 1,41`.
fn plain(multiple: f64, tell: Teller) -> String {
    format!("×\u{a0}{}", tell.0.number(multiple, 2))
}

/// Which multiple brings a section in, or takes it out when it was served.
pub(super) fn change(it: &MoneyAnswer, served: bool, tell: Teller) -> String {
    match it {
        MoneyAnswer::NoMoney => tell.say(
            "il n’y en a pas, et aucun multiple n’y change rien".into(),
            "there is none, and no multiple changes that".into(),
        ),
        MoneyAnswer::Found { multiple, short, offered: (now, then), treatment } => {
            let [multiple, short] = [*multiple, *short].map(|it| plain(it, tell));
            let sign = if served { "\u{2212}" } else { "+" };
            let by = if served { *now - *then } else { *then - *now };
            let [now, then, by] = [*now, *then, by].map(|it: Euros| tell.euros(it));
            let sums = tell.say(
                format!("{multiple}, soit {then} au lieu de {now} ({sign}{by})"),
                format!("{multiple}, that is {then} instead of {now} ({sign}{by})"),
            );
            match treatment {
                Some(name) => tell.say(
                    format!("{sums} : {name} ; {short} ne suffit pas"),
                    format!("{sums}: {name}; {short} is not enough"),
                ),
                None => tell.say(
                    format!("{sums} ; avec {short} elle garde ses travaux"),
                    format!("{sums}; with {short} it keeps its works"),
                ),
            }
        }
        MoneyAnswer::NotFound { farthest, sooner } => {
            let farthest = plain(*farthest, tell);
            let mut said = tell.say(
                format!("aucun multiple essayé n’y change rien, jusqu’à {farthest}"),
                format!("no multiple that was tried changes that, up to {farthest}"),
            );
            if let Some((multiple, year)) = sooner {
                let multiple = plain(*multiple, tell);
                said.push_str(&tell.say(
                    format!(" ; avec {multiple}, elle a déjà des travaux en {year}"),
                    format!("; with {multiple}, it has works in {year} already"),
                ));
            }
            said
        }
    }
}

/// What keeps a section out: the limits of the year, or money.
pub(super) fn limits(it: &LimitsAnswer, tell: Teller) -> Vec<String> {
    let with = |served: bool, french: &str, english: &str| {
        if served {
            tell.say(
                format!("sans {french}, elle aurait des travaux avec le même argent"),
                format!("without {english}, it would have works with the same money"),
            )
        } else {
            tell.say(
                format!("sans {french}, elle n’en aurait toujours pas avec le même argent"),
                format!("without {english}, it would still have none with the same money"),
            )
        }
    };
    let sites = it
        .without_sites
        .map(|it| with(it, "limite du nombre de chantiers", "the limit to the number of sites"));
    let co2 = it.without_co2.map(|it| with(it, "limite de CO₂", "the limit to CO2"));
    let both = sites.is_some() && co2.is_some();
    let any = both.then(|| with(it.without_any, "aucune des deux", "either"));
    let money = it.money.as_ref().map(|it| {
        let change = change(it, false, tell);
        tell.say(
            format!("sans limite, l’argent de l’année : {change}"),
            format!("without limits, the money of the year: {change}"),
        )
    });
    [sites, co2, any, money].into_iter().flatten().collect()
}
