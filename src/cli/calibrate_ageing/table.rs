//! What a published table says of ageing, in words: ours beside theirs, and what it does not tell.

use crate::domain::PublishedTable;
use crate::io::wording::Language;
use crate::planning::calibration::{
    HeldOut, ParameterRange, Profile, TableFit, UNDECIDED, note_gaps, rms,
};

/// A parameter that may move by more than this factor is loosely determined. Chosen: twice is another road.
const LOOSE: f64 = 2.0;

/// The report.
pub fn lines(
    table: &PublishedTable,
    fit: &TableFit,
    profile: &Profile,
    held_out: Option<&[HeldOut]>,
    language: Language,
) -> Vec<String> {
    let say = |fr, en| language.pick(fr, en);
    let number = |it: f64, decimals| language.number(it, decimals);
    let mut lines = vec![
        say(
            "Ce tableau, refait: leur valeur / la nôtre (écart)",
            "This table again: theirs / ours (gap)",
        )
        .to_owned(),
    ];
    lines.push(row([
        say("scénario", "scenario"),
        say("NG fin", "NG end"),
        say("NG haute", "NG high"),
        say("NG basse", "NG low"),
        say("NG moyenne", "NG mean"),
        say("dépensé, M€", "spent, M€"),
    ]));
    for (ours, theirs) in fit.rows.iter().zip(&table.scenarios) {
        let pair = |theirs: f64, ours: f64, decimals| {
            let gap = number(ours - theirs, decimals);
            format!("{} / {} ({gap})", number(theirs, decimals), number(ours, decimals))
        };
        let low = match theirs.ng_low {
            Some(low) => pair(low, ours.low, 2),
            None if ours.low < table.ng_start => format!("- / {}", number(ours.low, 2)),
            None => "-".to_owned(),
        };
        let cells = [
            pair(theirs.ng_end, ours.end, 2),
            pair(theirs.ng_high, ours.high, 2),
            low,
            pair(theirs.ng_mean, ours.mean, 2),
            pair(theirs.spent, ours.spent, 1),
        ];
        let [end, high, low, mean, spent] = cells.each_ref().map(String::as_str);
        lines.push(row([&theirs.name, end, high, low, mean, spent]));
    }
    let most = fit.rows.iter().zip(&table.scenarios).flat_map(|(ours, it)| note_gaps(ours, it));
    let most = most.fold(0.0, |most: f64, it| most.max(it.abs()));
    lines.push(format!(
        "RMS NG {} ({}: {}; {} {}); {} {} M€; {} {}",
        number(fit.rms_note, 3),
        say("valeurs", "values"),
        fit.n_notes,
        say("au plus", "at most"),
        number(most, 2),
        say("RMS dépensé", "RMS spent"),
        number(fit.rms_spent, 1),
        say("perte", "loss"),
        number(fit.loss, 1)
    ));
    if let Some(each) = held_out {
        let notes: Vec<f64> = each.iter().flat_map(|it| it.notes.iter().copied()).collect();
        let spent: Vec<f64> = each.iter().map(|it| it.spent).collect();
        lines.push(format!(
            "{}: RMS NG {}, {} {} M€",
            say("Chaque scénario prédit par les autres", "Each scenario predicted from the others"),
            number(rms(&notes), 3),
            say("RMS dépensé", "RMS spent"),
            number(rms(&spent), 1)
        ));
    }
    lines.push(format!(
        "{} {}:",
        say(
            "Paramètres, et où ils peuvent au moins aller, les autres suivant, avant que la perte monte de",
            "Parameters, and where they may go at least, the others following, before the loss rises by"
        ),
        number(UNDECIDED, 0)
    ));
    let values = fit.parameters.to_array();
    for ((name, value), range) in names(language).iter().zip(values).zip(&profile.ranges) {
        lines.push(parameter(name, value, range, language));
    }
    lines.push(
        say(
            "Un tel modèle suffit à refaire le tableau; il ne montre pas que leur outil calcule ainsi.",
            "Such a model is enough to make the table again; it does not show that their tool works so.",
        )
        .to_owned(),
    );
    lines
}

/// Cells side by side, widths by characters.
fn row(cells: [&str; 6]) -> String {
    const WIDTHS: [usize; 6] = [9, 23, 23, 23, 23, 23];
    let cell = |(it, width): (&str, usize)| format!("{it:<width$}");
    let line: String = cells.into_iter().zip(WIDTHS).map(cell).collect();
    format!("  {}", line.trim_end())
}

const fn names(language: Language) -> [&'static str; 8] {
    match language {
        Language::French => [
            "λ1, surface ancienne, points par an",
            "λ2, surface renouvelée, points par an",
            "β, par point",
            "s, étalement des notes au départ",
            "c_i, renouvellement, €/m²",
            "D*, seuil de renouvellement, points perdus",
            "c_m, passage d’entretien, €/m²",
            "φ, part rendue par un passage",
        ],
        Language::English => [
            "λ1, old surface, points a year",
            "λ2, renewed surface, points a year",
            "β, per point",
            "s, spread of the first notes",
            "c_i, renewal, €/m²",
            "D*, trigger of renewal, points lost",
            "c_m, maintenance pass, €/m²",
            "φ, share that a pass gives back",
        ],
    }
}

fn parameter(name: &str, value: f64, range: &ParameterRange, language: Language) -> String {
    let say = |fr, en| language.pick(fr, en);
    let number = |it: f64| language.number(it, if it < 1.0 { 3 } else { 2 });
    let end = |it: f64, open: bool, words: &'static str| {
        format!("{}{}", number(it), if open { words } else { "" })
    };
    let verdict = if range.open.0 || range.open.1 {
        say("non déterminé", "not determined")
    } else if range.high > LOOSE * range.low {
        say("mal déterminé", "loosely determined")
    } else {
        say("déterminé", "determined")
    };
    format!(
        "  {name}: {} ({} {} {}): {verdict}",
        language.number(value, if value < 1.0 { 4 } else { 2 }),
        end(range.low, range.open.0, say(" ou moins", " or less")),
        say("à", "to"),
        end(range.high, range.open.1, say(" ou plus", " or more"))
    )
}
