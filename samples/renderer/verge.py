"""The land beside the road, further out than the fine texture: fields and grass, coarse."""

import numpy as np

from .camera import Texture
from .noise import fractal
from .road import HALF_M

STEP_RIGHT_M, STEP_AHEAD_M = 0.05, 0.10
HALF_WIDTH_M = 40.0
JOIN_M = 4.4  # Where the coarse texture begins to take over; done at HALF_M.


def verge_texture(rng, look, length_m, from_m=0.0):
    """Grass on both sides, lighter and darker by clumps and by strips along the road."""
    shape = (int(length_m / STEP_AHEAD_M), int(2 * HALF_WIDTH_M / STEP_RIGHT_M))
    clumps = fractal(rng, shape, [(30, 60), (10, 20), (4, 8), (1, 2), (1, 1)], 0.85)
    strips = fractal(rng, (1, shape[1]), [(1, 60), (1, 20)])
    light = np.clip(1 + 0.26 * look.verge_detail * clumps + 0.10 * strips, 0.3, 2.2)
    dry = fractal(rng, shape, [(60, 80), (15, 20)]) * 0.08 * look.verge_detail
    colour = np.float32(look.grass) * light[:, :, None]
    colour[:, :, 2] *= 1 + dry
    colour[:, :, 1] *= 1 + 0.3 * dry
    pixels = np.clip(colour, 0, 255).astype(np.uint8)
    return Texture(pixels, -HALF_WIDTH_M, from_m, STEP_RIGHT_M, STEP_AHEAD_M)


def beyond(near, wide, camera, right_m):
    """`near` in the middle, `wide` beyond the fine texture's sides, blended over the join."""
    across = np.abs(camera.across() + right_m)
    across[~np.isfinite(across)] = HALF_M
    share = np.clip((across - JOIN_M) / (HALF_M - JOIN_M), 0, 1).astype(np.float32)[:, :, None]
    return near + share * (wide - near)
