//! Which luma and chroma make which red, green and blue.

/// Weights of red, green and blue in luma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// ITU-R BT.601, of standard definition and of JPEG.
    Bt601,
    /// ITU-R BT.709, of high definition.
    Bt709,
    /// ITU-R BT.2020, constant luminance aside.
    Bt2020,
    /// SMPTE 240M.
    Smpte240,
    /// FCC 1953.
    Fcc,
}

impl Matrix {
    /// From the code point of a stream; `None` when it is unspecified or not a luma matrix.
    ///
    /// # Source
    ///
    /// ITU-T H.273 (07/2021), table 4, `MatrixCoefficients`.
    #[must_use]
    pub const fn from_code(code: u16) -> Option<Self> {
        match code {
            1 => Some(Self::Bt709),
            4 => Some(Self::Fcc),
            5 | 6 => Some(Self::Bt601),
            7 => Some(Self::Smpte240),
            9 | 10 => Some(Self::Bt2020),
            _ => None,
        }
    }

    /// What players take when the stream says nothing.
    ///
    /// # Source
    ///
    /// Chosen: standard definition ends at 576 lines, as players assume; a wrong guess moves the
    /// greens by a few levels of 255.
    #[must_use]
    pub const fn usual(height: u32) -> Self {
        if height > 576 { Self::Bt709 } else { Self::Bt601 }
    }
}

/// What a stream says of its colours; `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colour {
    /// Weights.
    pub matrix: Option<Matrix>,
    /// Whether levels go from 0 to 255 instead of 16 to 235.
    pub full_range: Option<bool>,
}

impl Colour {
    /// Of a JPEG, whatever its container says.
    ///
    /// Source: ITU-T T.871 (JFIF), clause 7.
    pub(super) const JFIF: Self = Self { matrix: Some(Matrix::Bt601), full_range: Some(true) };

    /// This, completed by another where this says nothing.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            matrix: self.matrix.or(other.matrix),
            full_range: self.full_range.or(other.full_range),
        }
    }
}
