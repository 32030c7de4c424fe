//! What two campaigns say of ageing, in words.

use crate::io::wording::Language;
use crate::planning::calibration::{
    CampaignsFit, Estimate, LEAST_PAIRS, Misfit, Quantity, Standing,
};

/// Two values that correlate as much over the draws are told. Chosen: their sum is known far better than each.
const TOGETHER: f64 = 0.9;

/// What could not be used at all.
pub struct LeftOut {
    /// Sections that only the first campaign rates, and only the second.
    pub rated_once: (usize, usize),
    /// Sections that only the first has, and only the second.
    pub unknown: (usize, usize),
    /// Renewals of sections that were not measured twice.
    pub renewals: usize,
}

impl LeftOut {
    pub fn nothing(&self) -> bool {
        (self.rated_once, self.unknown, self.renewals) == ((0, 0), (0, 0), 0)
    }
}

/// Whether the data told every value of the law.
pub fn is_whole(fit: &CampaignsFit) -> bool {
    fit.few.is_empty() && fit.estimates.iter().all(|it| it.standing == Standing::Fitted)
}

/// The report.
pub fn lines(
    fit: &CampaignsFit,
    years: f64,
    left_out: &LeftOut,
    language: Language,
) -> Vec<String> {
    let say = |fr, en| language.pick(fr, en);
    let number = |it: f64, decimals| language.number(it, decimals);
    let mut lines = vec![
        format!(
            "{}: {} ({}: {}); {}: {}",
            say("Sections mesurées par les deux campagnes", "Sections measured by both campaigns"),
            language.count(fit.n_pairs),
            say("routes", "roads"),
            language.count(fit.n_roads),
            say("années entre elles", "years between them"),
            number(years, 1)
        ),
        format!(
            "  {}: {}",
            say(
                "écartées, la note monte plus que le bruit (travaux présumés)",
                "left out, the note rises by more than noise (presumed works)"
            ),
            language.count(fit.n_works)
        ),
        format!(
            "  {}: {}",
            say("dites renouvelées", "said to be renewed"),
            language.count(fit.n_renewed)
        ),
    ];
    for (counts, words) in [
        (left_out.rated_once, say("notées par une seule", "rated by one only")),
        (left_out.unknown, say("absentes de l’autre", "absent from the other")),
    ] {
        if counts != (0, 0) {
            lines.push(format!("  {words}: {} / {}", counts.0, counts.1));
        }
    }
    if left_out.renewals > 0 {
        let words = say(
            "renouvellements de sections non mesurées deux fois",
            "renewals of sections that were not measured twice",
        );
        lines.push(format!("  {words}: {}", language.count(left_out.renewals)));
    }
    lines.push(format!(
        "  {}: {}",
        say(
            "bruit d’une note (les deux campagnes supposées aussi précises), points",
            "noise of one note (both campaigns taken to be as good), points"
        ),
        number(fit.noise, 2)
    ));
    let misfit = |it: Misfit| {
        format!("{} {}, RMS {}", say("moyenne", "mean"), number(it.mean, 2), number(it.rms, 2))
    };
    lines.push(format!(
        "  {}: {}: {}; {}: {}",
        say("note mesurée moins note calculée", "note measured less note computed"),
        say("avant", "before"),
        misfit(fit.before),
        say("après", "after"),
        misfit(fit.after)
    ));
    lines.push(format!(
        "{} ({}):",
        say(
            "Paramètres, et où tombent neuf tirages sur dix",
            "Parameters, and where nine draws in ten lie"
        ),
        if fit.by_road {
            say("bootstrap par route", "bootstrap over roads")
        } else {
            say("bootstrap par section", "bootstrap over sections")
        }
    ));
    lines.extend(fit.estimates.iter().map(|it| estimate(it, language)));
    lines.push(format!(
        "  {} {}: {}",
        say("catégorie", "category"),
        fit.common,
        say("facteur 1, la plus fréquente", "factor 1, the most common")
    ));
    for (category, n) in &fit.few {
        lines.push(format!(
            "  {} {category}: {}: {n} / {LEAST_PAIRS}",
            say("catégorie", "category"),
            say(
                "trop peu de sections pour un facteur, celui des paramètres reste",
                "too few sections for a factor, that of the settings stands"
            ),
        ));
    }
    lines.extend(together(fit, language));
    lines
}

fn name(quantity: Quantity, language: Language) -> String {
    match quantity {
        Quantity::LambdaOld => language.pick("λ, surface ancienne", "λ, old surface").to_owned(),
        Quantity::LambdaRenewed => {
            language.pick("λ, surface renouvelée", "λ, renewed surface").to_owned()
        }
        Quantity::Beta => "β".to_owned(),
        Quantity::Factor(it) => {
            format!("{} {it}", language.pick("facteur, catégorie", "factor, category"))
        }
    }
}

fn estimate(it: &Estimate, language: Language) -> String {
    let say = |fr, en| language.pick(fr, en);
    let number = |value| language.number(value, 4);
    let range = it
        .interval
        .map(|(low, high)| format!("{} {} {}", number(low), say("à", "to"), number(high)));
    let range = range.unwrap_or_default();
    let (name, value) = (name(it.quantity, language), number(it.value));
    let kept = say("celui des réglages est gardé", "that of the settings is kept");
    match it.standing {
        Standing::Fitted => format!("  {name}: {value} ({range})"),
        Standing::Undetermined => format!(
            "  {name}: {value}; {} ({range}): {kept}",
            say("les données ne le déterminent pas", "the data do not determine it")
        ),
        Standing::TooFew(n) => format!(
            "  {name}: {value}; {}: {n} / {LEAST_PAIRS}: {kept}",
            say("trop peu de sections", "too few sections")
        ),
    }
}

/// Which values are known together only.
fn together(fit: &CampaignsFit, language: Language) -> Vec<String> {
    let strong = fit.correlations.iter().filter(|it| it.2.abs() >= TOGETHER);
    let words = language.pick(
        "l’un fait ce que l’autre défait (corrélation)",
        "one does what the other undoes (correlation)",
    );
    let line = |(one, other, correlation): &(Quantity, Quantity, f64)| {
        let [one, other] = [one, other].map(|it| name(*it, language));
        format!("  {words}: {one} / {other}: {}", language.number(*correlation, 2))
    };
    strong.map(line).collect()
}
