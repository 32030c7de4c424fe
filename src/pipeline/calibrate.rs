//! What clips say of their own camera, with an anonymised frame of each to look at.

use super::camera::{camera_of, spread};
use super::clip::ClipInput;
use super::frame::grid;
use super::models::Models;
use super::privacy::hide;
use super::survey::Progress;
use crate::detection::{lane_width, vanishing_point};
use crate::domain::{
    ClipCalibration, Finding, FindingKind, FrameCalibration, RawFrame, Reported, SurveySettings,
};
use crate::ports::{FrameError, FrameSink};

/// Looks at a dozen frames of each clip. A clip that cannot be read is a finding.
///
/// Tracks are not needed. One frame is in memory at a time.
pub fn calibrate(
    clips: impl Iterator<Item = ClipInput>,
    models: &Models<'_>,
    settings: &SurveySettings,
    sink: &dyn FrameSink,
    progress: &dyn Progress,
) -> Reported<Vec<ClipCalibration>> {
    let (mut value, mut findings) = (Vec::new(), Vec::new());
    for clip in clips {
        value.extend(look(clip, models, settings, sink, progress, &mut findings));
    }
    Reported { value, findings }
}

fn look(
    clip: ClipInput,
    models: &Models<'_>,
    settings: &SurveySettings,
    sink: &dyn FrameSink,
    progress: &dyn Progress,
    findings: &mut Vec<Finding>,
) -> Option<ClipCalibration> {
    let name = clip.name;
    let mut source = match clip.source {
        Ok(source) => source,
        Err(why) => {
            findings.push(Finding::loss(&*name, FindingKind::ClipUnreadable { why }));
            return None;
        }
    };
    let every: Vec<u64> = (0..source.timeline().frames.len() as u64).collect();
    let ranks = spread(&every, &source.timeline().keyframes);
    progress.clip(&name, ranks.len());
    let aimed = camera_of(&mut *source, &ranks, &clip.camera, models, &name, findings);
    let camera = aimed.map(|it| it.camera);
    let reference = camera.unwrap_or(clip.camera.camera);
    let lane_from = models.pavement.thresholds.lane;
    let middle = ranks.get(ranks.len() / 2).copied();
    let (mut frames, mut kept) = (Vec::new(), None);
    let mut take = |frame: Result<RawFrame, FrameError>| {
        progress.frame();
        let mut frame = match frame {
            Ok(frame) => frame,
            Err(why) => {
                let number = why.stamp.as_ref().map_or(0, |it| it.number);
                let kind = FindingKind::FrameUnreadable { number, why: why.what };
                findings.push(Finding::loss(&*name, kind));
                return true;
            }
        };
        frame.stamp.clip = name.clone();
        let size = (f64::from(frame.image().width()), f64::from(frame.image().height()));
        let cells = grid(&frame, camera.as_ref(), models).ok().map(|it| it.1);
        let meets = cells.as_ref().and_then(|it| vanishing_point(it, lane_from));
        frames.push(FrameCalibration {
            number: frame.stamp.number,
            at: frame.stamp.at,
            pitch: meets.map(|(_, row)| reference.pitch_of_horizon(size, row)),
            lane_width: camera.and_then(|camera| lane_width(&cells?, lane_from, &camera, size)),
        });
        if Some(frame.stamp.number) == middle {
            kept = Some(frame);
        }
        true
    };
    if let Err(why) = source.decode(&ranks, &mut take) {
        let announced = every.len() as u64;
        let read = frames.last().map_or(0, |it: &FrameCalibration| it.number);
        let kind = FindingKind::ClipCut { read, announced, why: why.to_string() };
        findings.push(Finding::loss(&*name, kind));
    }
    let picture = kept.and_then(|frame| {
        let number = frame.stamp.number;
        let size = (frame.image().width(), frame.image().height());
        let put = || {
            let (safe, _) = hide(frame, camera.as_ref(), models, &settings.privacy)
                .map_err(|why| FindingKind::RedactionFailed { number, why })?;
            let why = |why: FrameError| why.to_string();
            let unwritten = |why| FindingKind::PictureUnwritten { number, n_frames: 1, why };
            sink.put(&safe).map_err(why).map_err(unwritten)
        };
        match put() {
            Ok(path) => Some((path, size)),
            Err(kind) => {
                findings.push(Finding::loss(&*name, kind));
                None
            }
        }
    });
    Some(ClipCalibration { clip: name, camera, frames, picture })
}
