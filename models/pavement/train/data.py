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
    return planes.reshape(3, H // CELL, CELL, W // CELL, CELL).mean((2, 4))


def targets(share):
    """The three yes/no cell labels of the feasibility run, then the three shares."""
    yes = np.stack([share[0] > 0.5, share[1] > 0.015, share[2] > 0.15]).astype(np.float32)
    return np.concatenate([yes, share])


def _shadow(image, rng):
    """Ragged darkening, as of trees."""
    small = rng.random((rng.integers(4, 14), rng.integers(6, 20))).astype(np.float32)
    field = cv2.resize(small, (W, H), interpolation=cv2.INTER_CUBIC)
    dark = (field > rng.uniform(0.45, 0.75)).astype(np.float32)
    dark = cv2.GaussianBlur(dark, (0, 0), rng.uniform(1, 6))
    return image * (1 - dark[..., None] * rng.uniform(0.3, 0.65))


def augment(image, mask, rng):
    if rng.random() < 0.5:
        image, mask = image[:, ::-1], mask[:, ::-1]
    # Zoom, shift and keystone: camera height, pitch and lens.
    zoom = np.exp(rng.uniform(-0.3, 0.4))
    cx, cy = W / 2 + rng.uniform(-0.12, 0.12) * W, H / 2 + rng.uniform(-0.12, 0.15) * H
    lean = rng.uniform(-0.06, 0.06)
    a = np.array([[zoom, lean, W / 2 - zoom * cx - lean * cy], [0, zoom * rng.uniform(0.88, 1.14), 0], [0, 0, 1]], np.float32)
    a[1, 2] = H / 2 - a[1, 1] * cy
    if rng.random() < 0.85:
        image = cv2.warpAffine(np.ascontiguousarray(image), a[:2], (W, H), flags=cv2.INTER_LINEAR if zoom > 0.8 else cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT_101)
        mask = cv2.warpAffine(np.ascontiguousarray(mask), a[:2], (W, H), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
    image = image.astype(np.float32)
    if rng.random() < 0.2:
        image = _shadow(image, rng)
    if rng.random() < 0.3:
        image = np.repeat((image @ np.array([0.299, 0.587, 0.114], np.float32))[..., None], 3, 2)
    else:
        image = image * rng.uniform(0.88, 1.12, 3).astype(np.float32)
    image = 255 * np.clip(image / 255, 0, 1) ** rng.uniform(0.65, 1.5)
    image = (image - 110) * rng.uniform(0.7, 1.35) + 110 + rng.uniform(-25, 25)
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.5))
    if rng.random() < 0.25:
        noise = rng.standard_normal((H // 2, W)).astype(np.float32) * rng.uniform(2, 10)
        image = image + np.concatenate([noise, noise[::-1]])[..., None]
    image = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(30, 85))])[1], 1)
    return image, np.ascontiguousarray(mask)
