"""What stands beside the road, as flat pictures in true perspective: signs, a car, trees, the sky."""

from pathlib import Path

import cv2
import numpy as np

from .noise import fractal

SIGNS = Path(__file__).parent / "signs"


def sky(rng, camera, haze=(222, 214, 205)):
    """Everything above the horizon: pale sky, soft clouds, a distant line of trees."""
    h, w = camera.height_px, camera.width_px
    horizon = camera.horizon_row()
    down = np.linspace(0, 1, h, dtype=np.float32)[:, None, None] * h / horizon
    zenith = np.float32([214, 178, 140])
    image = zenith + np.clip(down, 0, 1) * (np.float32(haze) - zenith)
    clouds = np.clip(fractal(rng, (h, w), [(60, 220), (30, 90), (14, 40)], 0.55) * 0.6, 0, 1)
    image = image + clouds[:, :, None] * (np.float32([238, 236, 234]) - image) * 0.7
    top = horizon - 9 - 6 * fractal(rng, (1, w), [(1, 90), (1, 30), (1, 9)], 0.6)[0]
    rows = np.arange(h)[:, None]
    wood = np.clip((rows - top[None, :]) / 2.0, 0, 1)[:, :, None]
    leaves = np.float32([92, 112, 100]) * (1 + 0.10 * fractal(rng, (h, w), [(6, 9), (2, 3)]))[:, :, None]
    return image + wood * (leaves - image)


def tree(rng):
    """A broad-leaved tree, 320 x 256, with alpha (floats, 0..255 and 0..1)."""
    h, w = 320, 256
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    radius = np.hypot((x - w / 2) / 118, (y - 125) / 118)
    lumps = fractal(rng, (h, w), [(50, 50), (22, 22), (9, 9), (4, 4)], 0.7)
    alpha = np.clip((0.88 - radius + 0.14 * lumps) * 14, 0, 1)
    light = np.clip(1 + 0.12 * lumps + 0.25 * (120 - y) / 120, 0.4, 1.6)
    colour = np.float32([48, 84, 66]) * light[:, :, None]
    trunk = (np.abs(x - w / 2) < 9) & (y > 200)
    colour[trunk & (alpha < 0.5)] = (58, 68, 78)
    alpha = np.maximum(alpha, trunk)
    return colour, alpha.astype(np.float32)


def sign(code):
    """A panel on its post: (colour, alpha), 192 px wide; the panel fills the top."""
    picture = cv2.imread(str(SIGNS / f"{code}.png"), cv2.IMREAD_UNCHANGED).astype(np.float32)
    return picture[:, :, :3] * 0.9, picture[:, :, 3] / 255


def plate(text):
    """A French plate, 520 x 110 px: white, a blue band at each end, black characters."""
    image = np.full((110, 520, 3), 235, np.uint8)
    image[:, :42] = image[:, -42:] = (160, 60, 20)
    cv2.rectangle(image, (1, 1), (518, 108), (60, 60, 60), 3)
    font = cv2.FONT_HERSHEY_DUPLEX
    (w, h), _ = cv2.getTextSize(text, font, 2.3, 6)
    corner = ((520 - w) // 2, (110 + h) // 2)
    cv2.putText(image, text, corner, font, 2.3, (25, 25, 25), 6, cv2.LINE_AA)
    return image.astype(np.float32)


def car_rear():
    """The back of a parked car, 700 x 580 px for 1.75 x 1.45 m: (colour, alpha)."""
    image, alpha = np.zeros((580, 700, 3), np.float32), np.zeros((580, 700), np.float32)

    def fill(points, colour):
        points = np.array(points, np.int32)
        cv2.fillPoly(image, [points], colour, cv2.LINE_AA)
        cv2.fillPoly(alpha, [points], 1.0, cv2.LINE_AA)

    for left in (40, 540):
        fill([(left, 480), (left + 120, 480), (left + 120, 578), (left, 578)], (28, 28, 30))
    body = [(20, 520), (12, 330), (60, 230), (150, 40), (200, 12)]
    fill(body + [(700 - x, y) for x, y in body[::-1]], (128, 74, 46))
    fill([(120, 220), (185, 55), (515, 55), (580, 220)], (58, 50, 44))
    fill([(130, 210), (175, 100), (300, 80), (240, 210)], (92, 84, 78))
    fill([(20, 440), (680, 440), (676, 520), (24, 520)], (70, 46, 34))
    for left in (22, 588):
        fill([(left, 260), (left + 90, 260), (left + 90, 330), (left, 330)], (40, 34, 178))
    cv2.ellipse(image, (350, 250), (26, 14), 0, 0, 360, (190, 190, 190), -1, cv2.LINE_AA)
    return image, alpha


def paste(image, camera, picture, right_m, ahead_m, bottom_m, width_m, height_m, haze_m=0.0):
    """Draws an upright picture facing the driver; its bottom middle is at (right, ahead, bottom)."""
    colour, alpha = picture
    corners = [
        camera.project(right_m + sx * width_m / 2, ahead_m, bottom_m + up)
        for sx, up in ((-1, height_m), (1, height_m), (1, 0), (-1, 0))
    ]
    target = np.float32(corners)
    width_px = float(np.linalg.norm(target[1] - target[0]))
    if ahead_m < 2 or width_px < 1.0:
        return
    # Shrink first, so that the warp itself never skips pixels.
    scale = min(1.0, 1.3 * width_px / colour.shape[1])
    size = (max(2, round(colour.shape[1] * scale)), max(2, round(colour.shape[0] * scale)))
    packed = cv2.resize(np.dstack([colour * alpha[:, :, None], alpha]), size, interpolation=cv2.INTER_AREA)
    x0, y0 = np.floor(target.min(0)).astype(int) - 2
    x1, y1 = np.ceil(target.max(0)).astype(int) + 2
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, image.shape[1]), min(y1, image.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    source = np.float32([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]]) - 0.5
    matrix = cv2.getPerspectiveTransform(source, target - np.float32([x0, y0]) - 0.5)
    drawn = cv2.warpPerspective(packed, matrix, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR)
    cover = drawn[:, :, 3:]
    new = drawn[:, :, :3]
    if haze_m > 0:
        far = 1 - np.exp(-ahead_m / haze_m)
        new = new + far * (np.float32([214, 208, 200]) * cover - new)
    box = image[y0:y1, x0:x1]
    box += new - cover * box


