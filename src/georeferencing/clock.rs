//! When a clip starts on the receiver's clock, by the motion that its pictures show.
//!
//! The speed and the turns of the track are slid along those of the pictures, and the place where they
//! agree best is the start. The pictures' scale is free: the camera's height and field of view need not
//! be right.

use super::track::CleanTrack;
use crate::domain::{ClockDoubt, ClockEstimate, Seconds, SeenMotion};

/// Step of the track's speed and turn, seconds.
///
/// Chosen: receivers give one to ten fixes a second.
const STEP_S: f64 = 0.1;

/// Steps of the search, seconds: coarse, then fine.
///
/// Chosen: speeds of a road vehicle stay alike over half a second; the fine one is a tenth of a cell at
/// 90 km/h.
const SEARCH_S: (f64, f64) = (0.3, 0.02);

/// How far from the clip's own date its true start is sought, seconds.
///
/// Chosen: cameras set by hand are out by a minute or two.
const AROUND_S: f64 = 180.0;

/// Hours by which a date may be in another zone.
///
/// Source: time zones go from UTC-12 to UTC+14; halves and quarters exist, not where we work.
const ZONES_H: std::ops::RangeInclusive<i32> = -14..=12;

/// Longest track searched for a clip without a date, seconds.
///
/// Chosen: a day and a half.
const LONGEST_S: f64 = 129_600.0;

/// Half of the time over which the track's turn is measured, seconds.
///
/// Chosen: a bearing is that of some metres, about a second's way.
const HALF_TURN_S: f64 = 0.75;

/// Slower than this, the bearing of a track is noise, metres per second.
///
/// Chosen: a brisk walk.
const TURNING_M_S: f64 = 1.5;

/// Values this near in time are neighbours: the median of five of them is taken, seconds.
///
/// Chosen: receivers smooth over about that.
const NEAR_S: f64 = 2.5;

/// Time over which speeds and turns stay alike, seconds: so long counts as one measure.
///
/// Chosen: a vehicle brakes, bends and pulls away over some ten seconds; with 2.5, one in four unrelated
/// drives was accepted.
const ALIKE_S: f64 = 8.0;

/// Least share of the variation of the speed, or of the turns, that the best start must explain.
///
/// Chosen: three quarters; of unrelated drives the best of a thousand starts seldom explains as much.
const LEAST_EXPLAINED: f64 = 0.75;

/// Fewest measures from which a start is told.
///
/// Chosen: twenty seconds' worth at the pace of the pictures.
const LEAST: usize = 40;

/// Least share of the measures for which the track must say something.
///
/// Chosen: three fifths.
const LEAST_KNOWN: f64 = 0.6;

/// Least by which the log-likelihood of the best start exceeds that of any other, four seconds away or
/// more.
///
/// Chosen: odds of four hundred to one.
const MARGIN: (f64, f64) = (6.0, 4.0);

/// Share of the variation that the track may at best leave unexplained, at least.
///
/// Chosen: a twentieth; pictures are never nearer to a track than that.
const NOISE_SHARE: f64 = 0.05;

/// Bounds of the scale of the pictures' speed and turn against the track's.
///
/// Chosen: a camera's height, pitch and field of view are known to that.
const SCALES: (f64, f64) = (0.33, 3.0);

/// Parts left out one after the other to tell the standard deviation.
///
/// Source: Künsch, « The jackknife and the bootstrap for general stationary observations », 1989.
/// Chosen: eight, so that each holds several turns or changes of speed.
const PARTS: usize = 8;

/// Least standard deviation, seconds.
///
/// Chosen: half a frame at ten a second; what cameras stamp is no better.
const LEAST_SD_S: f64 = 0.05;

