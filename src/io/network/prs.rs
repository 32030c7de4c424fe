//! The table of markers: `route,cote,pr,cumul_m`.

use crate::domain::{Carriageway, Finding, FindingKind, Metres, PrMark, RoadId};
use std::collections::{BTreeMap, BTreeSet};

/// The markers of each carriageway, in order, with the line of the file that gave each.
pub(super) type Marks = BTreeMap<(RoadId, Carriageway), Vec<(u64, PrMark)>>;

/// Names of each column, the French one first.
const COLUMNS: [&[&str]; 4] =
    [&["route", "road"], &["cote", "côté", "carriageway"], &["pr"], &["cumul_m", "cumul"]];

/// Reads the table; rows that cannot be used are findings. `Err` says why the whole cannot.
pub(super) fn parse(
    bytes: &[u8],
    place: &str,
    findings: &mut Vec<Finding>,
) -> Result<Marks, String> {
    let text = String::from_utf8_lossy(bytes);
    // One kind of line end, at every line: the reader's own count of lines is then right.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|it| header.as_bytes().contains(it));
    let delimiter = delimiter.unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let columns = columns(reader.headers().map_err(|it| it.to_string())?)?;
    let mut marks = Marks::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|it| it.to_string())? {
        let line = reader.position().line() - 1;
        let field = |rank: usize| columns[rank].and_then(|it| record.get(it)).unwrap_or("");
        match row([field(0), field(1), field(2), field(3)], delimiter != b',') {
            Ok((road, carriageway, mark)) => {
                marks.entry((road, carriageway)).or_default().push((line, mark));
            }
            Err(why) => findings.push(loss(place, line, why)),
        }
    }
    for rows in marks.values_mut() {
        keep_increasing(rows, place, findings);
    }
    findings.sort_by_key(|it| line_of(&it.kind));
    marks.retain(|_, rows| !rows.is_empty());
    Ok(marks)
}

/// A row that was left out.
pub(super) fn loss(place: &str, line: u64, why: String) -> Finding {
    Finding::loss(place, FindingKind::NetworkRow { row: format!("row {line}"), why })
}

fn line_of(kind: &FindingKind) -> u64 {
    match kind {
        FindingKind::NetworkRow { row, .. } => {
            row.trim_start_matches("row ").parse().unwrap_or(u64::MAX)
        }
        _ => u64::MAX,
    }
}

/// Where each column stands; the carriageway's may be missing.
fn columns(header: &csv::StringRecord) -> Result<[Option<usize>; 4], String> {
    let find = |names: &[&str]| {
        header.iter().position(|it| names.contains(&it.trim().to_lowercase().as_str()))
    };
    let found = COLUMNS.map(find);
    let missing = [0, 2, 3].into_iter().find(|it| found[*it].is_none());
    match missing {
        None => Ok(found),
        Some(column) => Err(format!(
            "the header is {:?}: no column {}; expected route, cote, pr, cumul_m",
            header.iter().take(12).collect::<Vec<_>>().join(", "),
            COLUMNS[column][0]
        )),
    }
}

fn row(
    [route, cote, pr, cumul]: [&str; 4],
    decimal_commas: bool,
) -> Result<(RoadId, Carriageway, PrMark), String> {
    let road = RoadId::new(route).map_err(|it| it.to_string())?;
    let carriageway = cote.parse::<Carriageway>().map_err(|it| it.to_string())?;
    let number = pr.trim().trim_start_matches(['P', 'p', 'R', 'r', ' ']);
    let number = number
        .parse()
        .ok()
        .ok_or_else(|| format!("PR {:?}, expected a whole number from 0 to 65535", pr.trim()))?;
    let mut digits: String = cumul.chars().filter(|it| !it.is_whitespace()).collect();
    if decimal_commas {
        digits = digits.replace(',', ".");
    }
    let metres = digits.parse().ok().and_then(|it| Metres::new(it).ok());
    let cumul = metres.filter(|it| *it >= Metres::ZERO).ok_or_else(|| {
        format!("cumul {:?}, expected metres from the start of the road", cumul.trim())
    })?;
    Ok((road, carriageway, PrMark { pr: number, cumul }))
}

