"""Frames, masks, splits and augmentation. Splits are by road section, never by frame."""

import glob
import os

import cv2
import numpy as np
from PIL import Image

W, H, CELL = 1024, 640, 16
# Cross-validation by road section: a network of a fold never saw these. The one of `drive` is shipped:
# its section is the one that the end-to-end tests drive over.
FOLDS = {
    "drive": {"386RS124739"},
    "b": {"251BDF0490", "386RS169832", "290RS150131", "070BDF0050"},
    "c": {"020BDF0070", "080BDF0070", "060BDF0030", "060BDF0050", "386RS289112", "080BDF0032", "080BDF0050"},
    "d": {"290RS294095", "251BDF0052", "070BDF0010", "251BDF0525", "060BDF0012", "060BDF0010"},
}
# Annotators drew shallow stripped areas as potholes here and left cracks out: nothing is learnt of
# cracks from it.
CRACKS_LEFT_OUT = {"290RS150131"}
# Where the survey's logo is burnt in: rows and columns of the 1024 x 640 frame.
LOGO = (slice(0, 64), slice(856, 1024))


def section(path):
    return os.path.basename(path).split("_")[3]


def listing(root):
    return sorted(glob.glob(os.path.join(root, "**", "*.jpg"), recursive=True))


def load(path):
    """RGB frame and class mask, 1024 x 640."""
    image = cv2.imread(path)[..., ::-1]
    # The masks are indexed PNG: the class is the index, not the palette's grey.
    mask = np.array(Image.open(path[:-4] + ".png"))
    assert mask.ndim == 2 and mask.max() <= 3, path
    image = np.ascontiguousarray(cv2.resize(image, (W, H), interpolation=cv2.INTER_AREA))
    mask = cv2.resize(mask, (W, H), interpolation=cv2.INTER_NEAREST)
    return image, mask


def without_logo(image):
    """The frame with the survey's logo smeared out, so that nothing is learnt from it."""
    image[LOGO] = cv2.GaussianBlur(image[LOGO], (0, 0), 14)
    return image


# Light is evened out over tiles of so many pixels, an eighth of a frame each way; no level of a tile
# counts more than CLIP times an even share of it. The Rust path does the same, to the level
# (src/imaging/equalise.rs, check_light.py).
TILE, CLIP = (128, 80), 2.0