/// The start of a clip by its motion: near its own date, or in another time zone; anywhere on the track
/// when it has no date.
///
/// # Errors
///
/// When the pictures do not tell it.
pub fn clip_start(
    motion: &[SeenMotion],
    dated: Option<Seconds>,
    track: &CleanTrack,
) -> Result<ClockEstimate, ClockDoubt> {
    let seen = Seen::new(motion).ok_or(ClockDoubt::NotSeen)?;
    let span = track.span().ok_or(ClockDoubt::NotSeen)?;
    let span = (span.0.get(), span.1.get());
    let length = motion.last().map_or(0.0, |it| it.at.get());
    let mut best: Option<(f64, f64)> = None;
    let mut tried: Vec<(f64, f64)> = Vec::new();
    for (from, to) in windows(dated, span, length)? {
        let driven = Driven::new(track, from, to + length);
        let mut start = from;
        while start <= to {
            if let Some(score) = seen.likelihood(&driven, start, None) {
                tried.push((start, score));
                if best.is_none_or(|it| score > it.1) {
                    best = Some((start, score));
                }
            }
            start += SEARCH_S.0;
        }
    }
    let (near, score) = best.ok_or(ClockDoubt::NotSeen)?;
    let other = tried.iter().filter(|it| (it.0 - near).abs() > MARGIN.1).map(|it| it.1);
    let reach = 3.0 * SEARCH_S.0;
    let at_an_end = ![-reach, reach]
        .iter()
        .all(|by| tried.iter().any(|it| (it.0 - near - by).abs() < SEARCH_S.0));
    // Against nothing else, the best must at least beat a track that explains nothing.
    if at_an_end || score - other.fold(0.0, f64::max) < MARGIN.0 {
        return Err(ClockDoubt::SeveralStarts);
    }
    let driven = Driven::new(track, near - 3.0, near + length + 3.0);
    // The true start may lie where none was sought: the best of the others is then no start at all.
    if seen.explained(&driven, near) < LEAST_EXPLAINED {
        return Err(ClockDoubt::SeveralStarts);
    }
    let start = seen.finest(&driven, near, None);
    let left_out: Vec<f64> =
        (0..PARTS).map(|part| seen.finest(&driven, near, Some(part))).collect();
    Ok(ClockEstimate {
        starts: Seconds::of(start),
        sd: Seconds::of(jackknife(&left_out).max(LEAST_SD_S)),
    })
}

/// Where starts are sought.
fn windows(
    dated: Option<Seconds>,
    span: (f64, f64),
    length: f64,
) -> Result<Vec<(f64, f64)>, ClockDoubt> {
    // A clip may start before its track, or end after it.
    let slack = length * (1.0 - LEAST_KNOWN);
    let (first, last) = (span.0 - slack, span.1 - length + slack);
    let Some(date) = dated.map(Seconds::get) else {
        let whole = (first, last);
        return if last - first > LONGEST_S { Err(ClockDoubt::TooLong) } else { Ok(vec![whole]) };
    };
    let window = |hours: i32| {
        let middle = date + f64::from(hours) * 3600.0;
        let (from, to) = ((middle - AROUND_S).max(first), (middle + AROUND_S).min(last));
        (from < to).then_some((from, to))
    };
    Ok(ZONES_H.filter_map(window).collect())
}

/// Speed and turn of the track at every step of a stretch of time.
struct Driven {
    from: f64,
    /// Metres and degrees per second; not a number where unknown.
    speed: Vec<f64>,
    turn: Vec<f64>,
}

impl Driven {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some steps")]
    #[expect(clippy::cast_precision_loss, reason = "a million steps at most")]
    fn new(track: &CleanTrack, from: f64, to: f64) -> Self {
        let n_steps = ((to - from) / STEP_S).ceil().max(0.0) as usize + 2;
        let poses: Vec<Option<(f64, f64)>> = (0..n_steps)
            .map(|it| {
                let pose = track.at(Seconds::of(from + it as f64 * STEP_S))?;
                Some((pose.speed_m_s, pose.bearing_deg))
            })
            .collect();
        let half = (HALF_TURN_S / STEP_S).round() as usize;
        let turn = |at: usize| {
            let (speed, _) = poses[at]?;
            if speed < TURNING_M_S {
                return Some(0.0);
            }
            let before = poses[at.checked_sub(half)?]?;
            let after = (*poses.get(at + half)?)?;
            let turned = (after.1 - before.1 + 180.0).rem_euclid(360.0) - 180.0;
            Some(turned / (2.0 * half as f64 * STEP_S))
        };
        Self {
            from,
            speed: poses.iter().map(|it| it.map_or(f64::NAN, |it| it.0)).collect(),
            turn: (0..n_steps).map(|it| turn(it).unwrap_or(f64::NAN)).collect(),
        }
    }

