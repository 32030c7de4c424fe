//! How good notes are, over several labelled sections.

#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]

use super::agreement::agreement;
use crate::domain::{NotesQuality, Score, SectionNotes, StretchNote, mean_and_deviation};

/// Sums up the notes of sections.
#[must_use]
pub fn judge_notes(sections: Vec<SectionNotes>) -> NotesQuality {
    let all: Vec<&StretchNote> = sections.iter().flat_map(|it| &it.stretches).collect();
    let pairs: Vec<(f64, f64)> =
        all.iter().map(|it| (it.measured.points(), it.drawn.points())).collect();
    let gaps: Vec<f64> = pairs.iter().map(|it| it.0 - it.1).collect();
    let share = |of: &dyn Fn(&StretchNote) -> f64| {
        (!all.is_empty()).then(|| all.iter().map(|it| of(it)).sum::<f64>() / all.len() as f64)
    };
    let inside = share(&|it| {
        f64::from(u8::from(it.interval.low <= it.drawn && it.drawn <= it.interval.high))
    });
    let width = share(&|it| it.interval.high.points() - it.interval.low.points());
    let passes = |of: fn(&SectionNotes) -> &[(Score, Score)]| {
        let both = sections.iter().flat_map(of);
        let gaps: Vec<f64> = both.map(|it| it.1.points() - it.0.points()).collect();
        let (mean, deviation) = mean_and_deviation(&gaps);
        (gaps.len(), mean, deviation)
    };
    NotesQuality {
        agreement: agreement(&pairs),
        deviation: mean_and_deviation(&gaps).1,
        inside,
        width,
        passes: passes(|it| &it.passes),
        drawn_passes: passes(|it| &it.drawn_passes),
        sections,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Camera, Degrees, Horizon, Metres, NoteInterval, Ratio};

    #[test]
    fn intervals_are_counted_and_passes_compared() {
        let score = Score::clamped;
        let stretch = |measured, low, high, drawn| StretchNote {
            from: Metres::ZERO,
            to: Metres::of(100.0),
            measured: score(measured),
            interval: NoteInterval { low: score(low), high: score(high) },
            drawn: score(drawn),
            coverage: Ratio::ONE,
        };
        let camera =
            Camera::new(Metres::of(1.6), Degrees::of(11.0), Degrees::of(62.0), Horizon::Configured);
        let section = SectionNotes {
            section: "A".to_owned(),
            camera: camera.unwrap(),
            n_frames: 40,
            stretches: vec![stretch(15.0, 12.0, 17.0, 13.0), stretch(18.0, 16.0, 19.0, 15.0)],
            passes: vec![(score(15.0), score(16.0)), (score(12.0), score(11.0))],
            drawn_passes: vec![],
        };
        let got = judge_notes(vec![section]);
        assert_eq!((got.inside, got.width), (Some(0.5), Some(4.0)));
        assert!((got.deviation.unwrap() - 0.5_f64.sqrt()).abs() < 1e-9);
        let (n, mean, deviation) = got.passes;
        assert_eq!((n, mean), (2, Some(0.0)));
        assert!((deviation.unwrap() - 2.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(got.drawn_passes, (0, None, None));
    }
}
