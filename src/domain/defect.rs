//! Faults of the pavement, in the survey catalogue's words.

use super::units::{Metres, Ratio, SquareMetres};
use std::fmt;
use std::str::FromStr;

/// A word that names nothing in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a {what}; expected one of {expected}")]
pub struct UnknownWord {
    what: &'static str,
    found: String,
    expected: String,
}

/// Which half of the note a defect weighs on: DOMAIN.md section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Weighs on the structural note (*note patrimoine*, NP).
    Structural,
    /// Weighs on the surface note (*note d'usage*, NU).
    Surface,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal, { $($(#[$vmeta:meta])* $variant:ident = $word:literal, $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in files.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The short code of the French survey sheet.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|it| it.word() == text || it.code() == text)
                    .ok_or_else(|| UnknownWord {
                        what: $what,
                        found: text.to_owned(),
                        expected: [$($word),+].join(", "),
                    })
            }
        }
    };
}

words!(
    /// What is wrong with the road. Names: ASTM D6433, and LTPP for « non wheel path »; codes:
    /// DOMAIN.md section 2, and FR for the edge, which it counts with FLJ.
    DefectKind, "defect", {
        /// Cracks along the road, in a wheel path (*fissure longitudinale*).
        LongitudinalCracking = "longitudinal_cracking", "FL",
        /// Cracks along the road out of the wheel paths, at a joint or elsewhere (*fissure de joint*).
        NonWheelPathCracking = "non_wheel_path_cracking", "FLJ",
        /// Cracks along the road within reach of its outer edge (*fissure de rive*).
        EdgeCracking = "edge_cracking", "FR",
        /// Cracks across the road (*fissure transversale*).
        TransverseCracking = "transverse_cracking", "FT",
        /// A mesh of cracks (*faïençage*).
        AlligatorCracking = "alligator_cracking", "FA",
        /// Large rectangular cracking.
        BlockCracking = "block_cracking", "FB",
        /// Wheel-path rutting (*orniérage*).
        Rutting = "rutting", "OR",
        /// Local settlement (*flache, affaissement*).
        Depression = "depression", "AF",
        /// A bowl-shaped hole (*nid-de-poule*).
        Pothole = "pothole", "NP",
        /// Loss of aggregate (*désenrobage, plumage, pelade*).
        Ravelling = "ravelling", "DE",
        /// Aggregate polished by traffic (*glaçage*).
        Polishing = "polishing", "GL",
        /// Excess binder at the surface (*ressuage*).
        Bleeding = "bleeding", "RE",
        /// A repair on a cut (*réparation sur découpe*).
        Patching = "patching", "RB",
        /// Any other repair: spray patching, sealed cracks (*PATA, pontage*).
        OtherRepair = "other_repair", "RA",
    }
);

words!(
    /// How grave a defect is.
    Severity, "severity", {
        /// Light (*gravité 1*).
        Low = "low", "L",
        /// Marked (*gravité 2*).
        Medium = "medium", "M",
        /// Severe (*gravité 3*).
        High = "high", "H",
    }
);

impl DefectKind {
    /// Which half of the note it weighs on.
    ///
    /// # Source
    ///
    /// DOMAIN.md section 2, last column; rutting is counted structural as large-radius rutting.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::LongitudinalCracking
            | Self::AlligatorCracking
            | Self::Rutting
            | Self::Depression
            | Self::Pothole => Family::Structural,
            Self::NonWheelPathCracking
            | Self::EdgeCracking
            | Self::TransverseCracking
            | Self::BlockCracking
            | Self::Ravelling
            | Self::Polishing
            | Self::Bleeding
            | Self::Patching
            | Self::OtherRepair => Family::Surface,
        }
    }
}

/// How much of a defect there is, in the measure of its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// Line cracks.
    Length(Metres),
    /// Surfaces.
    Area(SquareMetres),
    /// Potholes: how many, and their joint area. Not whole where it is what is expected of holes
    /// that may not all be real.
    Count(f64, SquareMetres),
}

/// Width given to a line crack when an area is wanted.
///
/// Source: HDM-4 convention, 0.5 m (DOMAIN.md section 2).
pub const LINE_CRACK_WIDTH_M: f64 = 0.5;

impl Extent {
    /// The area touched: a line crack counts 0.5 m wide.
    #[must_use]
    pub fn area(self) -> SquareMetres {
        match self {
            Self::Length(length) => SquareMetres::of(length.get() * LINE_CRACK_WIDTH_M),
            Self::Area(area) | Self::Count(_, area) => area,
        }
    }

    /// So many times as much.
    #[must_use]
    pub fn times(self, by: f64) -> Self {
        match self {
            Self::Length(length) => Self::Length(length * by),
            Self::Area(area) => Self::Area(area * by),
            Self::Count(count, area) => Self::Count(count * by, area * by),
        }
    }

    /// Metres, for a line crack.
    #[must_use]
    pub const fn length(self) -> Option<Metres> {
        match self {
            Self::Length(length) => Some(length),
            _ => None,
        }
    }
}

/// A physical fault on the road; many sightings may be one defect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Defect {
    /// What.
    pub kind: DefectKind,
    /// How grave.
    pub severity: Severity,
    /// How much.
    pub extent: Extent,
}

impl Defect {
    /// What is expected of a defect that is real with this probability.
    #[must_use]
    pub fn expected(self, probability: Ratio) -> Self {
        Self { extent: self.extent.times(probability.get()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_codes_go_both_ways() {
        for kind in DefectKind::ALL {
            assert_eq!(kind.word().parse::<DefectKind>(), Ok(*kind));
            assert_eq!(kind.code().parse::<DefectKind>(), Ok(*kind));
        }
        assert!("crocodile".parse::<DefectKind>().unwrap_err().to_string().contains("alligator"));
    }

    #[test]
    fn a_line_crack_is_half_a_metre_wide() {
        assert_eq!(Extent::Length(Metres::of(10.0)).area(), SquareMetres::of(5.0));
    }
}