    /// A value between two steps; not a number outside and where unknown.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    fn at(&self, values: &[f64], time: f64) -> f64 {
        let place = (time - self.from) / STEP_S;
        if place < 0.0 {
            return f64::NAN;
        }
        let (whole, part) = (place as usize, place.fract());
        match (values.get(whole), values.get(whole + 1)) {
            (Some(a), Some(b)) => a + (b - a) * part,
            _ => f64::NAN,
        }
    }
}

/// The motion that the pictures show, without what one pair alone shows.
struct Seen {
    speed: Channel,
    turn: Channel,
}

/// One measure over time.
struct Channel {
    /// Time, value, part of the clip.
    values: Vec<(f64, f64, usize)>,
    /// What the values vary about.
    middle: f64,
}

impl Seen {
    fn new(motion: &[SeenMotion]) -> Option<Self> {
        let speeds = motion.iter().filter_map(|it| Some((it.at.get(), it.forward_m_s?)));
        let turns = motion.iter().filter_map(|it| Some((it.at.get(), it.turn_deg_s?)));
        let seen = Self {
            speed: Channel::new(&speeds.collect::<Vec<_>>(), true),
            turn: Channel::new(&turns.collect::<Vec<_>>(), false),
        };
        (seen.speed.values.len().max(seen.turn.values.len()) >= LEAST).then_some(seen)
    }

    /// Log-likelihood of a start against a track that explains nothing; nothing where the track says too
    /// little.
    fn likelihood(&self, driven: &Driven, start: f64, without: Option<usize>) -> Option<f64> {
        let speed = self.speed.left(driven, &driven.speed, start, without);
        let turn = self.turn.left(driven, &driven.turn, start, without);
        let told = |channel: &Channel, left: Option<f64>| {
            // A share below that of the noise tells no more than it.
            left.map(|it| (it + NOISE_SHARE) / (1.0 + NOISE_SHARE))
                .map(|it| -0.5 * channel.measures() * it.ln())
        };
        match (told(&self.speed, speed), told(&self.turn, turn)) {
            (None, None) => None,
            (speed, turn) => Some(speed.unwrap_or(0.0) + turn.unwrap_or(0.0)),
        }
    }

    /// The greater of the shares of the variation of the speed and of the turns that a start explains.
    fn explained(&self, driven: &Driven, start: f64) -> f64 {
        let speed = self.speed.left(driven, &driven.speed, start, None);
        let turn = self.turn.left(driven, &driven.turn, start, None);
        1.0 - speed.unwrap_or(1.0).min(turn.unwrap_or(1.0))
    }

    /// The likeliest start within some steps of one.
    fn finest(&self, driven: &Driven, near: f64, without: Option<usize>) -> f64 {
        let score =
            |start: f64| self.likelihood(driven, start, without).unwrap_or(f64::NEG_INFINITY);
        // Down from coarse steps to fine ones, so that a small bump beside the top is passed.
        let (mut best, mut step) = (near, SEARCH_S.0);
        while step >= SEARCH_S.1 {
            let around = (-4..=4).map(|it| best + f64::from(it) * step);
            best = around.max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(best);
            step /= 3.0;
        }
        best
    }
}

