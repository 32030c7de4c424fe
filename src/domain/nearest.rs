//! Names nearest to one that is not there.

/// At most `most` of the names, the nearest to `name` first; of equals, in their order.
///
/// Nearness is the number of letters to put in, take out or change (Levenshtein), whatever their case.
///
/// # Example
///
/// ```
/// # use voirie::domain::nearest;
/// let names = ["D10-U-000000", "D117-U-000400", "D117-U-000200"];
/// assert_eq!(nearest("D117-U-00020", names, 2), ["D117-U-000200", "D117-U-000400"]);
/// ```
#[must_use]
pub fn nearest<'a>(
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<String> {
    let letters: Vec<char> = name.to_lowercase().chars().collect();
    let mut all: Vec<_> = names.into_iter().map(|it| (changes(&letters, it), it)).collect();
    all.sort_by_key(|it| it.0);
    all.into_iter().take(most).map(|it| it.1.to_owned()).collect()
}

/// How many letters differ.
fn changes(letters: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=letters.len()).collect();
    for (rank, letter) in (1..).zip(other.to_lowercase().chars()) {
        let mut before = row[0];
        row[0] = rank;
        for (at, mine) in letters.iter().enumerate() {
            let kept = before + usize::from(*mine != letter);
            before = row[at + 1];
            row[at + 1] = kept.min(before + 1).min(row[at] + 1);
        }
    }
    row[letters.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_put_in_taken_out_and_changed_are_counted() {
        let changes = |a: &str, b| changes(&a.chars().collect::<Vec<_>>(), b);
        assert_eq!(changes("kitten", "sitting"), 3);
        assert_eq!(changes("", "abc"), 3);
        assert_eq!(changes("abc", ""), 3);
        assert_eq!(changes("bbtm", "BBTM"), 0);
        assert_eq!(nearest("x", ["b", "a"], 5), ["b", "a"]);
    }
}
