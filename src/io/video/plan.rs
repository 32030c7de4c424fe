//! Which samples must be decoded for the frames wanted, and from where.

use super::mp4::Index;

/// A frame wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Rank among the frames shown.
    pub(super) rank: u64,
    /// Its sample, in decoding order.
    pub(super) sample: usize,
}

/// Samples decoded in one go: from a sync sample to the last target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// A sync sample.
    pub(super) first: usize,
    /// Last sample that is needed.
    pub(super) last: usize,
    /// In order of rank.
    pub(super) targets: Vec<Target>,
}

/// Plans the runs for increasing ranks. Ranks past the end are left out.
///
/// A picture shown before the sync sample that precedes it in the file (an open group) refers
/// to the group before, so its run starts one sync sample earlier.
pub(super) fn plan(index: &Index, wanted: &[u64]) -> Vec<Run> {
    let samples = &index.samples;
    let syncs: Vec<usize> = (0..samples.len()).filter(|it| samples[*it].sync).collect();
    let mut runs: Vec<Run> = Vec::new();
    for &rank in wanted {
        let seat = usize::try_from(rank).ok().and_then(|it| it.checked_add(index.hidden));
        let Some(&sample) = seat.and_then(|it| index.order.get(it)) else { continue };
        let sample = sample as usize;
        let before = syncs.partition_point(|it| *it <= sample);
        let key = before.checked_sub(1).map_or(0, |it| syncs[it]);
        let leads = samples[sample].shown_at < samples[key].shown_at;
        let first = match before.checked_sub(2) {
            Some(earlier) if leads => syncs[earlier],
            _ => key,
        };
        let target = Target { rank, sample };
        match runs.last_mut() {
            Some(run) if (run.first..=run.last).contains(&first) => {
                run.last = run.last.max(sample);
                run.targets.push(target);
            }
            _ => runs.push(Run { first, last: sample, targets: vec![target] }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Seconds;
    use crate::io::video::mp4::{Codec, Entry, Sample};
    use crate::io::video::turn::Turn;
    use proptest::prelude::*;

    /// Samples by presentation time, sync where marked.
    fn index(shown: &[(i64, bool)]) -> Index {
        let samples: Vec<_> = shown
            .iter()
            .map(|&(shown_at, sync)| Sample { offset: 0, size: 1, shown_at, sync })
            .collect();
        let mut order: Vec<u32> = (0..u32::try_from(samples.len()).unwrap()).collect();
        order.sort_by_key(|it| samples[*it as usize].shown_at);
        Index {
            entry: Entry {
                codec: Codec::Jpeg,
                config: Vec::new(),
                width: 1,
                height: 1,
                colour: None,
            },
            turn: Turn::None,
            samples,
            order,
            hidden: 0,
            timescale: 1,
            shift: 0,
            lead: Seconds::ZERO,
            created: None,
            file_length: 100,
        }
    }

    fn spans(runs: &[Run]) -> Vec<(usize, usize)> {
        runs.iter().map(|it| (it.first, it.last)).collect()
    }

    #[test]
    fn only_groups_with_a_wanted_frame_are_read_and_only_as_far_as_needed() {
        let shown: Vec<_> = (0..30).map(|it| (it, it % 10 == 0)).collect();
        let runs = plan(&index(&shown), &[0, 3, 22]);
        assert_eq!(spans(&runs), [(0, 3), (20, 22)]);
        let keys = plan(&index(&shown), &[0, 10, 20, 99]);
        assert_eq!(spans(&keys), [(0, 0), (10, 10), (20, 20)]);
    }

    #[test]
    fn a_leading_picture_takes_the_group_before_with_it() {
        // I0 P3 B1 B2 | I6 B4 B5 P7, by presentation time.
        let shown = [
            (0, true),
            (3, false),
            (1, false),
            (2, false),
            (6, true),
            (4, false),
            (5, false),
            (7, false),
        ];
        assert_eq!(spans(&plan(&index(&shown), &[5])), [(0, 6)]);
        assert_eq!(spans(&plan(&index(&shown), &[6, 7])), [(4, 7)]);
        // The second group was passed on the way: its trailing picture needs no new start.
        assert_eq!(spans(&plan(&index(&shown), &[4, 7])), [(0, 7)]);
    }

    proptest! {
        #[test]
        fn every_frame_wanted_is_planned_once_behind_its_sync_sample(
            keys in prop::collection::vec(any::<bool>(), 1..60),
            picks in prop::collection::btree_set(0_u64..60, 0..20),
        ) {
            let mut shown: Vec<_> = (0_i64..).zip(&keys).map(|(at, key)| (at, *key)).collect();
            shown[0].1 = true;
            let index = index(&shown);
            let wanted: Vec<u64> = picks.into_iter().filter(|it| *it < shown.len() as u64).collect();
            let runs = plan(&index, &wanted);
            let ranks: Vec<_> = runs.iter().flat_map(|it| it.targets.iter().map(|t| t.rank)).collect();
            prop_assert_eq!(ranks, wanted);
            for run in &runs {
                prop_assert!(index.samples[run.first].sync);
                let inside = |it: &Target| (run.first..=run.last).contains(&it.sample);
                prop_assert!(run.targets.iter().all(inside));
            }
        }
    }
}
