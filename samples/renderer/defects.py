"""The shapes of defects on the ground, in metres, with what the truth file says of them.

Coordinates are (right, ahead): right of the road's centre line, ahead along the road.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from .noise import fractal, path_noise, smooth

STEP_M = 0.01  # Chosen: along a crack, finer than any wiggle that a frame shows.
SMOOTHING_M = 0.25  # The truth's length ignores wiggles below this.
FINE_M = 0.0025  # Chosen: shapes are drawn at 2.5 mm, then averaged into the 5 x 10 mm texture.


@dataclass
class Defect:
    """One drawn fault. `strands` are (points, width in m per point); `polygon` bounds areas."""

    kind: str
    seed: int
    strands: list = field(default_factory=list)
    polygon: np.ndarray = None
    length_m: float = 0.0
    area_m2: float = 0.0
    darkness: float = 0.8
    cell_m: float = 0.15
    width_m: float = 0.008
    broken: float = 0.15
    heading: int = 1  # -1 where traffic comes towards decreasing cumuls.

    def bounds(self):
        """(right_min, ahead_min, right_max, ahead_max) in metres."""
        points = [self.polygon] if self.polygon is not None else [p for p, _ in self.strands]
        points = np.vstack(points)
        return (*points.min(0), *points.max(0))

    def moved(self, right_m, ahead_m, half_turn=False):
        """The same defect at another place, turned by 180 degrees when `half_turn`."""
        sign = -1 if half_turn else 1
        self.heading *= sign
        offset = np.array([right_m, ahead_m])
        self.strands = [(sign * p + offset, w) for p, w in self.strands]
        if self.polygon is not None:
            self.polygon = sign * self.polygon + offset
        return self


def polygon_area(points):
    """Area of a simple polygon, m2."""
    x, z = points[:, 0], points[:, 1]
    return 0.5 * abs(np.dot(x, np.roll(z, -1)) - np.dot(z, np.roll(x, -1)))


def smoothed_length(points):
    """Length of a path sampled every `STEP_M`, once wiggles below `SMOOTHING_M` are averaged out."""
    n = int(SMOOTHING_M / STEP_M) | 1
    if len(points) <= 2 * n:
        return float(np.linalg.norm(points[-1] - points[0]))
    padded = np.vstack([
        2 * points[0] - points[n // 2:0:-1], points, 2 * points[-1] - points[-2:-n // 2 - 1:-1],
    ])
    kernel = np.ones(n) / n
    mean = np.stack([np.convolve(padded[:, i], kernel, "valid") for i in (0, 1)], 1)
    return float(np.linalg.norm(np.diff(mean, axis=0), axis=1).sum())


def crack_path(rng, length_m, sway_m, wiggle_m):
    """Points every `STEP_M` of a crack that runs ahead from (0, 0): slow sway, then raggedness."""
    n = max(int(length_m / STEP_M), 8)
    ahead = np.arange(n) * STEP_M
    right = sway_m * path_noise(rng, n, STEP_M, 2.0) + 0.4 * sway_m * path_noise(rng, n, STEP_M, 0.6)
    for scale_m, part in ((0.18, 1.0), (0.07, 0.6), (0.03, 0.35)):
        right += wiggle_m * part * path_noise(rng, n, STEP_M, scale_m)
    return np.stack([right - right[0], ahead], 1)


def crack_width(rng, n, width_m, broken):
    """Width per point: swells and closes; `broken` is the share of it that has closed."""
    w = 1 + 0.45 * path_noise(rng, n, STEP_M, 0.5) + 0.45 * path_noise(rng, n, STEP_M, 0.08)
    gate = path_noise(rng, n, STEP_M, 0.3) + 0.5 * path_noise(rng, n, STEP_M, 0.08)
    closed = gate < np.quantile(gate, broken) if broken > 0 else np.zeros(n, bool)
    w = np.clip(w, 0.35, 2.4) * width_m
    w[closed] = 0.0
    taper = np.minimum(np.arange(n), np.arange(n)[::-1]) * STEP_M / 0.3
    return w * np.clip(taper + 0.3, 0, 1)


def line_crack(rng, kind, length_m, width_m, across=False, branches=1.0, broken=0.1, sway_m=0.05):
    """A longitudinal crack, or a transverse one when `across`, starting at (0, 0)."""
    main = crack_path(rng, length_m, sway_m, rng.uniform(0.008, 0.02))
    strands = [(main, crack_width(rng, len(main), width_m, broken))]
    for _ in range(rng.poisson(branches * length_m / 2.0)):
        start = rng.integers(0, len(main) - 1)
        side = crack_path(rng, rng.uniform(0.15, 0.7), 0.02, 0.015)
        angle = rng.choice([-1, 1]) * rng.uniform(0.25, 1.1)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        if rng.random() < 0.5:
            turn = -turn
        side = side @ turn.T + main[start]
        side[:, 1] = np.clip(side[:, 1], 0, length_m)
        strands.append((side, crack_width(rng, len(side), width_m * 0.7, 0.2)))
    if across:
        strands = [(p[:, ::-1].copy(), w) for p, w in strands]
    length = smoothed_length(strands[0][0])
    return Defect(
        kind, int(rng.integers(1 << 31)), strands, length_m=length, area_m2=0.5 * length,
        darkness=rng.uniform(0.7, 0.92), width_m=width_m,
    )


def blob(rng, half_right_m, half_ahead_m, raggedness, squareness=2.0, n=96):
    """A closed irregular outline round (0, 0). Squareness 2 is an ellipse, 4 nearly a box."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    radius = (np.abs(c) ** squareness + np.abs(s) ** squareness) ** (-1 / squareness)
    wave = np.zeros(n)
    for order in range(2, 20):
        wave += np.cos(order * angle + rng.uniform(0, 6.3)) * rng.normal() / order**0.7
    radius = radius * np.clip(1 + raggedness * wave, 0.45, 1.8)
    return np.stack([half_right_m * radius * c, half_ahead_m * radius * s], 1)


