//! Quarter turns of a picture: cameras fixed upside down or on their side say so in the file.

use crate::domain::Image;

/// By how much a stored picture is turned clockwise to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Shown as stored.
    #[default]
    None,
    /// 90 degrees clockwise.
    Quarter,
    /// 180 degrees.
    Half,
    /// 270 degrees clockwise.
    ThreeQuarters,
}

impl Turn {
    /// From degrees clockwise; anything but a quarter turn counts as none.
    pub(crate) const fn from_degrees(clockwise: i64) -> Self {
        match clockwise.rem_euclid(360) {
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarters,
            _ => Self::None,
        }
    }

    /// Degrees clockwise.
    pub(crate) const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }
}

/// The picture as it is shown.
pub(crate) fn turned(image: Image, turn: Turn) -> Image {
    let (w, h) = (image.width() as usize, image.height() as usize);
    if turn == Turn::None {
        return image;
    }
    let (across, down) = if turn == Turn::Half { (w, h) } else { (h, w) };
    let mut rgb = Vec::with_capacity(w * h * 3);
    for y in 0..down {
        for x in 0..across {
            let (from_x, from_y) = match turn {
                Turn::None => (x, y),
                Turn::Quarter => (y, h - 1 - x),
                Turn::Half => (w - 1 - x, h - 1 - y),
                Turn::ThreeQuarters => (w - 1 - y, x),
            };
            let at = (from_y * w + from_x) * 3;
            rgb.extend_from_slice(&image.rgb()[at..at + 3]);
        }
    }
    let (width, height) = if turn == Turn::Half {
        (image.width(), image.height())
    } else {
        (image.height(), image.width())
    };
    Image::new(width, height, rgb).expect("a turn keeps the number of pixels")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows of three pixels, told apart by their red.
    fn numbered() -> Image {
        Image::new(3, 2, (0..6).flat_map(|it| [it, 0, 0]).collect()).unwrap()
    }

    #[test]
    fn a_picture_turns_clockwise() {
        let cases: [(Turn, u32, [u8; 6]); 4] = [
            (Turn::None, 3, [0, 1, 2, 3, 4, 5]),
            (Turn::Quarter, 2, [3, 0, 4, 1, 5, 2]),
            (Turn::Half, 3, [5, 4, 3, 2, 1, 0]),
            (Turn::ThreeQuarters, 2, [2, 5, 1, 4, 0, 3]),
        ];
        for (turn, width, want) in cases {
            let got = turned(numbered(), turn);
            let reds: Vec<_> = got.rgb().chunks(3).map(|it| it[0]).collect();
            assert_eq!((got.width(), reds.as_slice()), (width, &want[..]), "{turn:?}");
            assert_eq!(Turn::from_degrees(i64::from(turn.degrees()) - 360), turn);
        }
    }
}
