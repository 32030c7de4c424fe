//! A network named on the command line: a file of roads, or a base that holds them.

use crate::domain::{Finding, FindingKind, Metres, Network, ReferentialVersion, Reported, Road};
use crate::io::geopackage::{Base, BaseError, BaseErrorKind};
use crate::io::network::{self, Referential};
use std::path::Path;

/// Reads the roads of a base, or of any network file with its PR.
///
/// # Errors
///
/// Those of the reader; when a table of PR is given with a base, which has its own.
pub fn read(
    path: &Path,
    prs: Option<&Path>,
    wanted: &Referential,
) -> anyhow::Result<Reported<Network>> {
    let Some(network) = of_base(path)? else { return Ok(network::read(path, prs, wanted)?) };
    anyhow::ensure!(
        prs.is_none(),
        "{}: a base has its own PR; expected none beside it",
        path.display()
    );
    let version = wanted.version.clone().or_else(|| network.version().cloned());
    Ok(Reported::clean(network.of_version(version)))
}

/// The network of a base; nothing when the file is another kind.
fn of_base(path: &Path) -> Result<Option<Network>, BaseError> {
    let another = |it: &BaseErrorKind| {
        matches!(
            it,
            BaseErrorKind::NotABase { .. } | BaseErrorKind::Io(_) | BaseErrorKind::Sql { .. }
        )
    };
    match Base::open(path) {
        Ok(base) => base.read_network().map(Some),
        Err(why) if another(why.kind()) => Ok(None),
        Err(why) => Err(why),
    }
}

/// Tells of two versions of the referential where one is expected. Two that are both unknown are taken
/// for one.
pub fn differ(
    place: &str,
    first: Option<&ReferentialVersion>,
    second: Option<&ReferentialVersion>,
) -> Option<Finding> {
    let words = |it: Option<&ReferentialVersion>| it.map(ToString::to_string);
    let kind = FindingKind::ReferentialsDiffer { first: words(first), second: words(second) };
    // An unknown version may be the same: worth knowing. Two known ones are not.
    let tell = if first.is_some() && second.is_some() { Finding::loss } else { Finding::note };
    (first != second).then(|| tell(place.to_owned(), kind))
}

/// A stretch of a road by PR and abscisse, in one cell; by cumul where there is no PR.
pub fn in_words(road: &Road, from: Metres, to: Metres) -> String {
    let at = |cumul: Metres| match road.millimetre_reference_at(cumul) {
        Some(at) => at.to_string(),
        None => format!("{:.1} m", cumul.get()),
    };
    let name = format!("{} {}", road.id, road.carriageway.letter());
    if to > from {
        format!("{name} {} – {}", at(from), at(to))
    } else {
        format!("{name} {}", at(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Weight;

    #[test]
    fn versions_that_differ_are_told() {
        let of = |text: &str| text.parse::<ReferentialVersion>().unwrap();
        let (old, new) = (of("2020-01-01"), of("2024-01-01"));
        assert_eq!(differ("a", None, None), None);
        assert_eq!(differ("a", Some(&old), Some(&old)), None);
        let weight = |a, b| differ("a", a, b).map(|it: Finding| it.weight);
        assert_eq!(weight(Some(&old), Some(&new)), Some(Weight::Loss));
        assert_eq!(weight(None, Some(&new)), Some(Weight::Note));
    }
}
