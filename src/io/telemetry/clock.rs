//! The receiver's clock against the clip's.

use crate::domain::Seconds;

/// Most pairs kept.
///
/// Chosen: a day of them, one a second; the median moves no more after some hundreds.
const MOST_PAIRS: usize = 86_400;

/// Pairs of one instant on both clocks. Single ones are late by what the camera buffers or wrong
/// until the receiver has its first lock, so their median counts.
#[derive(Default)]
pub(super) struct ClipClock(Vec<f64>);

impl ClipClock {
    /// The receiver said `receiver` when the clip was at `media`.
    pub(super) fn pair(&mut self, receiver: Seconds, media: Seconds) {
        if self.0.len() < MOST_PAIRS {
            self.0.push((receiver - media).get());
        }
    }

    /// The receiver's time of the first frame: the lower median, so that it is a value seen.
    pub(super) fn clip_start(&self) -> Option<Seconds> {
        let mut starts = self.0.clone();
        starts.sort_by(f64::total_cmp);
        starts.get(starts.len().saturating_sub(1) / 2).map(|it| Seconds::of(*it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_pair_does_not_move_the_start() {
        let mut clock = ClipClock::default();
        assert_eq!(clock.clip_start(), None);
        for (receiver, media) in [(0.0, 0.0), (1000.0, 1.0), (1001.0, 2.0), (1002.1, 3.0)] {
            clock.pair(Seconds::of(receiver), Seconds::of(media));
        }
        assert_eq!(clock.clip_start(), Some(Seconds::of(999.0)));
    }
}
