//! The frame source over whoever decodes: timeline, turn, colour, names.

use super::colour::Colour;
use super::picture::Picture;
use super::turn::{Turn, turned};
use crate::domain::{FrameStamp, RawFrame};
use crate::ports::{FrameError, FrameSource, Timeline};
use std::sync::Arc;

/// Takes a picture by rank, or why it cannot be had; returns whether more are wanted.
pub(super) type Give<'a> = dyn FnMut(u64, Result<Picture, String>) -> bool + 'a;

/// Decoded pictures by rank, as stored: neither turned nor converted.
pub(super) trait Pictures: Send {
    /// Which decoder reads the clip.
    fn decoder(&self) -> String;

    /// Hands over the pictures of these ranks, in order.
    ///
    /// # Errors
    ///
    /// When nothing more can be read.
    fn pictures(&mut self, wanted: &[u64], give: &mut Give<'_>) -> Result<(), String>;
}

/// An opened video.
pub struct Video {
    pub(super) name: Arc<str>,
    pub(super) timeline: Timeline,
    pub(super) turn: Turn,
    pub(super) colour: Colour,
    pub(super) inner: Box<dyn Pictures>,
}

impl std::fmt::Debug for Video {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Video({}, {} frames)", self.name, self.timeline.frames.len())
    }
}

impl Video {
    /// What the stream says of its colours.
    #[must_use]
    pub const fn colour(&self) -> Colour {
        self.colour
    }

    /// Decodes pictures to the samples the codec gives, neither turned nor converted: for
    /// comparing decoders.
    ///
    /// # Errors
    ///
    /// As [`FrameSource::decode`].
    pub fn pictures(
        &mut self,
        wanted: &[u64],
        give: &mut dyn FnMut(u64, Result<Picture, FrameError>) -> bool,
    ) -> Result<(), FrameError> {
        let (name, timeline) = (&self.name, &self.timeline);
        let stamp = |rank: u64| {
            let at = usize::try_from(rank).ok().and_then(|it| timeline.frames.get(it))?;
            Some(FrameStamp { clip: Arc::clone(name), number: rank, at: *at })
        };
        let lost = |rank: u64, why: &str| FrameError {
            stamp: stamp(rank),
            what: why.to_owned(),
            recoverable: true,
        };
        let mut current = None;
        let mut go_on = true;
        let mut each = |rank, picture: Result<Picture, String>| {
            current = Some(rank);
            go_on = give(rank, picture.map_err(|why| lost(rank, &why)));
            go_on
        };
        let known = timeline.frames.len() as u64;
        let shown = wanted.partition_point(|it| *it < known);
        self.inner.pictures(&wanted[..shown], &mut each).map_err(|why| FrameError {
            stamp: current.and_then(stamp),
            what: format!("{name} cannot be read further: {why}"),
            recoverable: false,
        })?;
        for &rank in &wanted[shown..] {
            if !go_on {
                break;
            }
            go_on = give(rank, Err(lost(rank, &format!("the clip has {known} frames"))));
        }
        Ok(())
    }
}

impl FrameSource for Video {
    fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    fn decoder(&self) -> String {
        self.inner.decoder()
    }

    fn decode(
        &mut self,
        wanted: &[u64],
        give: &mut dyn FnMut(Result<RawFrame, FrameError>) -> bool,
    ) -> Result<(), FrameError> {
        let (colour, turn) = (self.colour, self.turn);
        let (name, times) = (Arc::clone(&self.name), self.timeline.frames.clone());
        self.pictures(wanted, &mut |rank, picture| {
            give(picture.and_then(|picture| {
                let at = usize::try_from(rank).ok().and_then(|it| times.get(it).copied());
                let at = at.expect("a picture was decoded for a rank of the timeline");
                let stamp = FrameStamp { clip: Arc::clone(&name), number: rank, at };
                let image = match picture {
                    Picture::Planes(planes) => planes.to_rgb(colour),
                    Picture::Rgb(image) => Ok(image),
                };
                match image {
                    Ok(image) => Ok(RawFrame::new(stamp, turned(image, turn))),
                    Err(why) => Err(FrameError {
                        what: format!("its colours cannot be converted: {why}"),
                        stamp: Some(stamp),
                        recoverable: true,
                    }),
                }
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Image, Seconds};

    /// Grey pictures whose level is their rank; odd ones are damaged.
    struct Levels;

    impl Pictures for Levels {
        fn decoder(&self) -> String {
            "levels".to_owned()
        }

        fn pictures(&mut self, wanted: &[u64], give: &mut Give<'_>) -> Result<(), String> {
            for &rank in wanted {
                let level = u8::try_from(rank).unwrap();
                let image = Image::filled(2, 1, [level; 3]);
                let picture =
                    if rank % 2 == 0 { Ok(Picture::Rgb(image)) } else { Err("odd".to_owned()) };
                if !give(rank, picture) {
                    break;
                }
            }
            Ok(())
        }
    }

    fn video() -> Video {
        let frames = (0..4).map(|it| Seconds::of(f64::from(it) / 2.0)).collect();
        Video {
            name: "a.mp4".into(),
            timeline: Timeline { frames, keyframes: vec![true; 4], starts: None },
            turn: Turn::Quarter,
            colour: Colour::default(),
            inner: Box::new(Levels),
        }
    }

    #[test]
    fn frames_are_stamped_and_turned_and_damage_is_told_frame_by_frame() {
        let mut got = Vec::new();
        video()
            .decode(&[0, 1, 2, 9], &mut |frame| {
                got.push(frame);
                true
            })
            .unwrap();
        let texts: Vec<_> = got
            .iter()
            .map(|it| match it {
                Ok(frame) => {
                    format!("{} {} {:?}", frame.stamp.number, frame.stamp.at, frame.image())
                }
                Err(error) => format!("{error} {}", error.recoverable),
            })
            .collect();
        assert_eq!(
            texts,
            [
                "0 0.000 s Image(1 x 2)",
                "odd true",
                "2 1.000 s Image(1 x 2)",
                "the clip has 4 frames true",
            ]
        );
    }

    #[test]
    fn nothing_comes_after_enough() {
        let mut n = 0;
        video()
            .decode(&[0, 2, 9], &mut |_| {
                n += 1;
                false
            })
            .unwrap();
        assert_eq!(n, 1);
    }
}
