"""What lies between the ground and the file: light, lens, sensor, encoder."""

import cv2
import numpy as np

from .noise import white


def grassy(rng, image, camera, limit_m, right_m, amount):
    """Upright blades beside the road, which a flat texture cannot show: streaks in the image."""
    across = np.abs(camera.across() + right_m)
    outside = np.clip((across - limit_m) / 0.6, 0, 1).astype(np.float32)
    outside[~np.isfinite(outside)] = 1
    h, w = image.shape[:2]
    streaks = cv2.GaussianBlur(white(rng, (h, w)), (0, 0), 0.7, sigmaY=3.5) * 3.2
    clumps = white(rng, (h // 8, w // 6))
    streaks += cv2.resize(clumps, (w, h), interpolation=cv2.INTER_CUBIC) * 0.8
    image *= (1 + amount * outside * streaks)[:, :, None].clip(0.2, 2.0)


def vignette(image, amount):
    """Darkens the corners by `amount` (share)."""
    h, w = image.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    r2 = ((x / w - 0.5) ** 2 + (y / h - 0.5) ** 2) / 0.5
    image *= (1 - amount * r2)[:, :, None]


def sensor(rng, image, noise, blur_px, sharpen):
    """Lens blur, noise (8-bit levels), then the sharpening that cameras apply."""
    if blur_px > 0.2:
        image = cv2.GaussianBlur(image, (0, 0), blur_px)
    h, w = image.shape[:2]
    grey = rng.standard_normal((h, w, 1), dtype=np.float32) * noise
    colour = cv2.GaussianBlur(rng.standard_normal((h, w, 3), dtype=np.float32), (0, 0), 1.2) * noise
    image = image + grey + colour
    if sharpen > 0:
        image = image + sharpen * (image - cv2.GaussianBlur(image, (0, 0), 1.1))
    return np.clip(image, 0, 255)


def jpeg(image, quality):
    """The image after a round trip through JPEG, as uint8."""
    image = np.clip(image, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)
