"""A pinhole camera above a plane road, and the exact area-averaged view of a ground texture.

No roll and no yaw: each image row sees one distance ahead, so a pixel covers a box on the ground
and its value is the mean of the texture over that box (summed columns, then summed rows).
"""

from dataclasses import dataclass, replace
from math import cos, radians, sin, tan

import numpy as np


@dataclass(frozen=True)
class Camera:
    """Lengths in metres, pitch in degrees (positive looks down), the rest in pixels."""

    width_px: int
    height_px: int
    focal_px: float
    centre_x_px: float
    centre_y_px: float
    height_m: float
    pitch_deg: float

    @staticmethod
    def whole(width_px, height_px, height_m, pitch_deg, hfov_deg):
        """The camera of a full frame: principal point at the centre."""
        focal_px = width_px / 2 / tan(radians(hfov_deg) / 2)
        return Camera(
            width_px, height_px, focal_px, width_px / 2, height_px / 2, height_m, pitch_deg
        )

    def cropped(self, left_px, top_px, width_px, height_px, out_width_px, out_height_px):
        """The same camera after cutting a box out of its frame and resizing that box."""
        scale = out_width_px / width_px
        return replace(
            self, width_px=out_width_px, height_px=out_height_px, focal_px=self.focal_px * scale,
            centre_x_px=(self.centre_x_px - left_px) * scale,
            centre_y_px=(self.centre_y_px - top_px) * scale,
        )

    def horizon_row(self):
        """The image row of the horizon, in pixels from the top edge."""
        return self.centre_y_px - self.focal_px * tan(radians(self.pitch_deg))

    def row_of(self, ahead_m):
        """The image row (pixels from the top edge) of the ground `ahead_m` in front."""
        s, c = sin(radians(self.pitch_deg)), cos(radians(self.pitch_deg))
        return self.centre_y_px + self.focal_px * (self.height_m * c - ahead_m * s) / (
            ahead_m * c + self.height_m * s
        )

    def ahead_of_rows(self, rows_px):
        """Distance ahead (m) and metres across per pixel, for image rows below the horizon.

        Rows at or above the horizon give infinity.
        """
        s, c = sin(radians(self.pitch_deg)), cos(radians(self.pitch_deg))
        y = (np.asarray(rows_px, float) - self.centre_y_px) / self.focal_px
        down = s + y * c
        with np.errstate(divide="ignore"):
            scale = np.where(down > 1e-6, self.height_m / np.maximum(down, 1e-6), np.inf)
        return np.where(np.isinf(scale), np.inf, scale * (c - y * s)), scale / self.focal_px

    def project(self, right_m, ahead_m, up_m):
        """Image position (u, v) in pixels of a point, `up_m` above the road."""
        s, c = sin(radians(self.pitch_deg)), cos(radians(self.pitch_deg))
        below = self.height_m - up_m
        depth = ahead_m * c + below * s
        return (
            self.centre_x_px + self.focal_px * right_m / depth,
            self.centre_y_px + self.focal_px * (below * c - ahead_m * s) / depth,
        )

    def across(self):
        """Metres to the right of the camera for every pixel centre, (height, width)."""
        _, across = self.ahead_of_rows(np.arange(self.height_px) + 0.5)
        return across[:, None] * (np.arange(self.width_px) + 0.5 - self.centre_x_px)[None, :]


@dataclass
class Texture:
    """A ground texture: `pixels` (rows forward, columns right, channels) as uint8, sizes in metres."""

    pixels: np.ndarray
    right_0_m: float
    ahead_0_m: float
    step_right_m: float
    step_ahead_m: float
    sums: np.ndarray = None

    def ahead_sums(self):
        """Running sums of the rows, computed once."""
        if self.sums is None:
            rows, columns, channels = self.pixels.shape
            self.sums = np.empty((rows + 1, columns, channels), np.int32)
            self.sums[0] = 0
            for row in range(rows):  # Several times faster than np.cumsum along this axis.
                np.add(self.sums[row], self.pixels[row], out=self.sums[row + 1])
        return self.sums


def view(camera, texture, right_m=0.0, ahead_m=0.0, smear_m=0.0):
    """What `camera`, standing at (`right_m`, `ahead_m`), sees of the texture, float32.

    `smear_m` is how far the vehicle moves while the shutter is open. Ground outside the texture
    repeats its border.
    """
    n_rows, n_columns, _ = texture.pixels.shape
    first_row = max(int(np.ceil(camera.horizon_row() + 0.5)), 0)
    out = np.zeros((camera.height_px, camera.width_px, texture.pixels.shape[2]), np.float32)
    if first_row >= camera.height_px:
        return out
    edges, _ = camera.ahead_of_rows(np.arange(first_row, camera.height_px + 1))
    at = (np.minimum(edges, 1e5) + ahead_m - texture.ahead_0_m) / texture.step_ahead_m
    far = np.clip(at[:-1] + smear_m / texture.step_ahead_m, 0.01, n_rows - 1e-3)
    near = np.clip(at[1:], 0, n_rows - 1e-3)
    near = np.minimum(near, far - 0.01)
    sums = texture.ahead_sums()

    def upto(position):
        whole = position.astype(int)
        part = (position - whole).astype(np.float32)[:, None, None]
        return sums[whole], part * texture.pixels[whole]

    far_whole, far_part = upto(far)
    near_whole, near_part = upto(near)
    lines = (far_whole - near_whole).astype(np.float32) + (far_part - near_part)
    lines /= (far - near).astype(np.float32)[:, None, None]

    along = np.zeros((lines.shape[0], n_columns + 1, lines.shape[2]), np.float32)
    np.cumsum(lines, axis=1, out=along[:, 1:])
    _, across = camera.ahead_of_rows(np.arange(first_row, camera.height_px) + 0.5)
    columns = np.arange(camera.width_px + 1) - camera.centre_x_px
    x = (across[:, None] * columns[None, :] + right_m - texture.right_0_m) / texture.step_right_m
    x = np.clip(x, 0, n_columns - 1e-3)
    whole = x.astype(int)
    part = (x - whole).astype(np.float32)[:, :, None]
    rows = np.arange(lines.shape[0])[:, None]
    total = along[rows, whole] + part * lines[rows, whole]
    extent = np.diff(x, axis=1).astype(np.float32)[:, :, None]
    inside = extent > 0.01
    mean = np.diff(total, axis=1) / np.where(inside, extent, 1)
    out[first_row:] = np.where(inside, mean, lines[rows, whole[:, :-1]])
    return out
