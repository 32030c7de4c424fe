//! Which columns of a table bear the reference.

use crate::io::releve::{Columns, Field};

/// What a reference is made of, by the names of the survey sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Route,
    Side,
    Direction,
    StartPr,
    StartAbscisse,
    EndPr,
    EndAbscisse,
    StartCumul,
    EndCumul,
}

use Part::{
    Direction, EndAbscisse, EndCumul, EndPr, Route, Side, StartAbscisse, StartCumul, StartPr,
};

/// Names of each, without capitals and accents, words joined by `_`. The first is that of the survey sheet.
const NAMES: [(Part, &[&str]); 9] = [
    (Route, &["route", "road", "axe", "voie"]),
    (Side, &["cote", "carriageway", "chaussee"]),
    (Direction, &["sens", "direction"]),
    (StartPr, &["prd", "pr", "pr_d", "pr_debut", "pr_start", "start_pr", "repere", "reference"]),
    (
        StartAbscisse,
        &["pad", "pra", "abs", "abd", "abscisse", "abscisse_debut", "abs_debut", "pr_abscisse"],
    ),
    (EndPr, &["prf", "pr_f", "pr_fin", "pr_end", "end_pr", "repere_fin"]),
    (EndAbscisse, &["paf", "prfa", "abf", "abscisse_fin", "abs_fin"]),
    (StartCumul, &["cumul_d", "cumul", "cumul_m", "cumul_debut", "cumul_debut_m"]),
    (EndCumul, &["cumul_f", "cumul_fin", "cumul_fin_m"]),
];

/// Where each part stands in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<(Part, usize)>);

impl Places {
    pub(super) fn of(&self, part: Part) -> Option<usize> {
        self.0.iter().find(|it| it.0 == part).map(|it| it.1)
    }

    /// Finds the parts in a header, by the customer's file of columns or by their usual names.
    pub(super) fn find<'a>(
        header: impl Iterator<Item = &'a str>,
        columns: Option<&Columns>,
    ) -> Self {
        let mut places = Self::default();
        for (rank, name) in header.enumerate() {
            let part = match columns {
                None => named(&plain(name)),
                Some(columns) => match columns.of(name.trim()) {
                    Some(Field::Held(held, _)) => named(held),
                    _ => None,
                },
            };
            if let Some(part) = part.filter(|it| places.of(*it).is_none()) {
                places.0.push((part, rank));
            }
        }
        places
    }

    /// What a header must still have, if anything.
    pub(super) fn missing(&self) -> Option<&'static str> {
        let has = |part| self.of(part).is_some();
        if !has(Route) {
            return Some("route");
        }
        (!has(StartPr) && !has(StartCumul)).then_some("prd and pad, pr and abs, or cumul_d")
    }
}

/// The name of a part on the survey sheet.
pub(super) fn sheet_name(part: Part) -> &'static str {
    NAMES.iter().find(|it| it.0 == part).map_or("", |it| it.1[0])
}

fn named(name: &str) -> Option<Part> {
    NAMES.iter().find(|it| it.1.contains(&name)).map(|it| it.0)
}

/// Without capitals, accents and spaces.
fn plain(name: &str) -> String {
    let letter = |it: char| match it {
        'é' | 'è' | 'ê' | 'É' | 'È' | 'Ê' => 'e',
        'ô' | 'Ô' => 'o',
        ' ' | '-' | '.' => '_',
        other => other.to_ascii_lowercase(),
    };
    name.trim().chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_known() {
        let find = |header: &str| Places::find(header.split(';'), None);
        let sheet = find("section;route;cote;sens;prd;pad;prf;paf;cumul_d;cumul_f;code");
        assert_eq!((sheet.0.len(), sheet.missing()), (9, None));
        let works = find("Année;Route;Chaussée;PR début;Abscisse début;PR fin;Abscisse fin");
        assert_eq!(works.of(EndAbscisse), Some(6));
        assert_eq!(works.of(Side), Some(2));
        assert_eq!(find("PR;abs").missing(), Some("route"));
        assert_eq!(find("road;x").missing(), Some("prd and pad, pr and abs, or cumul_d"));
        assert_eq!(sheet_name(EndPr), "prf");
    }
}