impl Channel {
    fn new(raw: &[(f64, f64)], about_mean: bool) -> Self {
        let last = raw.last().map_or(0.0, |it| it.0);
        let first = raw.first().map_or(0.0, |it| it.0);
        let part = |at: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
            #[expect(clippy::cast_precision_loss, reason = "a few parts")]
            let part = ((at - first) / (last - first).max(1e-9) * PARTS as f64) as usize;
            part.min(PARTS - 1)
        };
        let values: Vec<(f64, f64, usize)> = (0..raw.len())
            .map(|it| {
                // The median of five neighbours in time: one pair that went astray is passed over.
                let around = raw[it.saturating_sub(2)..(it + 3).min(raw.len())].iter();
                let near = around.filter(|other| (other.0 - raw[it].0).abs() < NEAR_S);
                let mut near: Vec<f64> = near.map(|it| it.1).collect();
                near.sort_by(f64::total_cmp);
                (raw[it].0, near[near.len() / 2], part(raw[it].0))
            })
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "some hundred values")]
        let mean = values.iter().map(|it| it.1).sum::<f64>() / values.len().max(1) as f64;
        Self { values, middle: if about_mean { mean } else { 0.0 } }
    }

    /// Share of the variation of these values that the track leaves unexplained, were the clip to start so,
    /// the scale being free; nothing where the track says too little.
    #[expect(clippy::cast_precision_loss, reason = "some hundred values")]
    fn left(
        &self,
        driven: &Driven,
        of_track: &[f64],
        start: f64,
        without: Option<usize>,
    ) -> Option<f64> {
        let counted = || self.values.iter().filter(|it| Some(it.2) != without);
        let (mut known, mut total) = (0_usize, 0_usize);
        let (mut both, mut track, mut all) = (0.0, 0.0, 0.0);
        for (at, value, _) in counted() {
            total += 1;
            all += (value - self.middle).powi(2);
            let there = driven.at(of_track, start + at);
            if there.is_finite() {
                known += 1;
                both += value * there;
                track += there * there;
            }
        }
        if known < LEAST / 2 || (known as f64) < LEAST_KNOWN * total as f64 || all <= 0.0 {
            return None;
        }
        let scale = if track > 0.0 { (both / track).clamp(SCALES.0, SCALES.1) } else { 1.0 };
        let left: f64 = counted()
            .map(|(at, value, _)| {
                let there = driven.at(of_track, start + at);
                if there.is_finite() {
                    (value - scale * there).powi(2)
                } else {
                    (value - self.middle).powi(2)
                }
            })
            .sum();
        Some(left / all)
    }

    /// How many of the values are measures of their own.
    #[expect(clippy::cast_precision_loss, reason = "some hundred values")]
    fn measures(&self) -> f64 {
        let mut apart: Vec<f64> = self.values.windows(2).map(|it| it[1].0 - it[0].0).collect();
        apart.sort_by(f64::total_cmp);
        let step = apart.get(apart.len() / 2).copied().unwrap_or(ALIKE_S);
        self.values.len() as f64 * (step / ALIKE_S).min(1.0)
    }
}

