"""Faults drawn on real frames: what the few labelled roads show too rarely."""

import cv2
import numpy as np

# Chosen: the lane of the survey frames is 890 px wide near row 640 and 145 px near row 0, about
# 3.5 m: pixels to a metre across, by row.
NEAR_PX, HORIZON = 254.0, -125.0
# Chosen: metres ahead of their lowest row, some 15 m of road being in view.
NEAREST_M = 4.0


def _scale(row):
    """Pixels to a metre across the road at a row, and along it."""
    across = NEAR_PX * (row - HORIZON) / (640 - HORIZON)
    return across, across * np.clip((row - HORIZON) / 1100, 0.12, 0.8)


def _blob(rng, w, h):
    """A ragged area, f32 0..1, w x h pixels."""
    n = int(rng.integers(3, 7))
    field = cv2.resize(rng.random((n, n)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    m = int(rng.integers(8, 20))
    field += rng.uniform(0.1, 0.35) * cv2.resize(rng.random((m, m)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[-1:1:h * 1j, -1:1:w * 1j]
    field -= rng.uniform(0.5, 1.1) * (np.abs(x) ** 2.5 + np.abs(y) ** 2.5)
    level = np.quantile(field, rng.uniform(0.4, 0.7))
    border = np.zeros((h, w), np.float32)
    border[2:-2, 2:-2] = 1
    return (field > level).astype(np.float32) * border


def _place(rng, mask, width_m, length_m):
    """A window on the lane for something of that size, or nothing."""
    rows, columns = np.nonzero(mask[::8, ::8])
    if len(rows) == 0:
        return None
    k = int(rng.integers(len(rows)))
    y, x = int(rows[k]) * 8, int(columns[k]) * 8
    across, along = _scale(y)
    w, h = int(width_m * across), int(length_m * along)
    if w < 10 or h < 6:
        return None
    x0, y0 = int(np.clip(x - w // 2, 0, 1023)), int(np.clip(y - h // 2, 0, 639))
    x1, y1 = min(1024, x0 + w), min(640, y0 + h)
    return (slice(y0, y1), slice(x0, x1)) if x1 - x0 >= 10 and y1 - y0 >= 6 else None


def _fill(rng, image, donor, into):
    """Another surface for a window: of the same frame or of another road, in another tone."""
    h, w = into[0].stop - into[0].start, into[1].stop - into[1].start
    source = image if rng.random() < 0.4 else donor
    y = int(np.clip(into[0].start + rng.integers(-60, 60), 0, 640 - h))
    x = int(rng.integers(0, 1024 - w + 1)) if rng.random() < 0.3 else int(np.clip(into[1].start + rng.integers(-150, 150), 0, 1024 - w))
    fill = source[y : y + h, x : x + w].astype(np.float32)
    here = image[into].astype(np.float32).mean((0, 1))
    fill = (fill - fill.mean((0, 1))) * rng.uniform(0.5, 2.0) + here * np.exp(rng.normal(0, 0.16)) * (1 + rng.normal(0, 0.03, 3))
    if rng.random() < 0.35:
        fill = cv2.GaussianBlur(fill, (0, 0), rng.uniform(0.6, 2.0))
    if rng.random() < 0.5:
        fill += rng.normal(0, rng.uniform(3, 14), (h, w, 1))
    return fill


def strip(image, mask, donor, rng):
    """Shallow areas where the surface has gone: another tone, and an edge with a thin shadow."""
    into = _place(rng, mask, np.exp(rng.uniform(-1.6, 0.5)), np.exp(rng.uniform(-1.4, 1.2)))
    if into is None:
        return
    here = image[into].astype(np.float32)
    h, w = here.shape[:2]
    blob = _blob(rng, w, h) * (mask[into] > 0)
    if blob.sum() < 60:
        return
    soft = cv2.GaussianBlur(blob, (0, 0), rng.uniform(0.5, 1.4))
    out = _fill(rng, image, donor, into) * soft[..., None] + here * (1 - soft[..., None])
    # The sun or the sky from one side: an edge is dark where the step turns away from it.
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    turn = rng.uniform(0, 2 * np.pi)
    lit = np.clip(gx * np.cos(turn) + gy * np.sin(turn), -1, 1)
    edge = np.clip(np.hypot(gx, gy), 0, 1)
    out *= 1 - (rng.uniform(0.0, 0.22) * edge + rng.uniform(0.05, 0.5) * np.clip(lit, 0, 1))[..., None]
    out *= 1 + (rng.uniform(0, 0.2) * np.clip(-lit, 0, 1))[..., None]
    image[into] = np.clip(out, 0, 255).astype(np.uint8)
    mask[into] = np.where(blob > 0, 3, mask[into])


def repair(image, mask, donor, rng):
    """A patch: another tone with straight sides, level with the road. Not a fault to be found."""
    into = _place(rng, mask, np.exp(rng.uniform(-0.7, 0.9)), np.exp(rng.uniform(-0.3, 2.0)))
    if into is None:
        return
    here = image[into].astype(np.float32)
    h, w = here.shape[:2]
    lean = rng.uniform(-0.25, 0.25) * w
    corners = np.array([[max(0, lean), 0], [w + min(0, lean), 0], [w - max(0, lean), h], [-min(0, lean), h]])
    flat = cv2.fillConvexPoly(np.zeros((h, w), np.float32), corners.astype(np.int32), 1.0) * (mask[into] > 0)
    soft = cv2.GaussianBlur(flat, (0, 0), rng.uniform(0.4, 1.5))[..., None]
    image[into] = np.clip(_fill(rng, image, donor, into) * soft + here * (1 - soft), 0, 255).astype(np.uint8)
    mask[into] = np.where(flat > 0, 1, mask[into])


def stain(image, mask, rng):
    """Oil, water, rubber: darker or lighter with soft edges. Not a fault to be found."""
    into = _place(rng, mask, np.exp(rng.uniform(-1.2, 0.7)), np.exp(rng.uniform(-0.7, 1.8)))
    if into is None:
        return
    h, w = into[0].stop - into[0].start, into[1].stop - into[1].start
    soft = cv2.GaussianBlur(_blob(rng, w, h), (0, 0), rng.uniform(2.5, 9))[..., None]
    gain = 1 - soft * (rng.uniform(0.1, 0.5) if rng.random() < 0.8 else -rng.uniform(0.05, 0.25))
    image[into] = np.clip(image[into] * gain, 0, 255).astype(np.uint8)


def _to_frame(right_m, ahead_m):
    """Pixels of points of the road, metres right of the axis and ahead."""
    row = HORIZON + (640 - HORIZON) * NEAREST_M / ahead_m
    return 512 + right_m * _scale(row)[0], row


def _path(rng, start, heading, length_m):
    """A line that wanders about its heading (0: along the road), a point every 6 cm."""
    n = max(4, int(length_m / 0.06))
    pull, sway = rng.uniform(0.05, 0.3), rng.uniform(0.08, 0.35)
    turn, turns = 0.0, np.empty(n)
    for k, push in enumerate(rng.normal(0, sway, n)):
        turn += push - pull * turn
        turns[k] = turn
    right = start[0] + np.cumsum(np.sin(heading + turns)) * 0.06
    ahead = start[1] + np.cumsum(np.cos(heading + turns)) * 0.06
    return right, ahead


def _trace(canvas, rng, path, width_m):
    """Draws a path on a canvas of twice the frame's size, as wide as it looks at each distance."""
    right, ahead = path
    keep = (ahead > NEAREST_M * 0.95) & (ahead < 20) & (np.abs(right) < 4)
    x, y = _to_frame(right[keep], ahead[keep])
    if len(x) < 3:
        return
    px = 2 * width_m * _scale(y)[0]
    strength = np.clip(px, 0.35, 1)
    # It opens and closes along its way.
    open_ = np.interp(np.arange(len(x)), np.linspace(0, len(x), 8), np.clip(rng.normal(1.0, 0.35, 8), 0, 1))
    points = np.stack([x, y], 1) * 2 * 16
    for k in range(len(x) - 1):
        level = 255 * float(strength[k] * open_[k])
        if level > 20:
            a, b = points[k].astype(int), points[k + 1].astype(int)
            cv2.line(canvas, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), level, max(1, int(round(px[k]))), cv2.LINE_AA, 4)


def crack(image, mask, rng, sealed=False):
    """A line crack along, across or aslant, with branches; or one that was sealed, which is none."""
    kind = rng.random()
    heading = rng.normal(0, 0.12) if kind < 0.45 else np.pi / 2 + rng.normal(0, 0.15) if kind < 0.85 else rng.uniform(0, np.pi)
    start = (rng.uniform(-1.5, 1.5) if kind < 0.45 else rng.uniform(-1.8, -0.2), NEAREST_M + 12 * rng.uniform(0, 1) ** 1.8)
    length = np.exp(rng.uniform(np.log(0.6), np.log(7 if kind < 0.45 else 3.4)))
    width_m = np.exp(rng.uniform(np.log(0.03), np.log(0.12))) if sealed else np.exp(rng.uniform(np.log(0.003), np.log(0.018)))
    canvas = np.zeros((1280, 2048), np.uint8)
    path = _path(rng, start, heading, length)
    _trace(canvas, rng, path, width_m)
    if not sealed:
        for _ in range(int(rng.poisson(0.9))):
            k = int(rng.integers(len(path[0])))
            branch = _path(rng, (path[0][k], path[1][k]), heading + rng.choice([-1, 1]) * rng.uniform(0.4, 1.4), length * rng.uniform(0.1, 0.5))
            _trace(canvas, rng, branch, width_m * rng.uniform(0.4, 0.9))
    cover = cv2.resize(canvas, (1024, 640), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    cover *= mask > 0
    light = not sealed and rng.random() < 0.1
    depth = rng.uniform(0.2, 0.6) if sealed or light else rng.uniform(0.3, 0.85)
    change = cover * depth
    out = image * (1 - change[..., None]) if not light else image + change[..., None] * (230 - image.astype(np.float32))
    seen = cv2.dilate((change > 0.12).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    image[:] = np.clip(out, 0, 255).astype(np.uint8)
    mask[seen & (mask > 0) & (mask != 3)] = 1 if sealed else 2


def draw(image, mask, donor, rng):
    """A frame with faults and look-alikes drawn on it."""
    image, mask = image.copy(), mask.copy()
    for _ in range(int(rng.integers(0, 3))):
        repair(image, mask, donor, rng)
    for _ in range(int(rng.integers(0, 3))):
        stain(image, mask, rng)
    for _ in range(int(rng.integers(0, 5))):
        strip(image, mask, donor, rng)
    for _ in range(int(rng.integers(0, 4))):
        crack(image, mask, rng, sealed=rng.random() < 0.25)
    return image, mask
