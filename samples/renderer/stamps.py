"""Defects turned into pixels on the road's texture grid."""

from dataclasses import dataclass

import cv2
import numpy as np

from .defects import FINE_M, draw_mesh, draw_strands
from .noise import fractal, white

STEP_RIGHT_M = 0.005  # Chosen: finer than a pixel of a 1280-wide frame 4 m ahead.
STEP_AHEAD_M = 0.010  # Chosen: the ground is foreshortened at least twice, so half as fine will do.
MARGIN_M = 0.25


@dataclass
class Stamp:
    """Layers over a rectangle of the grid, whose first cell is (`row`, `column`)."""

    row: int
    column: int
    crack: np.ndarray  # 0..1, coverage by open crack times its darkness.
    hole: np.ndarray  # 0..1, coverage by potholes.
    shade: np.ndarray  # Multiplies the luminance.
    tint: np.ndarray  # 0..1, how much of the earth colour shows.
    flatten: np.ndarray  # 0..1, how much of the old surface a patch hides.
    patch_tone: float = 1.0


def stamp(defect, sun_side):
    """Draws one defect. `sun_side` is +1 when the light comes from the right."""
    x0, z0, x1, z1 = defect.bounds()
    column = int(np.floor((x0 - MARGIN_M) / STEP_RIGHT_M))
    row = int(np.floor((z0 - MARGIN_M) / STEP_AHEAD_M))
    columns = int(np.ceil((x1 + MARGIN_M) / STEP_RIGHT_M)) - column
    rows = int(np.ceil((z1 + MARGIN_M) / STEP_AHEAD_M)) - row
    fine_shape = (rows * 4, columns * 2)
    origin = np.array([column * STEP_RIGHT_M, row * STEP_AHEAD_M])
    zero = np.zeros((rows, columns), np.float32)
    out = Stamp(row, column, zero, zero, np.ones_like(zero), zero, zero)

    def to_grid(fine):
        return cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255

    def outline():
        points = np.round((defect.polygon - origin) / FINE_M * 16).astype(np.int32)
        fine = np.zeros(fine_shape, np.uint8)
        cv2.fillPoly(fine, [points], 255, cv2.LINE_AA, 4)
        return fine

    rng = np.random.default_rng(defect.seed)
    if defect.kind == "pothole":
        _hole(out, to_grid(outline()), rng, sun_side, defect.darkness, defect.heading)
    elif defect.kind == "patch":
        out.flatten = to_grid(outline())
        out.patch_tone = rng.uniform(0.72, 0.92) if rng.random() < 0.7 else rng.uniform(1.05, 1.2)
    elif defect.kind == "alligator_cracking":
        inside = outline()
        out.crack = to_grid(draw_mesh(defect, fine_shape, inside)) * defect.darkness
        worn = cv2.GaussianBlur(to_grid(inside), (0, 0), 12)
        out.shade = 1 - rng.uniform(0.0, 0.14) * worn
    else:
        fine = np.zeros(fine_shape, np.uint8)
        draw_strands(defect, lambda points: ((points - origin) / FINE_M, fine))
        ragged = 0.8 + 0.35 * fractal(rng, zero.shape, [(4, 8), (1, 2)], 0.8)
        out.crack = to_grid(fine) * np.clip(ragged, 0.25, 1.15) * defect.darkness
        # Worn lips: a faint darker band where water and dirt gather.
        out.shade = 1 - 0.10 * np.clip(cv2.GaussianBlur(to_grid(fine), (0, 0), 3) * 4, 0, 1)
    return out


def _hole(out, hole, rng, sun_side, depth, heading):
    """Rough floor, a dark wall on the sun's side, a lit one opposite, loose stones around."""
    shape = hole.shape
    soft = cv2.GaussianBlur(hole, (0, 0), 3)
    slope = cv2.Sobel(cv2.GaussianBlur(hole, (0, 0), 3), cv2.CV_32F, 1, 0, ksize=3) * 2.2
    slope_ahead = heading * cv2.Sobel(cv2.GaussianBlur(hole, (0, 0), 3), cv2.CV_32F, 0, 1, ksize=3) * 2.2
    # The wall on the far side faces the camera; the near one is hidden and its edge is dark.
    wall = np.clip(-sun_side * slope * 1.0 + slope_ahead * 0.8, -1, 1)
    wall *= np.clip(0.7 + 0.6 * fractal(rng, shape, [(14, 28), (4, 8), (2, 4)], 0.8), 0, 1.4)
    floor = 1 - depth * 0.75 * soft + 0.24 * soft * fractal(rng, shape, [(12, 24), (4, 8), (2, 4)], 0.8)
    stones = np.clip(cv2.GaussianBlur(white(rng, shape), (0, 0), 1.6) * 5 - 1.2, 0, 1) * soft
    near = np.clip(cv2.GaussianBlur(hole, (0, 0), 14) * 1.4, 0, 1) - hole
    loose = (cv2.GaussianBlur(white(rng, shape), (0, 0), 1.2) * 4.4 > 2.0) * np.clip(near, 0, 1)
    rim = cv2.dilate(hole, np.ones((3, 5))) - cv2.erode(hole, np.ones((5, 9)))
    ragged = np.clip(0.6 + 0.5 * fractal(rng, shape, [(10, 20), (3, 6)]), 0, 1)
    out.hole = hole
    out.shade = np.clip(
        floor * (1 + 0.22 * np.clip(wall, 0, 1)) * (1 - 0.75 * np.clip(-wall, 0, 1))
        + 0.35 * stones - 0.45 * rim * ragged + 0.25 * loose, 0.12, 1.5,
    ).astype(np.float32)
    bare = (0.6 + 0.4 * fractal(rng, shape, [(20, 40), (6, 12)])).clip(0, 1)
    out.tint = soft * float(rng.uniform(0, 0.7)) * bare
