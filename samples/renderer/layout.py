"""What stands where on the sample road: the roads, the defects, the signs, the parked car.

Cumuls in metres along the D817; "aller" drives towards increasing cumul in the right lane, "retour"
comes back in the other one.
"""

from dataclasses import dataclass

import numpy as np

from . import defects as shapes
from .geo import Line

SEED = 817
LANE_M = 3.0
SECTION_M = 200.0
# Chosen: near enough to a limit, a defect would count in the wrong section; just after the start of
# a clip, the camera never sees it close.
CLEAR_OF_LIMITS_M, CLEAR_OF_START_M, APART_M = 6.0, 15.0, 3.0

# The D817 is straight where it is filmed and where a camera can see.
D817 = Line.walked((570000.0, 6270000.0), [(24.0, 150.0), (28.0, 450.0), (28.0, 450.0), (33.0, 150.0)])
D44 = Line.walked(D817.points[-1], [(105.0, 220.0), (98.0, 280.0)])
D117 = Line.walked(D817.at(150.0, -80.0), [(28.0, 700.0), (30.0, 100.0)])

ROADS = [
    (D817, {"route": "D817", "cote": "U", "categorie": 1, "secteur": "REVEL", "largeur_m": 6.0,
            "voies": 2, "cumul_debut_m": 0.0}),
    (D44, {"route": "D44", "cote": "U", "categorie": 2, "secteur": "LUCHON", "largeur_m": 5.0,
           "voies": 2, "cumul_debut_m": 0.0}),
    (D117, {"route": "D117", "cote": "U", "categorie": 3, "secteur": "REVEL", "largeur_m": 5.5,
            "voies": 2, "cumul_debut_m": 0.0}),
]

# PR 13 comes 430 m after PR 12, and PR 14 is missing: markers are not kilometres.
PR_ROWS = [
    ("D817", "U", 12, 0), ("D817", "U", 13, 430), ("D817", "U", 15, 1000),
    ("D44", "U", 0, 0), ("D117", "U", 3, 0), ("D117", "U", 4, 610),
]

# kind, then its size: length (m) and lateral (m) of a line; (length, width, lateral) of a zone;
# (area m2, lateral) of a hole. Lateral is from the lane's centre, right positive when driving.
MEDIUM = [
    ("transverse", 2.6, 0.0), ("longitudinal", 18.0, 0.75), ("pothole", 0.30, -0.6),
    ("patch", 3.0, 1.4, 0.3), ("longitudinal", 9.0, -0.8), ("alligator", 5.0, 1.0, 0.7),
    ("transverse", 2.2, -0.2),
]
BAD = [
    ("longitudinal", 14.0, -0.75), ("alligator", 12.0, 1.6, 0.55), ("pothole", 0.80, 0.6),
    ("transverse", 2.7, 0.0), ("longitudinal", 25.0, 0.8), ("alligator", 8.0, 1.2, -0.7),
    ("pothole", 0.35, -0.7), ("patch", 4.0, 2.0, 0.0), ("transverse", 2.4, 0.1),
    ("alligator", 6.0, 1.5, 0.6), ("longitudinal", 11.0, 1.15), ("pothole", 0.25, 0.75),
    ("transverse", 2.8, 0.0),
]
SOUND = [("transverse", 2.3, 0.1), ("longitudinal", 6.0, 0.7)]
RETOUR = [
    ("longitudinal", 12.0, 0.75), ("transverse", 2.5, 0.0), ("pothole", 0.75, 0.6),
    ("alligator", 4.0, 0.9, 0.75), ("patch", 2.5, 1.2, -0.4), ("longitudinal", 8.0, -0.7),
    ("transverse", 2.2, 0.2), ("pothole", 0.22, -0.5),
]

# code (of the French order), direction, cumul, metres right of the lane's centre, size, height of
# the panel's centre. Sizes are the small and normal ranges of the order.
SIGNS = [
    ("A1b", "increasing", 262.0, 2.9, 0.8, 1.7), ("B14-50", "increasing", 338.0, 2.9, 0.75, 1.7),
    ("B3", "increasing", 512.0, 2.9, 0.75, 1.7), ("AB4", "increasing", 764.0, 2.9, 0.8, 1.7),
    ("A13a", "decreasing", 742.0, 2.9, 0.8, 1.7), ("B14-50", "decreasing", 668.0, 2.9, 0.75, 1.7),
]

# A number no French plate can carry: SIV numbers never use 000.
PLATE = {"text": "ZZ-000-ZZ", "direction": "increasing", "rear_cumul_m": 432.0,
         "right_of_lane_centre_m": 2.75, "width_m": 0.52, "height_m": 0.11, "centre_height_m": 0.62}