def post(image, camera, right_m, ahead_m, top_m):
    """A galvanised sign post, 6 cm wide."""
    colour = np.full((8, 8, 3), 150, np.float32)
    paste(image, camera, (colour, np.ones((8, 8), np.float32)), right_m, ahead_m, 0.0, 0.06, top_m)


def side(image, camera, right_m, points, colour):
    """An upright face along the road (a car's flank): (ahead, up) points in metres, one colour."""
    if max(ahead for ahead, _ in points) <= 1.5:
        return
    corners = [camera.project(right_m, max(ahead, 1.5), up) for ahead, up in points]
    corners = np.round(np.clip(np.array(corners), -4000, 4000) * 16).astype(np.int32)
    cv2.fillPoly(image, [corners], colour, cv2.LINE_AA, 4)


def car(image, camera, right_m, ahead_m, rear, plate_picture, plate_size):
    """A parked car seen from behind: flank, wheels, back, plate. `plate_size` is (width, height, up) in m."""

    def flank(points, colour, inset=0.0):
        side(image, camera, right_m - 0.85 + inset, [(ahead_m + a, u) for a, u in points], colour)

    flank([(0.0, 0.3), (4.1, 0.3), (4.1, 0.75), (3.0, 0.9), (0.0, 0.95)], (112, 64, 40))
    flank([(0.1, 0.93), (3.1, 0.88), (2.3, 1.42), (0.35, 1.42)], (106, 60, 38), 0.06)
    flank([(0.45, 0.96), (2.8, 0.93), (2.2, 1.34), (0.6, 1.34)], (52, 46, 42), 0.06)
    for wheel in (0.5, 3.0):
        turns = np.arange(16) * np.pi / 8
        rim = [(wheel + 0.3 + 0.3 * np.cos(t), 0.3 + 0.3 * np.sin(t)) for t in turns]
        flank(rim, (26, 26, 28))
    paste(image, camera, rear, right_m, ahead_m, 0.0, 1.75, 1.45)
    width_m, height_m, up_m = plate_size
    plain = (plate_picture, np.ones(plate_picture.shape[:2], np.float32))
    paste(image, camera, plain, right_m, ahead_m, up_m - height_m / 2, width_m, height_m)


def trees(rng, from_m, to_m, sun_side):
    """Where trees stand: (cumul, right of the centre line, height), more on the sun's side."""
    out, at = [], from_m
    while at < to_m:
        which = sun_side if rng.random() < 0.7 else -sun_side
        out.append((at, which * rng.uniform(8.0, 14.0), rng.uniform(6, 11), int(rng.integers(3))))
        at += rng.uniform(9, 34)
    return out


