"""Writes the sample patrol: clips, tracks, network, markers, camera, truth."""

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np

from . import roadside
from .camera import Texture, view
from .geo import geojson, gpx, to_degrees
from .layout import CLIPS, D817, LANE_M, PLATE, PR_ROWS, ROADS, SEED, SIGNS, defects, truth_rows
from .patrol_camera import PATROL, patrol_camera
from .road import CHUNK_M, HALF_M, Look, Road
from .stamps import STEP_AHEAD_M, STEP_RIGHT_M
from .verge import HALF_WIDTH_M, beyond, verge_texture

FRAMES_PER_S = 5
# Chosen: small enough for a repository, good enough for an 8 mm crack 10 m ahead.
QUALITY_CRF = 30
# Boxes (x, y, width, height) where bytes may be saved: the sky, the other lane. The own lane, the
# signs and the plate keep their quality.
SPARED = [(0, 0, 640, 160), (640, 0, 640, 60), (0, 160, 340, 560)]
FINE_TO_M = 36.0  # Ahead of this the coarse texture is as sharp as a pixel.
DRAWN_M = (190.0, 1110.0)  # The cumuls that some frame sees.
SMEAR_M = 12.5 / 2000  # The shutter is open for 1/2000 s at 12.5 m/s.
LOOK = Look(
    asphalt=122.0, asphalt_tint=(1.0, 1.0, 1.01), grain=0.05, blotch=0.035, streak=0.012,
    wheel_path=0.03, oil=0.03, pits=0.4, stones=0.4, line_wear=0.15, earth_m=0.35,
    shadow=0.16, shadow_depth=0.42, sun_side=-1.0,
    verge_detail=0.2,  # Chosen: bytes are better spent on the road.
)