/// Standard deviation of an estimate, from those with one part left out.
#[expect(clippy::cast_precision_loss, reason = "a few parts")]
fn jackknife(left_out: &[f64]) -> f64 {
    let count = left_out.len() as f64;
    let mean = left_out.iter().sum::<f64>() / count;
    let spread: f64 = left_out.iter().map(|it| (it - mean).powi(2)).sum();
    ((count - 1.0) / count * spread).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fix, Metres, Plane, PlanePoint, Projector, Track, TrackLimits};
    use crate::georeferencing::clean;

    const NOON: f64 = 1_749_729_600.0;

    /// A drive of some minutes that turns, changes its speed and stops, as its number makes it.
    fn speed_and_turn(time: f64, drive: u32) -> (f64, f64) {
        let own = f64::from(drive);
        let wave =
            |period: f64, phase: f64| (time / (period + (own * 1.7).sin()) + phase * own).sin();
        let speed = 9.0 + 6.0 * wave(11.0, 2.1) + 5.0 * wave(4.3, 0.7);
        (speed.max(0.0), if speed > 1.0 { 9.0 * wave(7.0, 1.3) * wave(31.0, 0.4) } else { 0.0 })
    }

    /// The drive as a receiver at one fix a second gives it, and as pictures of a clip of some seconds that
    /// starts `late` after noon give it, at a scale of their own, one pair in nine astray.
    fn drive(
        n_seconds: u32,
        (late, lasting): (f64, f64),
        motion: impl Fn(f64) -> (f64, f64),
    ) -> (CleanTrack, Vec<SeenMotion>) {
        let plane = Plane::default();
        let projector = Projector::new(plane);
        let (mut x, mut y, mut bearing) = (574_000.0, 6_279_000.0, 0.7_f64);
        let (mut fixes, mut seen) = (Vec::new(), Vec::new());
        for tick in 0..n_seconds * 20 {
            let time = f64::from(tick) / 20.0;
            let (speed, turn) = motion(time);
            if tick % 20 == 0 {
                let wander = |by: f64| (time * by).sin() * 1.2;
                let at = PlanePoint { x: x + wander(2.4), y: y + wander(1.9) };
                let time = Seconds::of(NOON + time);
                fixes.push(Fix { time, position: projector.unproject(at) });
            }
            let into = time - late;
            if tick % 8 == 0 && (0.0..lasting).contains(&into) {
                let noise = (time * 17.0).sin();
                let astray = if tick / 8 % 9 == 0 { 25.0 } else { 0.0 };
                seen.push(SeenMotion {
                    at: Seconds::of(into),
                    forward_m_s: Some(speed * 1.2 + noise + astray),
                    turn_deg_s: Some(turn * 0.9 + noise),
                });
            }
            bearing += (turn / 20.0).to_radians();
            x += speed / 20.0 * bearing.sin();
            y += speed / 20.0 * bearing.cos();
        }
        let limits = TrackLimits {
            max_speed_m_s: 60.0,
            max_gap_s: Seconds::of(5.0),
            max_gap_m: Metres::of(100.0),
        };
        (clean(&Track::new(fixes), plane, &limits, "track").value, seen)
    }

    #[test]
    fn a_start_is_found_with_its_doubt_whatever_the_date_says() {
        let (track, seen) = drive(300, (61.37, 100.0), |time| speed_and_turn(time, 0));
        let truth = NOON + 61.37;
        let hour = 3600.0;
        for dated in [Some(truth), Some(truth - 48.0), Some(truth + 2.0 * hour + 20.0), None] {
            let got = clip_start(&seen, dated.map(Seconds::of), &track).unwrap();
            let off = (got.starts.get() - truth).abs();
            assert!(off < 0.25 && off < 3.0 * got.sd.get(), "{dated:?}: {off} of {:?}", got.sd);
            assert!(got.sd.get() < 0.3, "{:?}", got.sd);
        }
    }

    #[test]
    fn what_the_pictures_do_not_tell_is_not_told() {
        // A straight road at one speed is alike everywhere.
        let (track, seen) = drive(300, (61.37, 100.0), |_| (13.0, 0.0));
        let dated = Some(Seconds::of(NOON + 60.0));
        assert_eq!(clip_start(&seen, dated, &track), Err(ClockDoubt::SeveralStarts));
        let few = &drive(300, (61.37, 100.0), |time| speed_and_turn(time, 0)).1[..20];
        assert_eq!(clip_start(few, dated, &track), Err(ClockDoubt::NotSeen));
    }

    #[test]
    fn pictures_of_another_drive_are_not_placed() {
        // The true start is nowhere on the track: a clip of another hour, say.
        let tracks: Vec<_> =
            (1..=6).map(|it| drive(400, (100.0, 60.0), |time| speed_and_turn(time, it))).collect();
        let (mut own, mut placed) = (0, 0);
        for (mine, (track, _)) in tracks.iter().enumerate() {
            for (other, (_, seen)) in tracks.iter().enumerate() {
                let dated = Some(Seconds::of(NOON + 100.0));
                let got = clip_start(seen, dated, track);
                own += u32::from(mine == other && got.is_ok());
                placed += u32::from(mine != other && got.is_ok());
            }
        }
        // A minute of waves may well repeat itself: then nothing is told of its own track either.
        assert!(own >= 3 && placed <= 1, "{own} of 6, {placed} of 30");
    }
}
