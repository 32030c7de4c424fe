"""Frames, masks, splits and augmentation. Splits are by road section, never by frame."""

import glob
import os

import cv2
import numpy as np
from PIL import Image

W, H, CELL = 1024, 640, 16
# Sections of the feasibility run's test part: never trained on, never used for a threshold.
TEST = {"251BDF0490", "386RS169832", "080BDF0090", "290RS150131", "010BDF0018", "070BDF0050", "259ES000000"}
# Held out too: the section that the end-to-end test drives over.
DRIVE = {"386RS124739"}
# Thresholds are chosen here (and on nothing else).
VALIDATION = {"290RS070691", "070BDF0010", "060BDF0030", "386RS289112", "251BDF0525", "020BDF0070"}


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
    image = cv2.resize(image, (W, H), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(mask, (W, H), interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(image), mask


def cells(mask):
    """Share of each cell covered by lane, crack, pothole: [3, 40, 64] f32."""
    planes = np.stack([mask > 0, mask == 2, mask == 3]).astype(np.float32)
    rows, columns = mask.shape[0] // CELL, mask.shape[1] // CELL
    return planes.reshape(3, rows, CELL, columns, CELL).mean((2, 4))


def targets(share):
    """The three yes/no cell labels of the feasibility run, then the three shares."""
    yes = np.stack([share[0] > 0.5, share[1] > 0.015, share[2] > 0.15]).astype(np.float32)
    return np.concatenate([yes, share])


def _shadow(image, rng):
    """Ragged darkening, as of trees."""
    height, width = image.shape[:2]
    small = rng.random((rng.integers(4, 14), rng.integers(6, 20))).astype(np.float32)
    field = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    dark = (field > rng.uniform(0.45, 0.75)).astype(np.float32)
    dark = 1 - cv2.GaussianBlur(dark, (0, 0), rng.uniform(1, 6)) * rng.uniform(0.3, 0.65)
    return cv2.multiply(image, cv2.merge([dark] * 3), dtype=cv2.CV_8U)


def augment(image, mask, rng, size):
    """A random window of `size` (width, height): zoom, shift, lean, mirror, then light."""
    width, height = size
    zoom = np.exp(rng.uniform(-0.3, 0.35))
    tall = zoom * rng.uniform(0.88, 1.14)
    flip = -1.0 if rng.random() < 0.5 else 1.0
    lean = rng.uniform(-0.06, 0.06)
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
    tint = rng.uniform(0.88, 1.12, 3)
    if rng.random() < 0.3:
        image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        tint = np.ones(3)
    grey = np.arange(256) / 255
    gamma, gain, lift = rng.uniform(0.65, 1.5), rng.uniform(0.7, 1.35), rng.uniform(-25, 25)
    table = (255 * np.clip(grey[:, None] * tint, 0, 1) ** gamma - 110) * gain + 110 + lift
    image = cv2.LUT(image, np.clip(table, 0, 255).astype(np.uint8)[None])
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.3))
    if rng.random() < 0.25:
        noise = cv2.merge([cv2.randn(np.empty((height, width), np.int16), 0, rng.uniform(2, 9))] * 3)
        image = cv2.add(image, noise, dtype=cv2.CV_8U)
    if rng.random() < 0.15:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(30, 85))])[1], 1)
    return image, mask