class Scene:
    """The whole filmed road: fine near the camera, coarse far away."""

    def __init__(self):
        self.camera = patrol_camera()
        self.road = Road(SEED, LOOK, DRAWN_M[1] + 20, [d for d, _ in defects()])
        rng = np.random.default_rng([SEED, 3])
        self.wide = verge_texture(rng, LOOK, DRAWN_M[1])
        self._add_road_to_wide()
        self.sky = roadside.sky(rng, self.camera)
        self.trees = roadside.trees(rng, *DRAWN_M, LOOK.sun_side)
        self.tree_pictures = [roadside.tree(rng) for _ in range(3)]
        self.sign_pictures = {code: roadside.sign(code) for code, *_ in SIGNS}
        self.plate = roadside.plate(PLATE["text"])
        self.car = roadside.car_rear()
        self.wides = {1: self.wide, -1: _turned(self.wide)}
        self._window = None

    def _add_road_to_wide(self):
        """Averages the fine texture into the middle of the coarse one (5 cm x 10 cm)."""
        columns = round(2 * HALF_M / self.wide.step_right_m)
        left = round((HALF_WIDTH_M - HALF_M) / self.wide.step_right_m)
        rows = round(CHUNK_M / self.wide.step_ahead_m)
        right = np.abs((np.arange(columns) + 0.5) * self.wide.step_right_m - HALF_M)
        share = np.clip((right - 4.4) / 0.6, 0, 1)[None, :, None]
        for k in range(int(DRAWN_M[0] // CHUNK_M), int(DRAWN_M[1] // CHUNK_M)):
            small = cv2.resize(self.road.chunk(k)[:, :, :3], (columns, rows), interpolation=cv2.INTER_AREA)
            box = np.s_[k * rows:(k + 1) * rows, left:left + columns]
            self.wide.pixels[box] = small + share * (self.wide.pixels[box].astype(np.float32) - small)

    def _near(self, cumul_m, sign):
        """The fine texture from the camera to `FINE_TO_M` ahead, in the driver's coordinates."""
        a, b = sorted((cumul_m, cumul_m + sign * (FINE_TO_M + 1)))
        key = (int(a // CHUNK_M), int(b // CHUNK_M), sign)
        if self._window is None or self._window[0] != key:
            pixels = np.concatenate([self.road.chunk(k)[:, :, :3] for k in range(key[0], key[1] + 1)])
            texture = Texture(pixels, -HALF_M, key[0] * CHUNK_M, STEP_RIGHT_M, STEP_AHEAD_M)
            self._window = (key, texture if sign > 0 else _turned(texture))
        return self._window[1]

    def frame(self, cumul_m, sign):
        """The frame (uint8) at a cumul; `sign` is +1 towards increasing cumuls."""
        camera, ahead = self.camera, sign * cumul_m
        near = view(camera, self._near(cumul_m, sign), LANE_M / 2, ahead, SMEAR_M)
        wide = view(camera, self.wides[sign], LANE_M / 2, ahead, SMEAR_M)
        image = beyond(near, wide, camera, LANE_M / 2)
        z, _ = camera.ahead_of_rows(np.arange(camera.height_px) + 0.5)
        far = np.clip((z - (FINE_TO_M - 6)) / 6, 0, 1).astype(np.float32)[:, None, None]
        image += far * (wide - image)
        haze = (1 - np.exp(-np.minimum(z, 1e4) / 900)).astype(np.float32)[:, None, None]
        image += haze * (np.float32([214, 208, 200]) - image)
        up = np.clip((z - 160) / 60, 0, 1).astype(np.float32)[:, None, None]
        image += up * (self.sky - image)
        self._objects(image, cumul_m, sign)
        return np.clip(image + 0.5, 0, 255).astype(np.uint8)

    def _objects(self, image, cumul_m, sign):
        """Trees, signs and the car, the farthest first."""
        camera, lane = self.camera, LANE_M / 2
        todo = []
        for at, right, height, which in self.trees:
            todo.append((sign * (at - cumul_m), "tree", (sign * right - lane, height, which)))
        for code, direction, at, right, size, height in SIGNS:
            own = (direction == "increasing") == (sign > 0)
            place = right if own else -right - LANE_M
            todo.append((sign * (at - cumul_m), "sign", (code, own, place, size, height)))
        if sign > 0:
            todo.append((PLATE["rear_cumul_m"] - cumul_m, "car", ()))
        for ahead, kind, what in sorted(todo, key=lambda it: -it[0]):
            if not (-4 if kind == "car" else 1.5) < ahead < 180:
                continue
            if kind == "tree":
                right, height, which = what
                picture = self.tree_pictures[which]
                roadside.paste(image, camera, picture, right, ahead, 0.0, height * 0.8, height, 900.0)
            elif kind == "sign":
                code, own, place, size, height = what
                roadside.post(image, camera, place, ahead, height + size * 0.4)
                colour, alpha = self.sign_pictures[code]
                if not own:  # Seen from behind: bare metal.
                    colour = np.full_like(colour, 138)
                low = height - size / 2
                roadside.paste(image, camera, (colour, alpha), place, ahead, low, size, size)
            else:
                size = (PLATE["width_m"], PLATE["height_m"], PLATE["centre_height_m"])
                roadside.car(image, camera, PLATE["right_of_lane_centre_m"], ahead, self.car, self.plate, size)


def _turned(texture):
    """The same ground for a driver coming the other way."""
    rows, columns, _ = texture.pixels.shape
    return Texture(
        np.ascontiguousarray(texture.pixels[::-1, ::-1]),
        -(texture.right_0_m + columns * texture.step_right_m),
        -(texture.ahead_0_m + rows * texture.step_ahead_m), texture.step_right_m, texture.step_ahead_m,
    )


def write_clip(scene, clip, path):
    """Encodes a clip as H.264 4:2:0, video range, BT.709, a key frame every 2 s."""
    filters = ["scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int"]
    filters += ["format=yuv420p"] + [f"addroi={x}:{y}:{w}:{h}:0.2" for x, y, w, h in SPARED]
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "bgr24",
        "-s", f"{PATROL['width_px']}x{PATROL['height_px']}", "-r", str(FRAMES_PER_S), "-i", "-",
        "-vf", ",".join(filters),
        "-c:v", "libx264", "-preset", "veryslow", "-tune", "film", "-crf", str(QUALITY_CRF), "-g", "10",
        "-threads", "1", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709",
        "-color_trc", "bt709", "-fflags", "+bitexact", "-flags:v", "+bitexact",
        # Drops the encoder's own banner.
        "-bsf:v", "filter_units=remove_types=6", "-metadata", f"creation_time={clip.start_utc}",
        "-metadata:s:v", f"creation_time={clip.start_utc}", "-movflags", "+faststart", str(path),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        previous = None
        for k in range(round(clip.duration_s() * FRAMES_PER_S) + 1):
            cumul_m = clip.cumul_at(k / FRAMES_PER_S)
            if previous is None or previous[0] != cumul_m:
                previous = (cumul_m, scene.frame(cumul_m, clip.sign))
            encoder.stdin.write(previous[1].tobytes())
        encoder.stdin.close()
    if encoder.returncode:
        raise RuntimeError(f"ffmpeg failed on {path}")


def write_files(out):
    """Everything but the clips."""
    for clip in CLIPS:
        seconds = range(int(clip.duration_s()) + 1)
        spots = [to_degrees(*D817.at(clip.cumul_at(s), clip.sign * LANE_M / 2)) for s in seconds]
        (out / "tracks" / f"{clip.name}.gpx").write_text(gpx(clip.name, clip.start_utc, spots))
    (out / "network.geojson").write_text(geojson(ROADS))
    rows = ["route,cote,pr,cumul_m"] + [",".join(map(str, row)) for row in PR_ROWS]
    (out / "pr.csv").write_text("\n".join(rows) + "\n")
    camera = {key: PATROL[key] for key in ("height_m", "pitch_deg", "hfov_deg")}
    lines = ["# Pitch is downwards; the GPS position is the camera's foot.", "[camera]"]
    lines += [f"{key} = {value}" for key, value in camera.items()]
    (out / "camera.toml").write_text("\n".join(lines) + "\n")
    clips = [{
        "file": f"clips/{c.name}.mp4", "track": f"tracks/{c.name}.gpx", "route": "D817",
        "direction": c.direction, "cumul_from_m": c.from_m, "cumul_to_m": c.to_m,
        "speed_m_s": c.speed_m_s, "frames_per_s": FRAMES_PER_S, "start_utc": c.start_utc,
        "stops": [{"from_s": c.stop_s[0], "for_s": c.stop_s[1], "cumul_m": c.cumul_at(c.stop_s[0])}]
        if c.stop_s else [],
    } for c in CLIPS]
    signs = [{
        "id": f"s{i}", "code": code, "route": "D817", "direction": direction, "cumul_m": at,
        "lateral_m": right, "size_m": size, "centre_height_m": height,
    } for i, (code, direction, at, right, size, height) in enumerate(SIGNS, 1)]
    plates = [{
        "text": PLATE["text"], "route": "D817", "direction": PLATE["direction"],
        "cumul_m": PLATE["rear_cumul_m"], "lateral_m": PLATE["right_of_lane_centre_m"],
        "width_m": PLATE["width_m"], "height_m": PLATE["height_m"],
        "centre_height_m": PLATE["centre_height_m"],
    }]
    truth = {"camera": PATROL, "lane_width_m": LANE_M, "clips": clips,
             "defects": truth_rows(defects()), "signs": signs, "plates": plates}
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")


def write_patrol(out):
    """Writes the whole patrol under `out`."""
    out = Path(out)
    for folder in ("clips", "tracks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    write_files(out)
    scene = Scene()
    for clip in CLIPS:
        write_clip(scene, clip, out / "clips" / f"{clip.name}.mp4")