/// Sorts the markers of one carriageway and leaves out the fewest that break their order.
fn keep_increasing(rows: &mut Vec<(u64, PrMark)>, place: &str, findings: &mut Vec<Finding>) {
    rows.sort_by_key(|it| (it.1.pr, it.0));
    rows.dedup_by(|later, first| {
        let again = later.1.pr == first.1.pr;
        if again {
            let why = format!(
                "PR {} again, at {}; row {} places it at {}",
                later.1.pr, later.1.cumul, first.0, first.1.cumul
            );
            findings.push(loss(place, later.0, why));
        }
        again
    });
    let kept = longest_increasing(rows);
    let mut rank = 0;
    let mut before: Option<PrMark> = None;
    rows.retain(|(line, mark)| {
        rank += 1;
        let keep = kept.contains(&(rank - 1));
        if keep {
            before = Some(*mark);
        } else {
            let against = before.map_or_else(
                || "past the PRs that follow".to_owned(),
                |it| format!("expected past PR {} at {}, and before the next", it.pr, it.cumul),
            );
            let why = format!("PR {} at {}, {against}", mark.pr, mark.cumul);
            findings.push(loss(place, *line, why));
        }
        keep
    });
}

/// Ranks of a longest run of strictly increasing cumuls (patience sorting).
fn longest_increasing(rows: &[(u64, PrMark)]) -> BTreeSet<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; rows.len()];
    for (rank, (_, mark)) in rows.iter().enumerate() {
        let length = ends.partition_point(|it| rows[*it].1.cumul < mark.cumul);
        before[rank] = length.checked_sub(1).map(|it| ends[it]);
        if length == ends.len() {
            ends.push(rank);
        } else {
            ends[length] = rank;
        }
    }
    std::iter::successors(ends.last().copied(), |it| before[*it]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> (Vec<(u16, f64)>, Vec<String>) {
        let mut findings = Vec::new();
        let marks = parse(text.as_bytes(), "prs.csv", &mut findings).unwrap();
        let all = marks.values().flatten().map(|(_, it)| (it.pr, it.cumul.get())).collect();
        let told = findings.iter().map(|it| match &it.kind {
            FindingKind::NetworkRow { row, why } => format!("{row}: {why}"),
            other => format!("{other:?}"),
        });
        (all, told.collect())
    }

    #[test]
    fn a_missing_pr_and_a_long_interval_are_as_they_are() {
        // PR 14 is missing, PR 12 heads 1,130 m.
        let want = vec![(12, 11_950.0), (13, 13_080.0), (15, 15_060.5)];
        let commas = "route,cote,pr,cumul_m\nD1,U,12,11950\nD1,U,13,13080\nD1,U,15,15060.5\n";
        assert_eq!(parsed(commas), (want.clone(), Vec::new()));
        let semicolons =
            "\u{feff}ROUTE;PR;CUMUL_M\r\nD1;PR 15;15 060,5\r\nD1;12;11950\r\nD1;13;13080\r\n";
        assert_eq!(parsed(semicolons), (want, Vec::new()));
    }

    #[test]
    fn bad_rows_are_told_and_the_rest_survives() {
        let text = "route,cote,pr,cumul_m\nD1,U,1,1000\n,U,2,2000\nD1,Z,2,2000\nD1,U,two,2000\r\n\
            D1,U,2,far\nD1,U,2,-5\nD1,U,2\nD1,U,3,3010\nD1,U,3,3020\nD1,U,4,1500\nD1,U,5,5000\nD1,U,2,2000\n";
        let (marks, told) = parsed(text);
        assert_eq!(marks, [(1, 1000.0), (2, 2000.0), (3, 3010.0), (5, 5000.0)]);
        let want = [
            "row 3: a road needs a name",
            "row 4: \"Z\" is not a carriageway; expected U (single), D (right) or G (left)",
            "row 5: PR \"two\", expected a whole number from 0 to 65535",
            "row 6: cumul \"far\", expected metres from the start of the road",
            "row 7: cumul \"-5\", expected metres from the start of the road",
            "row 8: cumul \"\", expected metres from the start of the road",
            "row 10: PR 3 again, at 3020.0 m; row 9 places it at 3010.0 m",
            "row 11: PR 4 at 1500.0 m, expected past PR 3 at 3010.0 m, and before the next",
        ];
        assert_eq!(told, want);
    }

    #[test]
    fn one_wild_cumul_costs_one_pr() {
        let text = "route,pr,cumul_m\nD1,1,99999\nD1,2,2000\nD1,3,3000\nD1,4,4000\n";
        let (marks, told) = parsed(text);
        assert_eq!(marks, [(2, 2000.0), (3, 3000.0), (4, 4000.0)]);
        assert_eq!(told, ["row 2: PR 1 at 99999.0 m, past the PRs that follow"]);
    }

    #[test]
    fn a_header_that_says_nothing_is_refused() {
        let why = parse(b"name,km\nD1,3\n", "prs.csv", &mut Vec::new()).unwrap_err();
        assert!(why.contains("\"name, km\": no column route"), "{why}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut text = b"route;cote;pr;cumul_m\n".to_vec();
            text.extend(&bytes);
            let _ = parse(&text, "prs.csv", &mut Vec::new());
            let _ = parse(&bytes, "prs.csv", &mut Vec::new());
        }
    }
}