def alligator(rng, width_m, length_m, cell_m, crack_m, broken=0.12, raggedness=0.05):
    """A zone of mesh cracking centred on (0, 0)."""
    outline = blob(rng, width_m / 2, length_m / 2, raggedness, squareness=3.5, n=160)
    return Defect(
        "alligator_cracking", int(rng.integers(1 << 31)), polygon=outline,
        length_m=float(np.ptp(outline[:, 1])), area_m2=polygon_area(outline),
        darkness=rng.uniform(0.7, 0.92), cell_m=cell_m, width_m=crack_m,
        broken=broken,
    )


def pothole(rng, area_m2):
    """A hole of exactly `area_m2`, centred on (0, 0)."""
    outline = blob(rng, 1.0, rng.uniform(0.75, 1.6), 0.10)
    outline *= np.sqrt(area_m2 / polygon_area(outline))
    return Defect(
        "pothole", int(rng.integers(1 << 31)), polygon=outline,
        length_m=float(np.ptp(outline[:, 1])), area_m2=polygon_area(outline),
        darkness=rng.uniform(0.2, 0.5),
    )


def patch(rng, width_m, length_m):
    """A repaired rectangle with clean edges, centred on (0, 0). Not a defect."""
    w, l = width_m / 2, length_m / 2
    outline = np.array([[-w, -l], [w, -l], [w, l], [-w, l]]) + rng.normal(0, 0.015, (4, 2))
    return Defect(
        "patch", int(rng.integers(1 << 31)), polygon=outline,
        length_m=float(np.ptp(outline[:, 1])), area_m2=polygon_area(outline),
    )


