//! What the panel beside the map says of each stretch, as JSON inside the page.

use super::colour;
use super::map::Stretch;
use super::tables::between;
use crate::domain::{LocatedDefect, SectionRating, WorksItem};
use crate::io::report::Report;
use crate::io::wording::{self, Language};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Most pictures shown for one section.
///
/// Chosen: three show what is wrong without turning the page into an album.
const MOST_PICTURES: usize = 3;

/// One stretch, ready to be shown. Names are short because there may be thousands.
#[derive(Serialize)]
pub(super) struct Detail {
    /// Identifier of the section; none for several without a note.
    id: Option<String>,
    /// Where: road, from, to.
    place: String,
    length: String,
    /// Rank of the class.
    class: Option<usize>,
    ng: Option<String>,
    /// Where the true note is said to lie.
    between: Option<String>,
    np: Option<String>,
    nu: Option<String>,
    /// Why there is no note.
    why: Option<String>,
    coverage: String,
    /// Name, severity, extent.
    defects: Vec<[String; 3]>,
    pictures: Vec<Picture>,
    /// Scenario, year, treatment, cost.
    works: Vec<[String; 4]>,
}

/// One picture, with the box of its defect.
#[derive(Serialize)]
struct Picture {
    src: String,
    caption: String,
    /// Left, top, right, bottom, in pixels of the frame.
    bounds: [f64; 4],
}

/// The details of every stretch, in order.
pub(super) fn details(report: &Report<'_>, stretches: &[Stretch]) -> Vec<Detail> {
    let works = works(report);
    let defects = defects(report);
    stretches.iter().map(|it| detail(report, it, &works, &defects)).collect()
}

type WorksBySection<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a WorksItem)>>;

fn works<'a>(report: &Report<'a>) -> WorksBySection<'a> {
    let mut all = WorksBySection::new();
    for programme in report.programmes {
        for item in &programme.works {
            let mine = all.entry(item.section.as_str()).or_default();
            mine.push((programme.scenario.name.as_str(), item));
        }
    }
    all
}

fn defects<'a>(report: &Report<'a>) -> BTreeMap<usize, Vec<&'a LocatedDefect>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for it in &report.survey.defects {
        all.entry(it.road).or_default().push(it);
    }
    all
}

fn detail(
    report: &Report<'_>,
    stretch: &Stretch,
    works: &WorksBySection<'_>,
    defects: &BTreeMap<usize, Vec<&LocatedDefect>>,
) -> Detail {
    let language = report.language;
    let of = &report.ratings[stretch.sections.0..stretch.sections.1];
    let alone = match of {
        [one] => Some(one),
        _ => None,
    };
    let notes = of[0].rating.notes();
    let note = |points: f64| language.number(points, 1);
    Detail {
        id: alone.map(|it| it.distress.section.id.to_string()),
        place: place(report, stretch),
        length: language.distance((stretch.to - stretch.from).get()),
        class: notes.map(|it| colour::rank(report.classes, it.ng)),
        ng: notes.map(|it| note(it.ng.points())),
        between: between(&of[0], language),
        np: notes.map(|it| note(it.np.points())),
        nu: notes.map(|it| note(it.nu.points())),
        why: stretch.reason.map(|it| wording::unrated(it, language).to_owned()),
        coverage: coverage(of, language),
        defects: alone.map(|it| lines(it, language)).unwrap_or_default(),
        pictures: defects
            .get(&stretch.road)
            .map_or_else(Vec::new, |mine| pictures(report, stretch, mine)),
        works: alone
            .and_then(|it| works.get(it.distress.section.id.as_str()))
            .into_iter()
            .flatten()
            .map(|(scenario, item)| {
                let cost = language.number(item.cost.get(), 0);
                let (year, what) = (item.year.to_string(), item.treatment.clone());
                [(*scenario).to_owned(), year, what, format!("{cost}\u{a0}€")]
            })
            .collect(),
    }
}

/// Where a stretch lies: `D1 · PR 0+000 – 0+200`, or cumuls where the road has no PR.
pub(super) fn place(report: &Report<'_>, stretch: &Stretch) -> String {
    let road = &report.network.roads()[stretch.road];
    let references = (road.reference_at(stretch.from), road.reference_at(stretch.to));
    let ends = if let (Some(from), Some(to)) = references {
        format!("PR {from} – {to}")
    } else {
        let metres = |it: f64| report.language.number(it, 0);
        format!("{} – {}\u{a0}m", metres(stretch.from.get()), metres(stretch.to.get()))
    };
    format!("{} {} · {ends}", road.id, road.carriageway.letter())
}

fn coverage(of: &[SectionRating], language: Language) -> String {
    let length: f64 = of.iter().map(|it| it.distress.section.length().get()).sum();
    let seen: f64 = of
        .iter()
        .map(|it| it.distress.section.length().get() * it.rating.coverage().valid.get())
        .sum();
    let share = language.percent(if length > 0.0 { seen / length } else { 0.0 }, 0);
    let refused = refused(of, language);
    if refused.is_empty() { share } else { format!("{share} ({refused})") }
}