def even(image):
    """The frame in even light: CLAHE of its luma, the same change to each colour."""
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    grid = (image.shape[1] // TILE[0], image.shape[0] // TILE[1])
    change = cv2.createCLAHE(CLIP, grid).apply(luma).astype(np.int16) - luma
    return np.clip(image + change[..., None], 0, 255).astype(np.uint8)


def cells(mask):
    """Share of each cell covered by lane, crack, pothole: [3, 40, 64] f32."""
    planes = np.stack([mask > 0, mask == 2, mask == 3]).astype(np.float32)
    rows, columns = mask.shape[0] // CELL, mask.shape[1] // CELL
    return planes.reshape(3, rows, CELL, columns, CELL).mean((2, 4))


def targets(share):
    """The three yes/no cell labels of the feasibility run, then the three shares."""
    yes = np.stack([share[0] > 0.5, share[1] > 0.015, share[2] > 0.15]).astype(np.float32)
    return np.concatenate([yes, share])


def transplant(image, mask, donor, donor_mask, rng):
    """Potholes of another road, laid at about their own place, in the light of this one."""
    hole = (donor_mask == 3).astype(np.uint8)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(hole, connectivity=8)
    image, mask = image.copy(), mask.copy()
    for k in range(1, n):
        x, y, w, h, area = stats[k]
        if area < 60 or rng.random() < 0.3:
            continue
        room = 14
        x0, y0, x1, y1 = max(0, x - room), max(0, y - room), min(W, x + w + room), min(H, y + h + room)
        dx, dy = int(rng.uniform(-180, 180)), int(rng.uniform(-12, 12))
        dx, dy = int(np.clip(dx, -x0, W - x1)), int(np.clip(dy, -y0, H - y1))
        part = (labels[y0:y1, x0:x1] == k).astype(np.uint8)
        source = donor[y0:y1, x0:x1].astype(np.float32)
        into = (slice(y0 + dy, y1 + dy), slice(x0 + dx, x1 + dx))
        if (mask[into][part > 0] == 0).mean() > 0.2:
            continue
        if rng.random() < 0.5:
            part, source = part[:, ::-1], source[:, ::-1]
        wide = cv2.dilate(part, np.ones((9, 9), np.uint8))
        ring = (cv2.dilate(wide, np.ones((7, 7), np.uint8)) > 0) & (wide == 0)
        if not ring.any():
            continue
        target = image[into].astype(np.float32)
        gain = np.clip((target[ring].mean(0) + 8) / (source[ring].mean(0) + 8), 0.4, 2.5)
        soft = cv2.GaussianBlur(wide.astype(np.float32), (0, 0), rng.uniform(1.5, 3.5))[..., None]
        image[into] = np.clip(source * gain * soft + target * (1 - soft), 0, 255).astype(np.uint8)
        mask[into] = np.where(part > 0, 3, mask[into])
    return image, mask


def _shadow(image, rng):
    """Ragged darkening, as of trees."""
    height, width = image.shape[:2]
    small = rng.random((rng.integers(4, 14), rng.integers(6, 20))).astype(np.float32)
    field = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    dark = (field > rng.uniform(0.45, 0.75)).astype(np.float32)
    dark = 1 - cv2.GaussianBlur(dark, (0, 0), rng.uniform(1, 6)) * rng.uniform(0.3, 0.65)
    return cv2.multiply(image, cv2.merge([dark] * 3), dtype=cv2.CV_8U)


def _light(image, rng):
    """Colour, exposure and contrast of another camera, another surface, another hour."""
    tint = rng.uniform(0.88, 1.13, 3)
    if rng.random() < 0.35:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        tint = np.ones(3)
        if rng.random() < 0.05:
            # Cracks full of dust are lighter than the road.
            image = 255 - image
    elif rng.random() < 0.15:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
        image[..., 0] = (image[..., 0].astype(int) + int(rng.integers(0, 180))) % 180
        image[..., 1] = np.clip(image[..., 1] * rng.uniform(0.3, 1.6), 0, 255)
        image = cv2.cvtColor(image, cv2.COLOR_HSV2RGB)
    grey = np.arange(256) / 255
    gamma, gain, lift = np.exp(rng.uniform(-0.4, 0.4)), np.exp(rng.uniform(-0.4, 0.3)), rng.uniform(-25, 25)
    middle = float(image.mean())
    table = 255 * np.clip(grey[:, None] * tint, 0, 1) ** gamma
    middle = 255 * (middle / 255) ** gamma
    return cv2.LUT(image, np.clip((table - middle) * gain + middle + lift, 0, 255).astype(np.uint8)[None])


def augment(image, mask, rng, size):
    """A random window of `size` (width, height): zoom, shift, lean, mirror, then light."""
    width, height = size
    zoom = np.exp(rng.uniform(-0.4, 0.6) if width < W else rng.uniform(-0.15, 0.25))
    tall = zoom * np.exp(rng.uniform(-0.2, 0.2))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    lean = rng.uniform(-0.1, 0.1)
    # Centre of the window, in the frame: anywhere that keeps it mostly inside.
    room_x, room_y = max(0.0, W - width / zoom) / 2 + 40, max(0.0, H - height / tall) / 2 + 30
    cx, cy = W / 2 + rng.uniform(-room_x, room_x), H / 2 + rng.uniform(-room_y, room_y)
    a = np.array([[flip * zoom, lean, 0.0], [0.0, tall, 0.0]], np.float32)
    a[0, 2] = width / 2 - a[0, 0] * cx - lean * cy
    a[1, 2] = height / 2 - tall * cy
    image = cv2.warpAffine(image, a, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mask = cv2.warpAffine(mask, a, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
    if rng.random() < 0.2:
        image = _shadow(image, rng)
    image = _light(image, rng)
    kind = rng.random()
    if kind < 0.15:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.4))
    elif kind < 0.3:
        image = cv2.addWeighted(image, 1 + (k := rng.uniform(0.3, 1.5)), cv2.GaussianBlur(image, (0, 0), 1.2), -k, 0)
    elif kind < 0.4:
        small = cv2.resize(image, None, fx=(k := rng.uniform(0.5, 0.9)), fy=k, interpolation=cv2.INTER_AREA)
        image = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.25:
        noise = cv2.merge([cv2.randn(np.empty((height, width), np.int16), 0, rng.uniform(2, 10))] * 3)
        image = cv2.add(image, noise, dtype=cv2.CV_8U)
    if rng.random() < 0.15:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(30, 85))])[1], 1)
    return image, mask
