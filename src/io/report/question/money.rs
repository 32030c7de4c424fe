//! What a multiple of the money changes, in words.

use super::lines::Teller;
use crate::domain::{Euros, MoneyAnswer};

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
