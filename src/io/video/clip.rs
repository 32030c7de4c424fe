//! A clip whose index we read ourselves: MP4 or MOV with a codec that goes sample by sample.

#[cfg(feature = "video")]
use super::embedded;
use super::feed::{Feed, Step, Verdict};
use super::ffmpeg::{Packets, Tool};
use super::jpeg;
use super::mjpeg;
use super::mp4::{Codec, Index};
use super::picture::Picture;
use super::plan::{Run, plan};
use super::source::{Give, Pictures};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Who decodes the samples.
pub(super) enum Engine {
    /// The decoders built in.
    #[cfg(feature = "video")]
    Embedded,
    /// Motion JPEG: our own, else `zune-jpeg`.
    Jpeg,
    /// An installed `ffmpeg`, fed the samples we choose.
    Ffmpeg(Tool),
}

/// An indexed clip and who decodes it.
pub(super) struct Clip {
    pub(super) path: PathBuf,
    pub(super) index: Arc<Index>,
    pub(super) engine: Engine,
}

/// Puts pictures that come in decoding order back in order of rank.
pub(super) struct InOrder<'a> {
    expected: std::iter::Peekable<std::slice::Iter<'a, super::plan::Target>>,
    ready: BTreeMap<usize, Result<Picture, String>>,
}

impl<'a> InOrder<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self { expected: run.targets.iter().peekable(), ready: BTreeMap::new() }
    }

    /// Takes a picture and hands over those whose turn has come. Returns whether more are wanted.
    pub(super) fn put(
        &mut self,
        sample: usize,
        picture: Result<Picture, String>,
        give: &mut Give<'_>,
    ) -> bool {
        self.ready.insert(sample, picture);
        while let Some(target) = self.expected.peek() {
            let Some(picture) = self.ready.remove(&target.sample) else { break };
            let rank = target.rank;
            self.expected.next();
            if !give(rank, picture) {
                return false;
            }
        }
        true
    }

    /// Hands over what is left: what never came is lost for this reason.
    pub(super) fn finish(mut self, why: &str, give: &mut Give<'_>) -> bool {
        for target in self.expected {
            let picture = self.ready.remove(&target.sample);
            if !give(target.rank, picture.unwrap_or_else(|| Err(why.to_owned()))) {
                return false;
            }
        }
        true
    }
}

impl Clip {
    /// Decodes with one decoder a run; `make` gives the decoder, which takes samples.
    fn run_by_run<D>(
        &self,
        wanted: &[u64],
        give: &mut Give<'_>,
        mut make: impl FnMut() -> Result<D, String>,
        mut decode: impl FnMut(&mut D, &[u8]) -> Result<Picture, String>,
    ) -> Result<(), String> {
        let mut feed = Feed::open(&self.path, Arc::clone(&self.index))
            .map_err(|it| format!("the file cannot be opened again: {it}"))?;
        for run in plan(&self.index, wanted) {
            let mut decoder = make()?;
            let mut in_order = InOrder::new(&run);
            let more = feed.run(&run, &mut |step| {
                let (sample, result, keep, damage) = match step {
                    Step::Picture { sample, data, wanted, .. } => {
                        let result = decode(&mut decoder, data);
                        let damage = result.as_ref().err().cloned();
                        (sample, result, wanted, damage)
                    }
                    Step::Lost { sample, why } => (sample, Err(why), true, None),
                };
                if keep && !in_order.put(sample, result, give) {
                    return Verdict::Enough;
                }
                damage.map_or(Verdict::Sound, Verdict::Damaged)
            });
            if !more || !in_order.finish("the decoder gave no picture for it", give) {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Pictures for Clip {
    fn decoder(&self) -> String {
        let codec = self.index.entry.codec.name();
        match &self.engine {
            #[cfg(feature = "video")]
            Engine::Embedded => format!("{codec} (embedded)"),
            Engine::Jpeg => format!("{codec} (embedded)"),
            Engine::Ffmpeg(tool) => format!("{codec} (ffmpeg {})", tool.version),
        }
    }

    fn pictures(&mut self, wanted: &[u64], give: &mut Give<'_>) -> Result<(), String> {
        match &self.engine {
            #[cfg(feature = "video")]
            Engine::Embedded => {
                let codec: &Codec = &self.index.entry.codec;
                let make = || {
                    embedded::Decoder::new(codec)?
                        .ok_or_else(|| format!("no embedded decoder for {}", codec.name()))
                };
                self.run_by_run(wanted, give, make, |it, data| {
                    it.picture(data).map(Picture::Planes)
                })
            }
            Engine::Jpeg => self.run_by_run(
                wanted,
                give,
                || Ok(()),
                |(), data| match mjpeg::decode(data)? {
                    Some(planes) => Ok(Picture::Planes(planes)),
                    None => jpeg::decode(data).map(Picture::Rgb),
                },
            ),
            Engine::Ffmpeg(tool) => {
                let runs = plan(&self.index, wanted);
                Packets { path: &self.path, index: &self.index, tool }.pictures(&runs, give)
            }
        }
    }
}

/// Whether the codec goes sample by sample to this engine's kind.
pub(super) const fn is_fed(codec: &Codec) -> bool {
    matches!(codec, Codec::H264(_) | Codec::Hevc(_) | Codec::Jpeg | Codec::Vp9 | Codec::Av1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Image;
    use crate::io::video::plan::Target;

    #[test]
    fn pictures_come_out_by_rank_and_missing_ones_as_errors() {
        // Ranks 4, 5, 6, decoded in the order 6, 4; 5 never comes.
        let target = |rank, sample| Target { rank, sample };
        let run =
            Run { first: 0, last: 3, targets: vec![target(4, 2), target(5, 3), target(6, 1)] };
        let mut got = Vec::new();
        let give: &mut Give<'_> = &mut |rank, picture| {
            got.push((rank, picture.is_ok()));
            true
        };
        let picture = || Ok(Picture::Rgb(Image::filled(1, 1, [0; 3])));
        let mut in_order = InOrder::new(&run);
        assert!(in_order.put(1, picture(), give));
        assert!(in_order.put(2, picture(), give));
        assert!(in_order.finish("it never came", give));
        assert_eq!(got, [(4, true), (5, false), (6, true)]);
    }
}
