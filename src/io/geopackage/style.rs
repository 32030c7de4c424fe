//! Styles that QGIS applies on opening, in its QML.

use crate::domain::NoteClasses;
use crate::io::wording::Language;
use std::fmt::Write;

/// How lines or points of one category look.
struct Look<'a> {
    /// `#rrggbb`.
    colour: &'a str,
    /// Width of the line or size of the point, millimetres on screen.
    size_mm: f64,
    /// Whether a line is broken.
    dashed: bool,
}

/// Lines or points.
#[derive(Clone, Copy)]
enum Shape {
    Line,
    Point,
}

/// Categories of one column, each with its look; the last is for every other value.
struct Categories<'a> {
    column: &'a str,
    shape: Shape,
    /// Value, label, look.
    each: Vec<(String, String, Look<'a>)>,
}

const GREY: &str = "#8c8c8c";

/// Sections by class of note; grey dashes where there is none.
pub(super) fn sections(classes: &NoteClasses) -> String {
    let mut each: Vec<_> = classes
        .0
        .iter()
        .map(|it| {
            let from = it.from.points();
            let decimals = usize::from(from.fract() != 0.0);
            let label =
                format!("{} : à partir de {}", it.name, Language::French.number(from, decimals));
            let look = Look { colour: &it.colour, size_mm: 1.2, dashed: false };
            (it.name.clone(), label, look)
        })
        .collect();
    let none = Look { colour: GREY, size_mm: 0.5, dashed: true };
    each.push((String::new(), "sans note".into(), none));
    Categories { column: "classe", shape: Shape::Line, each }.to_qml()
}

fn fixed(column: &'static str, shape: Shape, each: &[(&str, &str, &'static str, f64)]) -> String {
    let each = each.iter().map(|(value, label, colour, size_mm)| {
        let look = Look { colour, size_mm: *size_mm, dashed: false };
        ((*value).to_owned(), (*label).to_owned(), look)
    });
    Categories { column, shape, each: each.collect() }.to_qml()
}

/// Roads: thin and grey, under the rest.
pub(super) fn network() -> String {
    fixed("cote", Shape::Line, &[("", "route", "#b0b0b0", 0.4)])
}

/// Stretches of municipalities and sectors: thin, over the roads. Colours: `ColorBrewer` Set2.
pub(super) fn areas() -> String {
    let each = [("commune", "commune", "#66c2a5", 0.6), ("secteur", "secteur", "#fc8d62", 0.4)];
    fixed("niveau", Shape::Line, &each)
}

/// Markers: small squares in the sense of a dot.
pub(super) fn marks() -> String {
    fixed("pr", Shape::Point, &[("", "PR", "#404040", 1.4)])
}

/// Frames: blue when they count, grey when they were refused.
pub(super) fn frames() -> String {
    let each = [("valid", "utilisable", "#2c7fb8", 1.2), ("", "écartée", GREY, 1.0)];
    fixed("validite", Shape::Point, &each)
}

/// Cells by the gravest thing in them; grey where nothing could be seen. Green is that of the best
/// class of sections; the rest as [`defects`].
pub(super) fn cells() -> String {
    let each = [
        ("grave", "grave", "#bd0026", 1.0),
        ("marqué", "marqué", "#f03b20", 1.0),
        ("léger", "léger", "#fd8d3c", 1.0),
        ("sain", "sans dégradation", "#1a9850", 0.6),
        ("", "non vu", GREY, 0.4),
    ];
    fixed("etat", Shape::Line, &each)
}

/// Defects by severity. Colours: the `YlOrRd` scale of `ColorBrewer`, readable by the colour-blind.
pub(super) fn defects() -> String {
    let each = [
        ("H", "grave", "#bd0026", 1.2),
        ("M", "marqué", "#f03b20", 1.0),
        ("L", "léger", "#fd8d3c", 0.8),
        ("", "autre", GREY, 0.8),
    ];
    fixed("gravite", Shape::Line, &each)
}

/// Works by envelope.
pub(super) fn programme() -> String {
    let each = [
        ("investissement", "investissement", "#54278f", 1.6),
        ("fonctionnement", "fonctionnement", "#9e9ac8", 1.2),
        ("", "autre", GREY, 0.8),
    ];
    fixed("enveloppe", Shape::Line, &each)
}

impl Categories<'_> {
    fn to_qml(&self) -> String {
        let (mut categories, mut symbols) = (String::new(), String::new());
        for (rank, (value, label, look)) in self.each.iter().enumerate() {
            let (value, label) = (escaped(value), escaped(label));
            write!(
                categories,
                r#"<category symbol="{rank}" value="{value}" label="{label}" render="true" type="string"/>"#
            )
            .expect("a string takes anything");
            symbols.push_str(&symbol(rank, self.shape, look));
        }
        format!(
            r#"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology"><renderer-v2 type="categorizedSymbol" attr="{}" symbollevels="0" enableorderby="0" forceraster="0"><categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2><layerOpacity>1</layerOpacity></qgis>
"#,
            self.column
        )
    }
}

fn symbol(rank: usize, shape: Shape, look: &Look<'_>) -> String {
    let (kind, layer, properties) = match shape {
        Shape::Line => (
            "line",
            "SimpleLine",
            vec![
                ("line_color", rgba(look.colour)),
                ("line_style", if look.dashed { "dash" } else { "solid" }.to_owned()),
                ("line_width", look.size_mm.to_string()),
                ("line_width_unit", "MM".to_owned()),
                ("capstyle", if look.dashed { "flat" } else { "round" }.to_owned()),
                ("joinstyle", "round".to_owned()),
            ],
        ),
        Shape::Point => (
            "marker",
            "SimpleMarker",
            vec![
                ("name", "circle".to_owned()),
                ("color", rgba(look.colour)),
                ("outline_style", "no".to_owned()),
                ("size", look.size_mm.to_string()),
                ("size_unit", "MM".to_owned()),
            ],
        ),
    };
    let mut written = String::new();
    for (key, value) in properties {
        write!(written, r#"<prop k="{key}" v="{value}"/>"#).expect("a string takes anything");
    }
    format!(
        r#"<symbol type="{kind}" name="{rank}" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="{layer}" enabled="1" locked="0" pass="0">{written}</layer></symbol>"#
    )
}

/// `#rrggbb` as QGIS writes it; anything else is the grey of the unknown.
fn rgba(colour: &str) -> String {
    let number = |text: &str| {
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let [_, red, green, blue] = number(colour).unwrap_or(0x8c_8c_8c).to_be_bytes();
    format!("{red},{green},{blue},255")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::rows::example;

    #[test]
    fn each_class_has_its_colour_and_the_rest_is_grey_dashes() {
        let qml = sections(&example::classes());
        assert!(qml.contains(r#"value="E" label="E : à partir de 0""#), "{qml}");
        assert!(qml.contains(r#"k="line_color" v="215,48,39,255""#), "{qml}");
        assert!(qml.contains(r#"value="" label="sans note""#), "{qml}");
        assert_eq!(qml.matches(r#"k="line_style" v="dash""#).count(), 1);
    }

    #[test]
    fn colours_and_names_from_a_configuration_cannot_break_the_style() {
        assert_eq!(rgba("#1a9850"), "26,152,80,255");
        assert_eq!(rgba("red\"/>"), "140,140,140,255");
        assert_eq!(escaped("<A & \"B\">"), "&lt;A &amp; &quot;B&quot;&gt;");
    }
}
