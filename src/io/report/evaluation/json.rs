//! The figures as one JSON object.

use crate::domain::{Agreement, ClassQuality, Evaluation, ExtentQuality, NotesQuality, Provenance};
use serde_json::{Map, Value, json};

/// Everything measured; shares from 0 to 1, four decimals. What nothing can be said of is null.
#[must_use]
pub fn object(evaluation: &Evaluation, provenance: &Provenance) -> Value {
    let models: Map<String, Value> = provenance
        .models
        .iter()
        .map(|it| (it.name.clone(), Value::from(it.sha256.as_str())))
        .collect();
    json!({
        "frames": evaluation.frames.len(),
        "lane": evaluation.lane.as_ref().map(class),
        "crack": class(&evaluation.crack),
        "pothole": class(&evaluation.pothole),
        "per_frame": extent(evaluation.cracked.per_frame.as_ref()),
        "per_100m": extent(evaluation.cracked.per_stretch.as_ref()),
        "pothole_share": share(&evaluation.potholes),
        "image_has_pothole": { "average_precision": number(evaluation.shows_pothole) },
        "notes_per_100m": evaluation.notes.as_ref().map(notes),
        "version": provenance.version,
        "models": models,
    })
}

fn notes(it: &NotesQuality) -> Value {
    let passes = |(n, mean, deviation): (usize, Option<f64>, Option<f64>)| json!({ "n": n, "mean": number(mean), "standard_deviation": number(deviation) });
    let sections: Vec<Value> = it
        .sections
        .iter()
        .map(|it| {
            json!({
                "section": it.section,
                "frames": it.n_frames,
                "pitch_deg": number(Some(it.camera.pitch().get())),
                "pitch_sd_deg": number(Some(it.camera.pitch_sd().get())),
                "height_m": number(Some(it.camera.height().get())),
                "stretches": it.stretches.iter().map(|it| json!({
                    "from": it.from.get(),
                    "measured": number(Some(it.measured.points())),
                    "low": number(Some(it.interval.low.points())),
                    "high": number(Some(it.interval.high.points())),
                    "drawn": number(Some(it.drawn.points())),
                    "coverage": number(Some(it.coverage.get())),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "against_drawn": extent(it.agreement.as_ref()),
        "standard_deviation": number(it.deviation),
        "within_interval": number(it.inside),
        "interval_width": number(it.width),
        "odd_against_even": passes(it.passes),
        "odd_against_even_as_drawn": passes(it.drawn_passes),
        "sections": sections,
    })
}

fn class(it: &ClassQuality) -> Value {
    let bins: Vec<Value> = it
        .reliability
        .bins
        .iter()
        .map(|it| {
            json!({
                "claimed": number(Some(it.claimed)),
                "observed": number(Some(it.observed)),
                "cells": it.n_cells,
            })
        })
        .collect();
    json!({
        "iou": number(it.iou),
        "f1": number(it.f1),
        "precision": number(it.precision),
        "recall": number(it.recall),
        "average_precision": number(it.average_precision),
        "best_f1": number(it.best.map(|it| it.0)),
        "best_threshold": number(it.best.map(|it| it.1)),
        "expected_calibration_error": number(it.reliability.expected_error),
        "expected_calibration_error_of_claims": number(it.reliability.expected_error_of_claims),
        "reliability": bins,
    })
}

fn share(it: &ExtentQuality) -> Value {
    json!({
        "per_frame": extent(it.per_frame.as_ref()),
        "per_100m": extent(it.per_stretch.as_ref()),
    })
}

fn extent(it: Option<&Agreement>) -> Value {
    it.map_or(Value::Null, |it| {
        json!({
            "n": it.n,
            "pearson": number(it.pearson),
            "relative_bias": number(it.relative_bias),
            "mean_difference": number(Some(it.mean_difference)),
            "limits_of_agreement": [number(Some(it.limits.0)), number(Some(it.limits.1))],
        })
    })
}

/// Four decimals; null for nothing.
fn number(it: Option<f64>) -> Value {
    it.map_or(Value::Null, |it| Value::from((it * 1.0e4).round() / 1.0e4))
}
