//! The answer as one JSON object.

use crate::domain::{
    Answer, Exchanged, ImposedOutcome, ImposingAnswer, LineAnswer, MoneyAnswer, Provenance, Ratio,
    Score, WhyNot, WorksItem,
};
use crate::io::wording::{Language, gain_unit, refused_because};
use serde_json::{Value, json};

/// Everything that was found; notes to four decimals, money in euros, shares from 0 to 1. What is unknown, or
/// was not found, is null.
#[must_use]
pub fn object(answer: &Answer, provenance: &Provenance) -> Value {
    let Answer { question, scenario, now, .. } = answer;
    json!({
        "section": question.section.as_str(),
        "year": question.year,
        "scenario": scenario.name,
        "budget": scenario.words,
        "selection": scenario.selection.word(),
        "objective": scenario.objective.word(),
        "category": now.category,
        "length_m": number(now.length.get()),
        "note_at_start": note(now.at_start),
        "note_in_year": note(now.in_year),
        "note_at_end": note(now.at_end),
        "served": answer.served().is_some(),
        "works": now.works.iter().map(works).collect::<Vec<_>>(),
        "lines": answer.lines.iter().map(line).collect::<Vec<_>>(),
        "queue": answer.place.map(|it| json!({
            "place": it.place,
            "waiting": it.waiting,
            "served": it.served,
            "last_category": it.last.map(|it| it.0),
            "last_note": it.last.map(|it| note(it.1)),
        })),
        "starting_note": answer.starting_note.map(|it| json!({
            "note": note(it.note),
            "year": it.year,
        })),
        "money_of_year": money(&answer.money_of_year),
        "money_of_every_year": money(&answer.money_of_all),
        "without_limits": answer.limits.as_ref().map(|it| json!({
            "served_without_limit_to_sites": it.without_sites,
            "served_without_limit_to_co2": it.without_co2,
            "served_without_limits": it.without_any,
            "money_of_year": it.money.as_ref().map(money),
        })),
        "imposed": answer.imposing.as_ref().map(imposing),
        "version": provenance.version,
        "configuration": provenance.configuration,
    })
}

fn works(it: &WorksItem) -> Value {
    json!({
        "section": it.section.as_str(),
        "year": it.year,
        "treatment": it.treatment,
        "envelope": it.envelope.word(),
        "cost_eur": it.cost.get(),
        "note_before": note(it.before),
        "note_after": note(it.after),
    })
}

fn line(it: &LineAnswer) -> Value {
    json!({
        "treatment": it.treatment,
        "envelope": it.envelope.word(),
        "cost_eur": it.cost.get(),
        "suits": it.why_not.is_none(),
        "why_not": it.why_not.as_ref().map(why_not),
    })
}

fn why_not(it: &WhyNot) -> Value {
    let share = |it: Ratio| number(it.get());
    match it {
        WhyNot::Category { category, expected } => {
            json!({ "reason": "category", "found": category, "expected": expected })
        }
        WhyNot::Place { lies_in, places } => json!({
            "reason": "place", "found": lies_in, "only_in": places.only_in, "not_in": places.not_in,
        }),
        WhyNot::Note { note: found, expected: (from, to) } => {
            json!({ "reason": "note", "found": note(*found), "from": note(*from), "to": note(*to) })
        }
        WhyNot::Defects { kinds, severities, share: found, expected: (least, most) } => json!({
            "reason": "defects",
            "kinds": kinds.iter().map(|it| it.word()).collect::<Vec<_>>(),
            "severities": severities.iter().map(|it| it.word()).collect::<Vec<_>>(),
            "found": found.map(share),
            "from": share(*least),
            "to": share(*most),
        }),
        WhyNot::Rests { until } => json!({ "reason": "rests", "until": until }),
        WhyNot::Frozen { years: (from, to) } => {
            json!({ "reason": "frozen", "from": from, "to": to })
        }
        WhyNot::Imposed { year, last } => {
            json!({ "reason": "imposed", "year": year, "latest": last })
        }
        WhyNot::EmissionsUnsaid => json!({ "reason": "co2_unknown" }),
    }
}

fn money(it: &MoneyAnswer) -> Value {
    match it {
        MoneyAnswer::NoMoney => json!({ "found": false, "offered_eur": 0 }),
        MoneyAnswer::Found { multiple, short, offered: (now, then), treatment } => json!({
            "found": true,
            "multiple": number(*multiple),
            "multiple_short": number(*short),
            "offered_eur": now.get(),
            "needed_eur": then.get(),
            "treatment": treatment,
        }),
        MoneyAnswer::NotFound { farthest, sooner } => json!({
            "found": false,
            "tried_to": number(*farthest),
            "sooner": sooner.map(|(multiple, year)| json!({
                "multiple": number(multiple),
                "year": year,
            })),
        }),
    }
}

fn imposing(it: &ImposingAnswer) -> Value {
    match &it.outcome {
        Err(because) => json!({
            "treatment": it.treatment,
            "refused": refused_because(because, Language::English),
        }),
        Ok(ImposedOutcome { works: imposed, ng_end, worth: (without, with), out, new }) => json!({
            "treatment": it.treatment,
            "refused": null,
            "cost_eur": imposed.cost.get(),
            "envelope": imposed.envelope.word(),
            "network_note_at_end": [note(ng_end.0), note(ng_end.1)],
            "gain": [number(without.gain), number(with.gain)],
            "gain_unit": gain_unit(with.objective, Language::English),
            "gain_by_condition": [number(without.condition), number(with.condition)],
            "out": exchanged(out),
            "in": exchanged(new),
        }),
    }
}

fn exchanged(it: &Exchanged) -> Value {
    json!({
        "n": it.n,
        "length_m": number(it.length.get()),
        "cost_eur": it.cost.get(),
        "dearest": it.dearest.iter().map(works).collect::<Vec<_>>(),
    })
}

fn note(it: Score) -> Value {
    number(it.points())
}

/// Four decimals.
fn number(it: f64) -> Value {
    Value::from((it * 1.0e4).round() / 1.0e4)
}
