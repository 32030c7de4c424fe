//! The answer in lines, as an engineer would tell it to an elected official.

use super::money::{change, limits};
use crate::domain::{
    Answer, Euros, Exchanged, ImposedOutcome, ImposingAnswer, Objective, QueuePlace, Score,
    SelectionRule, WorksItem, Worth,
};
use crate::io::wording::{Language, chosen, envelope, gain, reason, refused_because, why_not};

/// Says things in a language.
#[derive(Clone, Copy)]
pub(super) struct Teller(pub(super) Language);

impl Teller {
    /// One of two sentences, with French double punctuation kept on the line of its word.
    pub(super) fn say(self, french: String, english: String) -> String {
        match self.0 {
            Language::French => [(" ;", "\u{a0};"), (" :", "\u{a0}:")]
                .into_iter()
                .fold(french, |said, (spaced, kept)| said.replace(spaced, kept)),
            Language::English => english,
        }
    }

    pub(super) fn euros(self, it: Euros) -> String {
        format!("{}\u{a0}€", self.0.number(it.get(), 0))
    }

    fn note(self, it: Score) -> String {
        self.0.number(it.points(), 2)
    }

    /// Points more or less, with their sign.
    fn points(self, it: f64) -> String {
        let sign = if it >= 0.0 { "+" } else { "" };
        format!("{sign}{}", self.0.number(it, 4))
    }
}

/// Everything that the answer says.
#[must_use]
pub fn lines(answer: &Answer, language: Language) -> Vec<String> {
    let tell = Teller(language);
    let (scenario, year) = (&answer.scenario, answer.question.year);
    let rule = chosen(scenario.selection, scenario.objective, language);
    let (section, name, words) = (&answer.question.section, &scenario.name, &scenario.words);
    let mut all = vec![tell.say(
        format!("{section} en {year}, scénario {name} ({words}, {rule})"),
        format!("{section} in {year}, scenario {name} ({words}, {rule})"),
    )];
    let mut part = |french: String, english: String, of_part: Vec<String>| {
        if !of_part.is_empty() {
            all.push(String::new());
            all.push(tell.say(french, english));
            all.extend(of_part.into_iter().map(|it| format!("  {it}")));
        }
    };
    part("Ce que le programme en fait".into(), "What the programme does".into(), now(answer, tell));
    part(
        format!("Ce qui lui irait en {year}, si rien d’autre ne change d’ici là"),
        format!("What would suit it in {year}, if nothing else changes until then"),
        suiting(answer, tell),
    );
    part(
        format!("Sa place dans la file de {year}"),
        format!("Its place in the queue of {year}"),
        queue(answer, tell),
    );
    let money = money(answer, tell);
    if answer.served().is_some() {
        part("L’argent qui l’en ferait sortir".into(), "The money that takes it out".into(), money);
    } else {
        part("L’argent qu’il faudrait".into(), "The money that it would take".into(), money);
    }
    if let Some(it) = &answer.limits {
        part(
            "Sans les limites de l’année".into(),
            "Without the limits of the year".into(),
            limits(it, tell),
        );
    }
    part(format!("L’imposer en {year}"), format!("Imposing it in {year}"), imposing(answer, tell));
    all
}

fn now(answer: &Answer, tell: Teller) -> Vec<String> {
    let (it, year, language) = (&answer.now, answer.question.year, tell.0);
    let length = language.distance(it.length.get());
    let [start, before, end] = [it.at_start, it.in_year, it.at_end].map(|it| tell.note(it));
    let category = it.category;
    let mut all = vec![tell.say(
        format!(
            "{length}, catégorie {category} ; note {start} au départ, {before} en {year} avant travaux, {end} à la fin"
        ),
        format!(
            "{length}, category {category}; note {start} at the start, {before} in {year} before works, {end} at the end"
        ),
    )];
    for works in &it.works {
        let (when, treatment) = (works.year, &works.treatment);
        let (cost, why) = (tell.euros(works.cost), reason(&works.reason, language));
        all.push(tell.say(
            format!("{when} : {treatment}, {cost} ({why})"),
            format!("{when}: {treatment}, {cost} ({why})"),
        ));
    }
    if it.works.is_empty() {
        all.push(tell.say("aucuns travaux".into(), "no works".into()));
    } else if answer.served().is_none() {
        all.push(tell.say(format!("rien en {year}"), format!("nothing in {year}")));
    } else {
        all.push(tell.say(
            format!("elle a donc déjà des travaux en {year}"),
            format!("it has works in {year} already"),
        ));
    }
    all
}

fn suiting(answer: &Answer, tell: Teller) -> Vec<String> {
    let last_works = answer.now.last_before(answer.question.year);
    let fits = answer.lines.iter().filter(|it| it.why_not.is_none()).map(|it| {
        let (cost, payer) = (tell.euros(it.cost), envelope(it.envelope, tell.0));
        let name = &it.treatment;
        tell.say(
            format!("oui : {name}, {cost} hors frais de chantier, {payer}"),
            format!("yes: {name}, {cost} without its site, {payer}"),
        )
    });
    let others = answer.lines.iter().filter_map(|it| {
        let (why, name) = (why_not(it.why_not.as_ref()?, last_works, tell.0), &it.treatment);
        Some(tell.say(format!("non : {name} ({why})"), format!("no: {name} ({why})")))
    });
    fits.chain(others).collect()
}