def draw_strands(defect, canvas_of):
    """Draws every strand on a canvas of `FINE_M` pixels; `canvas_of(points)` gives pixel points."""
    for points, width in defect.strands:
        pixels, canvas = canvas_of(points)
        keep = slice(None, None, 2)
        pixels, width = np.round(pixels[keep] * 16).astype(np.int32), width[keep]
        for a, b, w in zip(pixels[:-1], pixels[1:], width[:-1]):
            if w > 0:
                cv2.line(canvas, a, b, 255, max(1, round(w / FINE_M)), cv2.LINE_AA, 4)


def draw_mesh(defect, shape, inside):
    """Coverage (0..255) of a crack mesh on a canvas of `FINE_M` pixels, within `inside`."""
    rng = np.random.default_rng(defect.seed)
    half = (shape[0] // 2 + 1, shape[1] // 2 + 1)  # Meshes are drawn at twice FINE_M: 5 mm.
    cell_px = defect.cell_m / (2 * FINE_M)
    seeds = np.full(half, 255, np.uint8)
    rows = np.arange(0, half[0] + cell_px, cell_px * rng.uniform(1.1, 2.0))
    columns = np.arange(0, half[1] + cell_px, cell_px)
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1).reshape(-1, 2)
    grid = (grid + rng.uniform(-0.55, 0.55, grid.shape) * cell_px).astype(int)
    grid = grid[rng.random(len(grid)) > 0.12]
    ok = (grid >= 0).all(1) & (grid < np.array(half)).all(1)
    seeds[grid[ok, 0], grid[ok, 1]] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    wiggle = max(cell_px * 0.10, 1.5)
    yy, xx = np.mgrid[0:half[0], 0:half[1]].astype(np.float32)
    cells = [(12, 12), (5, 5), (2, 2)]
    xx += wiggle * fractal(rng, half, cells, 0.55)
    yy += wiggle * fractal(rng, half, cells, 0.55)
    labels = cv2.remap(labels.astype(np.float32), xx, yy, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
    labels = labels.astype(np.int64)
    edge = np.ones(half, np.uint8)
    right, below = labels[:, :-1] != labels[:, 1:], labels[:-1] != labels[1:]
    pair = np.zeros(half, np.int64)
    pair[:, :-1][right] = (labels[:, :-1] * labels[:, 1:] + labels[:, :-1] + labels[:, 1:])[right]
    pair[:-1][below] = (labels[:-1] * labels[1:] + labels[:-1] + labels[1:])[below]
    edge[pair > 0] = 0
    strength = ((pair * 2654435761) % 1000003) / 1000003.0
    width_px = defect.width_m / (2 * FINE_M) * (0.3 + 1.1 * strength**2) * (strength > defect.broken)
    distance, nearest = cv2.distanceTransformWithLabels(edge, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    of_label = np.zeros(nearest.max() + 1, np.float32)
    # Wear is patchy: whole groups of edges stay closed, and open edges thin out towards the limits.
    worn = 0.16 * smooth(rng, half, (2.5 * cell_px, 2 * cell_px))
    limit = cv2.distanceTransform(
        (cv2.resize(inside, (half[1], half[0])) > 127).astype(np.uint8), cv2.DIST_L2, 3)
    worn -= min(0.25, 2 * defect.broken) * np.clip(1 - limit * 2 * FINE_M / 0.15, 0, 1)
    width_px = width_px * (strength + worn > defect.broken)
    of_label[nearest[edge == 0]] = width_px[edge == 0]
    swell = 1 + 0.5 * smooth(rng, half, (30, 30)) + 0.5 * smooth(rng, half, (7, 7))
    swell = np.clip(swell, 0.0, 2.2)
    cover = np.clip(of_label[nearest] * swell / 2 - distance + 0.7, 0, 1) * (of_label[nearest] > 0)
    cover = cv2.resize(cover, (half[1] * 2, half[0] * 2), interpolation=cv2.INTER_LINEAR)
    return (255 * cover[: shape[0], : shape[1]] * (inside > 0)).astype(np.uint8)
