"""Random training frames: an image of the own lane and its mask (0, 1 lane, 2 crack, 3 pothole)."""

from pathlib import Path

import cv2
import numpy as np

from . import defects as shapes
from .camera import Camera, Texture, view
from .finish import grassy, jpeg, sensor, vignette
from .patrol_camera import patrol_crop
from .road import CHUNK_M, HALF_M, Look, Road
from .verge import beyond, verge_texture
from .stamps import STEP_AHEAD_M, STEP_RIGHT_M

WIDTH_PX, HEIGHT_PX = 1024, 640
LENGTH_M = 30.0
# Chosen: a crack is labelled where it darkens a pixel by this share, about what an eye picks out.
VISIBLE = 0.10


def random_look(rng, lane_m):
    """A road, its markings and its light."""
    asphalt = rng.uniform(70, 165)
    tint = 1 + rng.normal(0, 0.025, 3) + np.array([1, 0, -1]) * rng.normal(0, 0.03)
    yellow = (50, 165, 225)
    grass = rng.uniform([35, 85, 60], [75, 140, 140])
    earth = rng.uniform([70, 95, 105], [110, 130, 165])
    return Look(
        asphalt=asphalt, asphalt_tint=tuple(tint), grain=rng.uniform(0.035, 0.10),
        blotch=rng.uniform(0.02, 0.07), streak=rng.uniform(0.008, 0.03),
        wheel_path=rng.normal(0, 0.07), oil=rng.uniform(0, 0.10), pits=rng.uniform(0.0, 1.2),
        stones=rng.uniform(0, 1.0), lane_m=lane_m, paved_m=lane_m + rng.choice([0.25, 0.4, 1.5]),
        line_m=rng.uniform(0.10, 0.16),
        edge_line=rng.choice(["T2", "full", "none"], p=[0.35, 0.6, 0.05]),
        centre_line=rng.choice(["T1", "full", "double", "none"], p=[0.55, 0.2, 0.2, 0.05]),
        centre_colour=yellow if rng.random() < 0.3 else (222, 226, 226),
        line_wear=rng.uniform(0, 0.6), earth=tuple(earth), grass=tuple(grass),
        earth_m=rng.uniform(0.1, 1.2), shadow=rng.choice([0, rng.uniform(0.2, 0.9)], p=[0.6, 0.4]),
        shadow_depth=rng.uniform(0.3, 0.65), sun_side=rng.choice([-1.0, 1.0]),
        joint=rng.choice([0, rng.uniform(0.1, 0.3)], p=[0.7, 0.3]),
    )


def random_defects(rng, lane_m, from_m, to_m):
    """A mix of defects in the own (right) lane and a few in the other one."""
    out = []
    kinds = ["longitudinal", "transverse", "alligator", "pothole", "patch"]
    count = 0 if rng.random() < 0.10 else rng.integers(1, 7)
    for _ in range(count):
        kind = rng.choice(kinds, p=[0.26, 0.22, 0.25, 0.17, 0.10])
        lane = lane_m / 2 if rng.random() < 0.88 else -lane_m / 2
        ahead = from_m + (to_m - from_m) * rng.uniform(0, 1) ** 1.9
        width_m = float(np.exp(rng.uniform(np.log(0.003), np.log(0.012))))
        if kind == "longitudinal":
            length = rng.uniform(3, 20)
            right = rng.choice([-0.75, 0.75, 1.2, -1.25, 0, rng.uniform(-1.2, 1.2)])
            right += lane + rng.normal(0, 0.1)
            shape = shapes.line_crack(
                rng, "longitudinal_cracking", length, width_m, branches=rng.uniform(0, 2),
                broken=rng.uniform(0, 0.35), sway_m=rng.uniform(0.02, 0.1))
            ahead -= rng.uniform(0, 0.6) * length
        elif kind == "transverse":
            length = rng.uniform(1.2, lane_m)
            right = lane - lane_m / 2 + rng.uniform(0, lane_m - length)
            shape = shapes.line_crack(
                rng, "transverse_cracking", length, width_m * 1.2, across=True,
                branches=rng.uniform(0, 0.8), broken=rng.uniform(0, 0.25),
                sway_m=rng.uniform(0.02, 0.08))
        elif kind == "alligator":
            w, l = rng.uniform(0.6, 1.8), rng.uniform(1.5, 10)
            right = lane + rng.choice([-0.75, 0.75]) + rng.normal(0, 0.12)
            right = np.clip(right, lane - lane_m / 2 + w / 2, lane + lane_m / 2 - w / 2)
            shape = shapes.alligator(rng, w, l, np.exp(rng.uniform(np.log(0.07), np.log(0.26))), width_m,
                                     rng.uniform(0.05, 0.4), rng.uniform(0.03, 0.12))
        elif kind == "pothole":
            right = lane + rng.uniform(-1.1, 1.1)
            shape = shapes.pothole(rng, np.exp(rng.uniform(np.log(0.04), np.log(1.0))))
        else:
            right = lane + rng.uniform(-0.6, 0.6)
            shape = shapes.patch(rng, rng.uniform(0.5, 2.2), rng.uniform(0.6, 8))
        out.append(shape.moved(right, ahead))
    return out