/// Metres that refused frames alone saw, by reason: `floue 12 m, trop sombre 5 m`.
fn refused(of: &[SectionRating], language: Language) -> String {
    let mut metres = BTreeMap::<_, f64>::new();
    for it in of.iter().flat_map(|it| &it.distress.refused) {
        *metres.entry(it.reason).or_default() += it.length.get();
    }
    let told = metres.into_iter().filter(|it| it.1 >= 0.5).map(|(reason, metres)| {
        format!("{} {}", wording::validity(reason, language), language.distance(metres))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// Every kind and severity of a section, the largest area first.
pub(super) fn lines(rating: &SectionRating, language: Language) -> Vec<[String; 3]> {
    let mut all: Vec<_> = rating.distress.defects.iter().collect();
    all.sort_by(|a, b| b.extent.area().get().total_cmp(&a.extent.area().get()));
    all.iter()
        .map(|it| {
            [
                wording::defect(it.kind, language).to_owned(),
                wording::severity(it.severity, language).to_owned(),
                wording::extent(it.extent, language),
            ]
        })
        .collect()
}

/// The pictures that show a stretch's defects best: gravest first, one defect a picture.
fn pictures(report: &Report<'_>, stretch: &Stretch, mine: &[&LocatedDefect]) -> Vec<Picture> {
    let middle = |it: &LocatedDefect| (it.from + it.to) * 0.5;
    let mut here: Vec<_> = mine
        .iter()
        .filter(|it| middle(it) >= stretch.from && middle(it) < stretch.to)
        .filter_map(|it| {
            let picture = report.survey.frames.get(it.evidence.frame)?.picture.as_deref()?;
            Some((*it, picture))
        })
        .collect();
    here.sort_by(|(a, _), (b, _)| {
        let grave = b.defect.severity.cmp(&a.defect.severity);
        let large = b.defect.extent.area().get().total_cmp(&a.defect.extent.area().get());
        // What is more likely no than yes comes after all the rest.
        let likely = |it: &LocatedDefect| it.confidence.get() >= 0.5;
        likely(b).cmp(&likely(a)).then(grave).then(large)
    });
    let mut shown: Vec<Picture> = Vec::new();
    for (it, picture) in here {
        let src = relative_url(picture);
        if shown.len() == MOST_PICTURES {
            break;
        }
        if shown.iter().any(|other| other.src == src) {
            continue;
        }
        let caption = format!(
            "{}, {} · {} · {}",
            wording::defect(it.defect.kind, report.language),
            wording::severity(it.defect.severity, report.language),
            wording::extent(it.defect.extent, report.language),
            report.language.percent(it.confidence.get(), 0)
        );
        let bounds = it.evidence.bounds;
        let bounds = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
        shown.push(Picture { src, caption, bounds: bounds.map(f64::round) });
    }
    shown
}

/// A path below the page's folder as a relative address: whatever is not plain is escaped.
fn relative_url(path: &str) -> String {
    let mut url = String::with_capacity(path.len() + 2);
    // Without it, a first folder with a colon would read as a scheme.
    url.push_str("./");
    for byte in path.trim_start_matches('/').bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("a string takes anything");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::report::map::stretches;
    use crate::io::report::page::tests::with_report;

    #[test]
    fn a_section_shows_its_notes_defects_picture_and_works() {
        with_report(Language::French, |report| {
            let stretches = stretches(report.ratings);
            let all = details(report, &stretches);
            let first = &all[0];
            assert_eq!(first.place, "D1 U · PR 0+000 – 0+200");
            assert_eq!(first.ng.as_deref(), Some("10,9"));
            assert_eq!(first.coverage, "90\u{a0}% (floue 10\u{a0}m)");
            assert_eq!(first.defects[0], ["faïençage", "marqué", "54,0\u{a0}m²"]);
            // Both defects are best seen in one frame: the graver names it.
            assert_eq!(first.pictures.len(), 1);
            assert_eq!(first.pictures[0].src, "./frames/a/000011.jpg");
            assert!(first.pictures[0].caption.starts_with("nids-de-poule, grave"));
            assert_eq!(first.works[0], ["s01", "2026", "BBM", "15\u{202f}600\u{a0}€"]);
            assert_eq!(all[2].why.as_deref(), Some("non filmée"));
            assert_eq!(all[2].ng, None);
        });
    }

    #[test]
    fn paths_become_addresses_that_stay_below_the_page() {
        let cases = [
            ("frames/a/1.jpg", "./frames/a/1.jpg"),
            ("frames/été 50%/#1.jpg", "./frames/%C3%A9t%C3%A9%2050%25/%231.jpg"),
            ("//elsewhere.org/x.jpg", "./elsewhere.org/x.jpg"),
            ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ];
        for (path, want) in cases {
            assert_eq!(relative_url(path), want);
        }
    }
}
