//! One long defect over successive cells.

use super::grid::CELL_M;
use crate::domain::{
    Defect, DefectKind, Direction, Evidence, Extent, LocatedDefect, Metres, Ratio, SquareMetres,
};

/// A road and a direction of travel.
pub type Lane = (usize, Direction);

/// Part of a long defect in one cell, as one frame shows it.
#[derive(Clone, Debug)]
pub struct Piece {
    pub kind: DefectKind,
    pub defect: Defect,
    pub from: f64,
    pub to: f64,
    pub lateral: f64,
    pub confidence: Ratio,
    pub width_mm: Option<f64>,
    pub evidence: Evidence,
}

/// Joins the pieces of one long defect over successive cells.
pub fn stitch<'p>(cells: impl Iterator<Item = (Lane, &'p [Piece])>) -> Vec<LocatedDefect> {
    /// Chosen: a crack that vanishes for a metre is still the same crack. It decides in how many
    /// rows a crack is listed, never its metres.
    const GAP_M: f64 = 1.0;
    /// Chosen: half the width of a wheel path, so that the two wheel paths stay two defects.
    const APART_M: f64 = 0.5;

    let mut done: Vec<LocatedDefect> = Vec::new();
    let mut open: Vec<(Lane, LocatedDefect, f64)> = Vec::new();
    for (lane, cell) in cells {
        let mut pieces: Vec<&Piece> = cell.iter().collect();
        pieces.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.lateral.total_cmp(&b.lateral)));
        for piece in pieces {
            let same = open.iter_mut().find(|(at, it, _)| {
                *at == lane
                    && it.defect.kind == piece.kind
                    && (piece.from - it.to.get()).abs() <= GAP_M
                    && (piece.lateral - it.lateral.get()).abs() <= APART_M
            });
            let size = piece.defect.extent.area().get();
            if let Some((_, it, best)) = same {
                it.to = it.to.max(Metres::of(piece.to));
                // Likely as its metres are on average, so that what is expected of it stays.
                let (before, more) = (it.defect.extent.area().get(), size);
                let expected = before * it.confidence.get() + more * piece.confidence.get();
                it.confidence = Ratio::clamped(expected / (before + more).max(1e-9));
                it.defect.extent = add(it.defect.extent, piece.defect.extent);
                it.lateral = Metres::of(piece.lateral);
                if size > *best {
                    *best = size;
                    it.evidence = piece.evidence.clone();
                    it.width_mm = piece.width_mm.or(it.width_mm);
                    it.defect.severity = piece.defect.severity;
                }
            } else {
                let started = LocatedDefect {
                    defect: piece.defect,
                    road: lane.0,
                    direction: lane.1,
                    from: Metres::of(piece.from),
                    to: Metres::of(piece.to),
                    lateral: Metres::of(piece.lateral),
                    confidence: piece.confidence,
                    width_mm: piece.width_mm,
                    evidence: piece.evidence.clone(),
                };
                open.push((lane, started, size));
            }
        }
        let reached = cell.iter().map(|it| it.to).fold(f64::NEG_INFINITY, f64::max);
        let (closed, still): (Vec<_>, Vec<_>) = std::mem::take(&mut open)
            .into_iter()
            .partition(|(at, it, _)| *at != lane || it.to.get() < reached - CELL_M - GAP_M);
        done.extend(closed.into_iter().map(|it| it.1));
        open = still;
    }
    done.extend(open.into_iter().map(|it| it.1));
    done
}

fn add(a: Extent, b: Extent) -> Extent {
    match (a, b) {
        (Extent::Length(a), Extent::Length(b)) => Extent::Length(a + b),
        (Extent::Count(n, a), Extent::Count(m, b)) => Extent::Count(n + m, a + b),
        (a, b) => Extent::Area(SquareMetres::of(a.area().get() + b.area().get())),
    }
}
