"""From road metres (Lambert-93) to longitude and latitude, and the files written in them.

Source: IGN, NT/G 71, "Projection cartographique conique conforme de Lambert", algorithms ALG0002
and ALG0004, with the constants of Lambert-93 on GRS80.
"""

import json
from datetime import datetime, timedelta
from math import atan, atan2, cos, degrees, exp, hypot, log, pi, radians, sin

EXPONENT = 0.7256077650532670
CONSTANT_M = 11754255.4261
FALSE_EAST_M, FALSE_NORTH_M = 700000.0, 12655612.0499
ECCENTRICITY = 0.0818191910428158
MERIDIAN_DEG = 3.0


def to_degrees(x_m, y_m):
    """(longitude, latitude) in degrees, RGF93, of a Lambert-93 position."""
    dx, dy = x_m - FALSE_EAST_M, y_m - FALSE_NORTH_M
    radius = hypot(dx, dy)
    longitude = radians(MERIDIAN_DEG) + atan2(dx, -dy) / EXPONENT
    isometric = -log(radius / CONSTANT_M) / EXPONENT
    latitude = 2 * atan(exp(isometric)) - pi / 2
    for _ in range(12):
        s = ECCENTRICITY * sin(latitude)
        latitude = 2 * atan(((1 + s) / (1 - s)) ** (ECCENTRICITY / 2) * exp(isometric)) - pi / 2
    return degrees(longitude), degrees(latitude)


class Line:
    """A road's centre line in Lambert-93, in the order of increasing cumul."""

    def __init__(self, points):
        self.points = points
        self.cumul = [0.0]
        for (xa, ya), (xb, yb) in zip(points, points[1:]):
            self.cumul.append(self.cumul[-1] + hypot(xb - xa, yb - ya))

    @staticmethod
    def walked(start, headings_and_lengths):
        """From a start, along (heading in degrees from east, length in m)."""
        points = [start]
        for heading, length in headings_and_lengths:
            x, y = points[-1]
            points.append((x + length * cos(radians(heading)), y + length * sin(radians(heading))))
        return Line(points)

    def at(self, cumul_m, right_m=0.0):
        """The point at a cumul, `right_m` to the right of the direction of increasing cumul."""
        i = max(k for k in range(len(self.points) - 1) if self.cumul[k] <= cumul_m + 1e-9 or k == 0)
        (xa, ya), (xb, yb) = self.points[i], self.points[i + 1]
        length = self.cumul[i + 1] - self.cumul[i]
        ux, uy = (xb - xa) / length, (yb - ya) / length
        part = cumul_m - self.cumul[i]
        return xa + ux * part + uy * right_m, ya + uy * part - ux * right_m


def gpx(name, start_utc, positions):
    """GPX 1.1 text: one point a second from `start_utc`; positions are (longitude, latitude)."""
    start = datetime.fromisoformat(start_utc.replace("Z", "+00:00"))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="voirie sample renderer" '
        'xmlns="http://www.topografix.com/GPX/1/1">',
        f"  <trk>\n    <name>{name}</name>\n    <trkseg>",
    ]
    for second, (longitude, latitude) in enumerate(positions):
        time = (start + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append(
            f'      <trkpt lat="{latitude:.8f}" lon="{longitude:.8f}"><time>{time}</time></trkpt>')
    lines.append("    </trkseg>\n  </trk>\n</gpx>\n")
    return "\n".join(lines)


def geojson(roads):
    """RFC 7946 text of (Line, properties) pairs."""
    features = []
    for line, properties in roads:
        coordinates = [[round(c, 8) for c in to_degrees(*p)] for p in line.points]
        features.append({
            "type": "Feature", "properties": properties,
            "geometry": {"type": "LineString", "coordinates": coordinates},
        })
    rows = ",\n".join("    " + json.dumps(f, ensure_ascii=False) for f in features)
    return '{\n  "type": "FeatureCollection",\n  "features": [\n' + rows + "\n  ]\n}\n"
