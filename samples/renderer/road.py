"""The road as a ground texture: asphalt, markings, defects, shoulders, tree shadows.

Coordinates are (right of the centre line, ahead), in metres. The texture is made in chunks, each
from the seed and its own number, so a chunk never depends on which others were asked for.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from .noise import fractal, smooth, white
from .stamps import STEP_AHEAD_M, STEP_RIGHT_M, stamp

HALF_M = 5.0  # Fine texture covers this much on either side of the centre line.
CHUNK_M = 10.0
FIELD_M = 0.1  # Slow variations are kept on a 10 cm grid for the whole length.
COLUMNS = round(2 * HALF_M / STEP_RIGHT_M)
ROWS = round(CHUNK_M / STEP_AHEAD_M)


@dataclass
class Look:
    """How a road looks. Luminances are 0..255 before the camera, shares are 0..1."""

    asphalt: float = 125.0
    asphalt_tint: tuple = (1.0, 1.0, 1.0)  # blue, green, red
    grain: float = 0.075
    blotch: float = 0.05
    streak: float = 0.02
    wheel_path: float = 0.05
    oil: float = 0.04
    pits: float = 0.5
    stones: float = 0.5
    lane_m: float = 3.0
    paved_m: float = 3.25
    line_m: float = 0.12
    edge_line: str = "T2"  # "T2", "full" or "none"
    centre_line: str = "T1"  # "T1", "full", "double" or "none"
    line_colour: tuple = (222, 226, 226)
    centre_colour: tuple = (222, 226, 226)
    line_wear: float = 0.25
    earth: tuple = (88, 108, 132)
    grass: tuple = (62, 112, 100)
    earth_m: float = 0.5
    shadow: float = 0.0
    shadow_depth: float = 0.5
    sun_side: float = 1.0
    joint: float = 0.0
    verge_detail: float = 1.0  # How much of the verge's texture shows.
    phase_m: float = 0.0  # Where along the road the dashes start.


class Road:
    """A length of road from 0 to `length_m`, with its defects."""

    def __init__(self, seed, look, length_m, defects):
        self.seed, self.look, self.length_m = seed, look, length_m
        self.stamps = []
        self._bounds = [(d, d.bounds()) for d in defects]
        self._stamped = {}
        self._chunks = {}
        rng = np.random.default_rng([seed, 1])
        shape = (int(length_m / FIELD_M) + 2, int(2 * HALF_M / FIELD_M) + 2)
        blotch = fractal(rng, shape, [(60, 25), (25, 12), (10, 6), (4, 3), (2, 2)], 0.7)
        streak = fractal(rng, shape, [(200, 3), (80, 1.5), (40, 1)], 0.8)
        right = (np.arange(shape[1]) * FIELD_M - HALF_M)[None, :]
        # Wheels run 0.75 m either side of the middle of each lane; oil drips between them.
        lane = np.abs(np.abs(right) - look.lane_m / 2)
        wheel = np.exp(-(((lane - 0.75) / 0.28) ** 2))
        oil = np.exp(-((lane / 0.25) ** 2))
        vary = 0.7 + 0.3 * smooth(rng, (shape[0], 1), (150, 1))
        self.tone = 1 + look.blotch * blotch + look.streak * streak + (
            look.wheel_path * wheel - look.oil * oil) * vary
        self.tone = self.tone.astype(np.float32)
        self.hue = (0.012 * fractal(rng, shape, [(50, 20), (12, 6)])).astype(np.float32)
        self.wear = fractal(rng, shape, [(30, 10), (6, 3), (2, 1)], 0.8).astype(np.float32)
        self.edge_jitter = fractal(rng, (shape[0], 2), [(40, 1), (8, 1), (3, 1)], 0.7) * 0.06
        self.shadow_map = self._shadows(rng, (int(length_m / 0.05) + 2, int(2 * HALF_M / 0.05) + 2))

    def _shadows(self, rng, shape):
        """1 in the sun, `1 - shadow_depth` under trees; crowns stand on the sun's side."""
        look = self.look
        if look.shadow <= 0:
            return np.ones(shape, np.float32)
        crowns = smooth(rng, (shape[0], 1), (rng.uniform(60, 160), 1)) * 1.2
        crowns = crowns + 0.5 * smooth(rng, (shape[0], 1), (25, 1))
        right = (np.arange(shape[1]) * 0.05 - HALF_M)[None, :] * look.sun_side / HALF_M
        leaves = fractal(rng, shape, [(24, 24), (10, 10), (4, 4), (2, 2)], 0.75)
        reach = crowns + 1.6 * right + 0.9 * leaves + (look.shadow - 0.5) * 5
        dark = 1 / (1 + np.exp(-np.clip(reach * 6, -30, 30)))
        return (1 - look.shadow_depth * dark).astype(np.float32)

    def _slow(self, field, first_ahead_m, step_m=FIELD_M):
        """Resamples a slow field onto the grid of a chunk."""
        matrix = np.float32([
            [STEP_RIGHT_M / step_m, 0, 0],
            [0, STEP_AHEAD_M / step_m, first_ahead_m / step_m],
        ])
        return cv2.warpAffine(
            field, matrix, (COLUMNS, ROWS), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )

    def chunk(self, number):
        """Channels blue, green, red, crack, pothole as uint8 for `CHUNK_M` metres."""
        if number not in self._chunks:
            self._chunks[number] = self._draw(number)
            for old in [n for n in self._chunks if abs(n - number) > 9]:
                del self._chunks[old]
        return self._chunks[number]

    def _draw(self, number):
        look, rng = self.look, np.random.default_rng([self.seed, 2, number + 1000])
        start = number * CHUNK_M
        grain, rough = _grain(rng, look)
        tone = self._slow(self.tone, start)
        level = look.asphalt * tone * (1 + look.grain * grain)
        hue = self._slow(self.hue, start)
        crack = np.zeros((ROWS, COLUMNS), np.float32)
        hole = np.zeros_like(crack)
        tint = np.zeros_like(crack)
        self._apply(number, level, crack, hole, tint, grain)
        if look.joint > 0:
            right = np.arange(COLUMNS) * STEP_RIGHT_M - HALF_M
            level *= 1 - look.joint * np.exp(-(((right - 0.12) / 0.02) ** 2))[None, :].astype(np.float32)
        colour = level[:, :, None] * np.float32(look.asphalt_tint)
        colour[:, :, 0] *= 1 + hue
        colour[:, :, 2] *= 1 - hue
        self._markings(start, colour, rough, crack, hole)
        earth = np.float32(look.earth) * (look.asphalt / 125.0)
        colour += (tint * 0.8)[:, :, None] * (earth * (level / look.asphalt)[:, :, None] - colour)
        self._verge(rng, start, colour, rough, crack, hole)
        colour *= self._slow(self.shadow_map, start, 0.05)[:, :, None]
        out = np.empty((ROWS, COLUMNS, 5), np.uint8)
        out[:, :, :3] = np.clip(colour, 0, 255)
        out[:, :, 3] = np.clip(crack * 255, 0, 255)
        out[:, :, 4] = np.clip(hole * 255, 0, 255)
        return out

    def _apply(self, number, level, crack, hole, tint, grain):
        """Puts every defect that touches the chunk on it: patches, then cracks, then holes."""
        first_row = number * ROWS
        order = {"patch": 0, "pothole": 2}
        here = [
            (order.get(d.kind, 1), i, d) for i, (d, b) in enumerate(self._bounds)
            if b[1] - 0.3 < (number + 1) * CHUNK_M and b[3] + 0.3 > number * CHUNK_M
        ]
        for _, i, defect in sorted(here, key=lambda it: it[:2]):
            if i not in self._stamped:
                self._stamped[i] = stamp(defect, self.look.sun_side)
            s = self._stamped[i]
            top = s.row - first_row
            left = s.column + COLUMNS // 2
            r0, r1 = max(top, 0), min(top + s.crack.shape[0], ROWS)
            c0, c1 = max(left, 0), min(left + s.crack.shape[1], COLUMNS)
            if r0 >= r1 or c0 >= c1:
                continue
            to = np.s_[r0:r1, c0:c1]
            of = np.s_[r0 - top:r1 - top, c0 - left:c1 - left]
            fresh = self.look.asphalt * s.patch_tone * (1 + 0.8 * self.look.grain * grain[to])
            level[to] += s.flatten[of] * (fresh - level[to])
            level[to] *= s.shade[of] * (1 - s.crack[of])
            crack[to] = np.maximum(crack[to] * (1 - s.hole[of]), s.crack[of])
            hole[to] = np.maximum(hole[to], s.hole[of])
            tint[to] = np.maximum(tint[to], s.tint[of])

    def _markings(self, start, colour, rough, crack, hole):
        """Centre and edge lines, worn by patches, open where the road is."""
        look = self.look
        right = (np.arange(COLUMNS) + 0.5) * STEP_RIGHT_M - HALF_M
        ahead = start + (np.arange(ROWS) + 0.5) * STEP_AHEAD_M + look.phase_m
        # T1: 3 m dashes every 13 m. T2: 3 m dashes every 6.5 m (French road signs order, part 7).
        dashed = {"T1": (ahead % 13.0) < 3.0, "T2": (ahead % 6.5) < 3.0}
        edge = (look.edge_line, look.line_m * 1.2, look.line_colour)
        lines = [(-look.lane_m, *edge), (look.lane_m, *edge)]
        if look.centre_line == "double":
            centre = ("full", look.line_m, look.centre_colour)
            lines += [(-look.line_m, *centre), (look.line_m, *centre)]
        else:
            lines += [(0.0, look.centre_line, look.line_m, look.centre_colour)]
        worn = self._slow(self.wear, start)
        for at_m, style, width_m, paint in lines:
            if style == "none":
                continue
            near = np.nonzero(np.abs(right - at_m) < width_m / 2 + 0.03)[0]
            if not len(near):
                continue
            box = np.s_[:, near[0]:near[-1] + 1]
            cover = np.zeros((ROWS, len(near)), np.float32)
            along = dashed.get(style, np.ones(ROWS, bool))
            cover[np.ix_(along, np.abs(right[near] - at_m) < width_m / 2)] = 1
            keep = np.clip((worn[box] + 0.5 * rough[box] + 2.2 - 3.5 * look.line_wear) * 1.5, 0.08, 1)
            keep *= (1 - np.minimum(crack[box], 1)) * (1 - hole[box])
            cover = (cv2.GaussianBlur(cover, (0, 0), 0.8) * keep)[:, :, None]
            light = (1 + 0.03 * rough[box]) * min(1.0, 0.55 + look.asphalt / 260)
            colour[box] += cover * (np.float32(paint) * light[:, :, None] - colour[box])

    def _verge(self, rng, start, colour, rough, crack, hole):
        """Earth beside the paved width, then grass, with crumbled limits."""
        look = self.look
        right = (np.arange(COLUMNS) + 0.5) * STEP_RIGHT_M - HALF_M
        jitter = cv2.resize(
            self.edge_jitter[int(start / FIELD_M):int(start / FIELD_M) + int(CHUNK_M / FIELD_M) + 1],
            (2, ROWS + 10), interpolation=cv2.INTER_LINEAR)[:ROWS]
        limit = np.where(right[None, :] > 0, jitter[:, 1:], jitter[:, :1]) + look.paved_m
        outside = np.clip((np.abs(right)[None, :] - limit + 0.02 * rough) / 0.03, 0, 1).astype(np.float32)
        side = np.nonzero(np.abs(right) > look.paved_m - 0.4)[0]
        for half in (side[side < COLUMNS // 2], side[side >= COLUMNS // 2]):
            if not len(half):
                continue
            box = np.s_[:, half[0]:half[-1] + 1]
            shape = (ROWS, len(half))
            clumps = fractal(rng, shape, [(30, 60), (12, 24), (5, 10), (2, 3), (1, 1)], 0.85)
            seen = clumps * look.verge_detail
            dirt = 1 + 0.14 * seen + 0.12 * look.verge_detail * rough[box]
            dirt = np.float32(look.earth) * dirt[:, :, None]
            blades = np.float32(look.grass) * np.clip(1 + 0.30 * seen, 0.25, 2.2)[:, :, None]
            grown = (np.abs(right[half])[None, :] - limit[box] - look.earth_m) / 0.25 + seen * 0.7
            grown = np.clip(grown, 0, 1)[:, :, None]
            ground = dirt + grown * (blades - dirt)
            cover = outside[box]
            colour[box] += cover[:, :, None] * (ground - colour[box])
            crack[box] *= 1 - cover
            hole[box] *= 1 - cover


def _grain(rng, look):
    """Asphalt at the scale of its aggregate: (mix of scales with pits and stones, fine only)."""
    fine = cv2.resize(white(rng, (ROWS, COLUMNS // 2)), (COLUMNS, ROWS), interpolation=cv2.INTER_LINEAR)
    fine += 0.6 * white(rng, (ROWS, COLUMNS))
    grain = 1.0 * fine
    for cell, amplitude in ((2, 0.55), (4, 0.3), (9, 0.13), (22, 0.10)):
        grain += amplitude * smooth(rng, (ROWS, COLUMNS), (cell, cell * 2))
    lumps = smooth(rng, (ROWS, COLUMNS), (1.4, 2.8))
    lumps += 0.6 * smooth(rng, (ROWS, COLUMNS), (60, 120))
    grain -= look.pits * 5 * np.clip(lumps - 3.0, 0, 1.2)
    grain += look.stones * 4 * np.clip(-lumps - 3.1, 0, 1.2)
    return grain, fine