@dataclass
class Clip:
    """One drive. `stop_s` is when the vehicle stands still and for how long, in seconds."""

    name: str
    direction: str
    from_m: float
    to_m: float
    start_utc: str
    stop_s: tuple = None
    speed_m_s: float = 12.5

    @property
    def sign(self):
        return 1 if self.direction == "increasing" else -1

    def duration_s(self):
        return abs(self.to_m - self.from_m) / self.speed_m_s + (self.stop_s[1] if self.stop_s else 0)

    def cumul_at(self, second):
        """Cumul of the camera at a time of the clip."""
        driven = second
        if self.stop_s:
            driven -= min(max(second - self.stop_s[0], 0), self.stop_s[1])
        return self.from_m + self.sign * self.speed_m_s * driven


CLIPS = [
    Clip("aller", "increasing", 200.0, 800.0, "2024-05-14T08:00:00Z", stop_s=(40, 4)),
    Clip("retour", "decreasing", 800.0, 600.0, "2024-05-14T08:10:00Z"),
]


def _shape(rng, kind, *size):
    """A defect round (0, 0) ahead of the driver, and its lateral place."""
    if kind == "longitudinal":
        return shapes.line_crack(rng, "longitudinal_cracking", size[0], rng.uniform(0.008, 0.011),
                                 branches=0.6, broken=0.05, sway_m=0.05), size[1]
    if kind == "transverse":
        crack = shapes.line_crack(rng, "transverse_cracking", size[0], rng.uniform(0.010, 0.013),
                                  across=True, branches=0.25, broken=0.03, sway_m=0.04)
        return crack.moved(-size[0] / 2, 0), size[1]
    if kind == "alligator":
        zone = shapes.alligator(rng, size[1], size[0], rng.uniform(0.12, 0.16), 0.009, broken=0.04)
        return zone.moved(0, size[0] / 2), size[2]
    if kind == "pothole":
        hole = shapes.pothole(rng, size[0])
        return hole.moved(0, hole.length_m / 2), size[1]
    return shapes.patch(rng, size[1], size[0]).moved(0, size[0] / 2), size[2]


def _place(rng, plan, from_m, to_m, direction):
    """Spreads a plan over a stretch with random gaps; (Defect in road metres, truth row) pairs."""
    made = [_shape(rng, *row) for row in plan]
    sizes = [d.bounds()[3] - d.bounds()[1] for d, _ in made]
    spare = (to_m - from_m) - sum(sizes) - APART_M * (len(made) - 1)
    assert spare >= 0, "the plan does not fit in its stretch"
    gaps = rng.dirichlet(np.full(len(made) + 1, 3.0)) * spare
    ahead, out = from_m, []
    half_turn = direction == "decreasing"
    for (defect, lateral_m), size, gap in zip(made, sizes, gaps):
        ahead += gap
        offset = ahead - defect.bounds()[1]
        if half_turn:  # `ahead` counts from the far end: cumul = from + to - ahead.
            defect.moved(-LANE_M / 2 - lateral_m, from_m + to_m - offset, half_turn=True)
        else:
            defect.moved(LANE_M / 2 + lateral_m, offset)
        ahead += size + APART_M
        out.append(defect)
    return out


def defects():
    """Every defect of the patrol: (Defect, direction of its lane), by clip then by section."""
    rng = np.random.default_rng(SEED)
    near, start = CLEAR_OF_LIMITS_M, CLEAR_OF_START_M
    out = []
    for plan, a, b, direction in (
        (MEDIUM, 200 + start, 400 - near, "increasing"), (BAD, 400 + near, 600 - near, "increasing"),
        (SOUND, 600 + near, 800 - near, "increasing"), (RETOUR, 600 + near, 800 - start, "decreasing"),
    ):
        out += [(d, direction) for d in _place(rng, plan, a, b, direction)]
    return out


def truth_rows(placed):
    """The rows of `truth.json` for placed defects."""
    rows = []
    for number, (defect, direction) in enumerate(placed, 1):
        _, z0, _, z1 = defect.bounds()
        if defect.polygon is not None:
            x = (defect.polygon[:, 0].min() + defect.polygon[:, 0].max()) / 2
        else:
            z0, z1 = defect.strands[0][0][:, 1].min(), defect.strands[0][0][:, 1].max()
            x = defect.strands[0][0][:, 0].mean()
        sign = 1 if direction == "increasing" else -1
        rows.append({
            "id": f"d{number:02d}", "kind": defect.kind, "route": "D817", "direction": direction,
            "cumul_from_m": round(float(z0), 3), "cumul_to_m": round(float(z1), 3),
            "lateral_m": round(float(sign * x - LANE_M / 2), 3),
            "length_m": round(defect.length_m, 3), "area_m2": round(float(defect.area_m2), 3),
        })
    return rows