fn queue(answer: &Answer, tell: Teller) -> Vec<String> {
    let language = tell.0;
    let mut all = Vec::new();
    if let Some(QueuePlace { place, waiting, served, last }) = answer.place {
        let (place, waiting) = (language.count(place), language.count(waiting));
        let served = language.count(served);
        let last = last.map_or_else(String::new, |(category, note)| {
            let note = tell.note(note);
            if answer.scenario.selection == SelectionRule::Threshold {
                tell.say(
                    format!(", la dernière de catégorie {category} et de note {note}"),
                    format!(", the last of category {category} and note {note}"),
                )
            } else {
                tell.say(
                    format!(", la dernière de note {note}"),
                    format!(", the last with a note of {note}"),
                )
            }
        });
        all.push(tell.say(
            format!("rang {place} sur {waiting} sections que des travaux concernent ; servies : {served}{last}"),
            format!("number {place} of {waiting} sections that some works suit; served: {served}{last}"),
        ));
    }
    if let Some(it) = answer.starting_note {
        let (note, own, year) = (tell.note(it.note), tell.note(answer.now.at_start), it.year);
        all.push(tell.say(
            format!(
                "avec une note de {note} au départ au lieu de {own}, elle serait servie en {year}"
            ),
            format!(
                "with a note of {note} at the start instead of {own}, it would be served in {year}"
            ),
        ));
    }
    all
}

fn money(answer: &Answer, tell: Teller) -> Vec<String> {
    let (year, served) = (answer.question.year, answer.served().is_some());
    let of_year = change(&answer.money_of_year, served, tell);
    let of_all = change(&answer.money_of_all, served, tell);
    vec![
        tell.say(format!("de {year} seulement : {of_year}"), format!("of {year} alone: {of_year}")),
        tell.say(format!("de toutes les années : {of_all}"), format!("of every year: {of_all}")),
        tell.say(
            "(multiples essayés de proche en proche à partir de 1 ; entre deux essais rien n’est prouvé : plus \
             d’argent ne sert pas toujours la même section)"
                .into(),
            "(multiples tried one after the other from 1; between two tries nothing is proved: more money does \
             not always serve the same section)"
                .into(),
        ),
    ]
}

fn imposing(answer: &Answer, tell: Teller) -> Vec<String> {
    let Some(ImposingAnswer { treatment, outcome }) = &answer.imposing else {
        let untold = tell.say(
            "rien au catalogue ne lui va ; pour imposer des travaux quand même, les nommer (--treatment)".into(),
            "nothing in the catalogue suits it; to impose works all the same, name them (--treatment)".into(),
        );
        return if answer.served().is_none() { vec![untold] } else { Vec::new() };
    };
    match outcome {
        Err(because) => {
            let why = refused_because(because, tell.0);
            vec![tell.say(
                format!("{treatment} : refusé, {why}"),
                format!("{treatment}: refused, {why}"),
            )]
        }
        Ok(it) => done(it, tell),
    }
}

fn done(it: &ImposedOutcome, tell: Teller) -> Vec<String> {
    let ImposedOutcome { works, ng_end, worth, out, new } = it;
    let (name, cost) = (&works.treatment, tell.euros(works.cost));
    let payer = envelope(works.envelope, tell.0);
    let (ends, ended) = (tell.note(ng_end.1), tell.points(ng_end.1.points() - ng_end.0.points()));
    let mut all = vec![
        tell.say(
            format!("{name} : {cost}, frais de chantier compris, {payer}"),
            format!("{name}: {cost} with its site, {payer}"),
        ),
        tell.say(
            format!("note moyenne du réseau à la fin : {ends} ({ended})"),
            format!("mean note of the network at the end: {ends} ({ended})"),
        ),
    ];
    all.extend(gains(*worth, tell));
    exchanged(out, tell.0.pick("sortent", "leave"), tell, &mut all);
    exchanged(new, tell.0.pick("entrent", "come in"), tell, &mut all);
    all
}

/// What is gained over all years, without and with the works: by what the scenario serves, and by condition.
fn gains((without, with): (Worth, Worth), tell: Teller) -> Vec<String> {
    let of = |by: Objective, without: f64, with: f64| {
        let gained = match by {
            Objective::Condition | Objective::Users => tell.points(with - without),
            Objective::Backlog => {
                let sign = if with >= without { "+" } else { "" };
                format!("{sign}{}", gain(with - without, by, 4, tell.0))
            }
        };
        format!("{} ({gained})", gain(with, by, 4, tell.0))
    };
    let by = with.objective;
    let own = of(by, without.gain, with.gain);
    let mut all =
        vec![tell.say(
            format!("gain sur toutes les années : {own}"),
            format!("gain over all years: {own}"),
        )];
    if by != Objective::Condition {
        let condition = of(Objective::Condition, without.condition, with.condition);
        all.push(tell.say(
            format!("gain d’état sur toutes les années : {condition}"),
            format!("gain by condition over all years: {condition}"),
        ));
    }
    all
}

fn exchanged(it: &Exchanged, verb: &str, tell: Teller, all: &mut Vec<String>) {
    let n = match tell.0 {
        Language::French => tell.0.counted(it.n, "intervention", "interventions"),
        Language::English => tell.0.counted(it.n, "works", "works"),
    };
    let (length, cost) = (tell.0.distance(it.length.get()), tell.euros(it.cost));
    let told = if it.n > it.dearest.len() {
        let n = it.dearest.len();
        tell.say(format!(" ; les {n} plus chers"), format!("; the {n} dearest"))
    } else {
        String::new()
    };
    if it.n == 0 {
        all.push(tell.say(format!("{verb} : rien"), format!("{verb}: nothing")));
        return;
    }
    all.push(tell.say(
        format!("{verb} : {n}, {length}, {cost}{told}"),
        format!("{verb}: {n}, {length}, {cost}{told}"),
    ));
    let line = |it: &WorksItem| {
        format!("  {}  {}  {}  {}", it.section, it.year, it.treatment, tell.euros(it.cost))
    };
    all.extend(it.dearest.iter().map(line));
}
