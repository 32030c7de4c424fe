//! The ageing law as a piece of settings, ready to be given back with `--settings`.

use crate::domain::{AgeingLaw, Provenance};
use crate::io::atomic::{WriteError, write};
use std::fmt::Write as _;
use std::path::Path;

/// Writes `[ageing]`, each remark as a comment above it.
///
/// # Errors
///
/// When the file cannot be written whole.
pub fn write_law(
    path: &Path,
    law: &AgeingLaw,
    remarks: &[String],
    provenance: &Provenance,
) -> Result<(), WriteError> {
    write(path, text(law, remarks, provenance).as_bytes())
}

fn text(law: &AgeingLaw, remarks: &[String], provenance: &Provenance) -> String {
    let mut text = format!(
        "# voirie {} calibrate-ageing; configuration {}\n",
        provenance.version, provenance.configuration
    );
    for line in remarks.iter().flat_map(|it| it.lines()) {
        text.push_str(if line.is_empty() { "#" } else { "# " });
        text.push_str(line);
        text.push('\n');
    }
    let factors: Vec<String> =
        law.category_factors.iter().map(|(category, it)| format!("{category} = {it:.3}")).collect();
    let factors =
        if factors.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", factors.join(", ")) };
    writeln!(
        text,
        "[ageing]\nlambda_old = {:.5}\nlambda_renewed = {:.5}\nbeta = {:.4}\ncategory_factors = {factors}",
        law.lambda_old, law.lambda_renewed, law.beta
    )
    .expect("text takes any text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::config::parameters::parse_ageing;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_written_reads_back() {
        let category_factors = BTreeMap::from([(1, 1.25), (3, 0.9)]);
        for category_factors in [category_factors, BTreeMap::new()] {
            let law =
                AgeingLaw { lambda_old: 0.05, lambda_renewed: 0.2, beta: 0.4, category_factors };
            let remarks = ["two lines\n\nof remarks".to_owned()];
            let text = text(&law, &remarks, &Provenance::default());
            assert!(text.contains("\n# two lines\n#\n# of remarks\n[ageing]\n"), "{text}");
            assert_eq!(parse_ageing(&text.parse().unwrap()), Ok(law));
        }
    }
}