def random_camera(rng, lane_m):
    """(camera of the written frame, width the frame was shot at) for one of three views."""
    kind = rng.random()
    if kind < 0.3:
        crop, native_px = patrol_crop(rng.uniform(20, 25))
        return crop, native_px
    if kind < 0.65:
        # The survey vehicles of the real frames: the lane 890 px wide near the bottom, 145 px at
        # the top, horizon about 100 px above the frame.
        horizon = rng.uniform(-130, -70)
        height_m = lane_m / rng.uniform(1.15, 1.4)
        focal = rng.uniform(900, 1500)
        pitch = np.degrees(np.arctan2(320 - horizon, focal))
        return Camera(WIDTH_PX, HEIGHT_PX, focal, 512 + rng.normal(0, 12), 320, height_m, pitch), WIDTH_PX
    whole = Camera.whole(1920, 1080, rng.uniform(1.3, 2.4), rng.uniform(2, 16), rng.uniform(50, 75))
    top = np.clip(whole.row_of(rng.uniform(18, 27)), 0, 500)
    height = min(1080 - top, 1920 / 1.6)
    width = 1.6 * height
    crop = whole.cropped((1920 - width) / 2, top, width, height, WIDTH_PX, HEIGHT_PX)
    return crop, int(rng.uniform(700, 1300))


def mask_of(layers, camera, right_m, look):
    """The mask from crack and pothole coverage (0..255), as annotators draw it."""
    across = camera.across() + right_m
    left_m = look.line_m * (1.5 if look.centre_line == "double" else 0.5)
    lane = (across > left_m) & (across < look.lane_m - look.line_m * 0.6)
    crack = (layers[:, :, 3] / 255 > VISIBLE).astype(np.uint8)
    crack = cv2.dilate(crack, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    mask = lane.astype(np.uint8)
    mask[lane & (crack > 0)] = 2
    mask[lane & (layers[:, :, 4] > 127)] = 3
    return mask


def frame(seed, number):
    """One (image, mask), both 1024 x 640, from a seed and a number."""
    rng = np.random.default_rng([seed, number])
    lane_m = 3.0 if rng.random() < 0.4 else rng.uniform(2.8, 3.6)
    camera, native_px = random_camera(rng, lane_m)
    while not 10 < camera.ahead_of_rows([0])[0][0] < LENGTH_M - 1:
        camera, native_px = random_camera(rng, lane_m)
    look = random_look(rng, lane_m)
    nearest, _ = camera.ahead_of_rows(np.array([camera.height_px, max(camera.horizon_row() + 1, 0)]))
    look.phase_m = rng.uniform(0, 13)
    faults = random_defects(rng, lane_m, nearest[0], min(nearest[1], 20))
    road = Road(int(rng.integers(1 << 31)), look, LENGTH_M, faults)
    chunks = [road.chunk(k) for k in range(int(LENGTH_M // CHUNK_M))]
    texture = Texture(np.concatenate(chunks), -HALF_M, 0.0, STEP_RIGHT_M, STEP_AHEAD_M)
    right_m = lane_m / 2 + np.clip(rng.normal(0, 0.1), -0.25, 0.25)
    layers = view(camera, texture, right_m, 0.0, rng.uniform(0, 0.03))
    mask = mask_of(layers, camera, right_m, look)
    wide = view(camera, verge_texture(rng, look, LENGTH_M), right_m)
    image = beyond(layers[:, :, :3], wide, camera, right_m)
    grassy(rng, image, camera, look.paved_m + look.earth_m, right_m, rng.uniform(0.08, 0.2))
    haze = np.linspace(1, 0, HEIGHT_PX, dtype=np.float32)[:, None, None] ** 2
    image += haze * rng.choice([0, rng.uniform(0, 40)]) * np.float32([1.0, 0.98, 0.95])
    vignette(image, rng.uniform(0, 0.25))
    image *= rng.uniform(0.85, 1.15)
    if native_px < WIDTH_PX * 0.97:
        size = (native_px, round(native_px / 1.6))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        image = sensor(rng, image, rng.uniform(0.3, 2), 0.0, rng.uniform(0, 0.8))
        image = jpeg(image, rng.integers(25, 90))
        image = cv2.resize(image, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    else:
        blur_px = rng.choice([0, rng.uniform(0.4, 0.9)])
        image = sensor(rng, image, rng.uniform(0.5, 3.5), blur_px, rng.uniform(0.3, 1.8))
    return np.clip(image, 0, 255).astype(np.uint8), mask, int(rng.integers(70, 95))


def write_frames(count, seed, out, first=0):
    """Writes `count` frames as `<n>_XX_render_<seed>_<n>.jpg` and `.png` in `out`."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        image, mask, quality = frame(seed, number)
        stem = f"{number:05d}_XX_render_{seed}_{number:05d}"
        cv2.imwrite(str(out / f"{stem}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        cv2.imwrite(str(out / f"{stem}.png"), mask)
