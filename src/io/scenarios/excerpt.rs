//! A line of a file, with a caret under the fault.

use std::fmt;
use std::ops::Range;

/// One thing wrong in a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// Character of the line, from 1.
    pub column: usize,
    /// What is wrong: found, expected.
    pub what: String,
    /// The line itself.
    text: String,
    /// How many characters to underline, at least one.
    width: usize,
}

impl Fault {
    /// The fault at a byte range of a text.
    pub fn at(source: &str, span: Range<usize>, what: impl Into<String>) -> Self {
        let start = floor(source, span.start);
        let line_start = source[..start].rfind('\n').map_or(0, |it| it + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |it| start + it);
        let end = floor(source, span.end).clamp(start, line_end);
        Self {
            line: source[..start].matches('\n').count() + 1,
            column: source[line_start..start].chars().count() + 1,
            what: what.into(),
            text: source[line_start..line_end].trim_end().to_owned(),
            width: source[start..end].trim_end().chars().count().max(1),
        }
    }
}

/// The nearest boundary between characters at or before a byte.
fn floor(source: &str, at: usize) -> usize {
    let at = at.min(source.len());
    (0..=at).rev().find(|it| source.is_char_boundary(*it)).unwrap_or(0)
}

/// The message, the line and the caret, on three lines.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs stay tabs, so that the caret stands under its character in any terminal.
        let before = self.text.chars().take(self.column - 1);
        let indent: String = before.map(|it| if it == '\t' { '\t' } else { ' ' }).collect();
        writeln!(f, "line {number}, character {}: {}", self.column, self.what)?;
        writeln!(f, "  {number} | {}", self.text)?;
        write!(f, "  {margin} | {indent}{}", "^".repeat(self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_caret_stands_under_the_fault() {
        let source = "a = 1\n\tné = \"cinq\"\nb = 2";
        let start = source.find("cinq").unwrap();
        let fault = Fault::at(source, start..start + 4, "found cinq");
        assert_eq!(
            fault.to_string(),
            "line 2, character 8: found cinq\n  2 | \tné = \"cinq\"\n    | \t      ^^^^"
        );
    }

    #[test]
    fn a_fault_at_the_end_still_has_a_caret() {
        let fault = Fault::at("a =", 3..3, "nothing");
        assert_eq!(fault.to_string(), "line 1, character 4: nothing\n  1 | a =\n    |    ^");
        assert_eq!(Fault::at("", 0..0, "nothing").line, 1);
    }

    proptest! {
        #[test]
        fn any_range_of_any_text_can_be_shown(source in "(?s).{0,60}", from in 0_usize..80, to in 0_usize..80) {
            let shown = Fault::at(&source, from..to, "x").to_string();
            prop_assert!(shown.contains('^'));
        }
    }
}
