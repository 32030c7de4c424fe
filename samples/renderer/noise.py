"""Smooth random fields, the only source of texture here."""

import cv2
import numpy as np


def white(rng, shape):
    """Independent standard normal values, float32."""
    return rng.standard_normal(shape, dtype=np.float32)


def smooth(rng, shape, cell):
    """A random field of unit variance whose values change over `cell` (rows, columns), in pixels."""
    rows, columns = shape
    cell_rows, cell_columns = max(cell[0], 1.0), max(cell[1], 1.0)
    small = white(rng, (int(rows / cell_rows) + 4, int(columns / cell_columns) + 4))
    scale = np.float32([[1 / cell_columns, 0, 1.0], [0, 1 / cell_rows, 1.0]])
    field = cv2.warpAffine(
        small, scale, (columns, rows), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )
    return field / max(float(field.std()), 1e-6)


def fractal(rng, shape, cells, roughness=0.6):
    """A sum of smooth fields, coarsest first, each `roughness` times the one before; unit variance."""
    total, amplitude = np.zeros(shape, np.float32), 1.0
    for cell in cells:
        total += amplitude * smooth(rng, shape, cell)
        amplitude *= roughness
    return total / max(float(total.std()), 1e-6)


def path_noise(rng, n_points, step_m, scale_m):
    """A random function along a path, unit variance, that changes over `scale_m` metres."""
    n_knots = int(n_points * step_m / scale_m) + 4
    knots = rng.standard_normal(n_knots)
    at = np.arange(n_points) * step_m / scale_m + rng.uniform(0, 1)
    left = np.floor(at).astype(int)
    part = at - left
    part = part * part * (3 - 2 * part)
    return knots[left] * (1 - part) + knots[left + 1] * part
