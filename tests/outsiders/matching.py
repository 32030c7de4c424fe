"""Simulated drives over an OpenStreetMap extract, matched by voirie and by LeuvenMapMatching.

    python matching.py VOIRIE EXTRACT [--seed 1] [--drives 20] [--noise 5 10 30] [--every 1 5 30] [--peer 3]
                       [--chart F]

A drive is the shortest way between two random junctions, at 13 m/s on average; each position is moved by a
normal error of so many metres on each axis. What counts is road, from junction to junction: `right` is
the length of the way driven that was found, `error` what was missed or added, both over the length
driven (Newson and Krumm 2009, section 5). Edges within three standard deviations of the first and of the
last position are left out: nothing says whether they were driven from end to end.

Of several seeds, the drives of each are added together. With --peer, the first drives of each seed are matched by
both, and what both reach is told of them all, and of those on which LeuvenMapMatching does not stop halfway; it
fails where ours is lower.
"""

import argparse
import csv
import heapq
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osmium

DRIVEN = set(
    "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary "
    "tertiary_link unclassified residential living_street service road".split()
)
SPEED = 13.0
# Chosen: of a drive of which less than this share is missed, the peer did not stop halfway.
STOPPED = 0.3


class Ways(osmium.SimpleHandler):
    def __init__(self):
        super().__init__()
        self.ways = []

    def way(self, way):
        tags = way.tags
        if tags.get("highway") not in DRIVEN or tags.get("area") == "yes":
            return
        nodes = [(node.ref, node.lon, node.lat) for node in way.nodes]
        oneway = tags.get("oneway")
        if oneway in ("-1", "reverse"):
            nodes.reverse()
        forward = oneway in ("yes", "1", "true", "-1", "reverse")
        if oneway is None:
            forward = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
        self.ways.append((nodes, forward))


class Graph:
    """Nodes in metres around their middle; edges from node to node."""

    def __init__(self, extract):
        handler = Ways()
        handler.apply_file(str(extract), locations=True)
        places = {ref: (lon, lat) for nodes, _ in handler.ways for ref, lon, lat in nodes}
        self.lon0 = sum(it[0] for it in places.values()) / len(places)
        self.lat0 = sum(it[1] for it in places.values()) / len(places)
        self.kx = math.radians(1) * 6378137.0 * math.cos(math.radians(self.lat0))
        self.ky = math.radians(1) * 6378137.0
        self.places = places
        self.xy = {ref: self.metres(*it) for ref, it in places.items()}
        self.after = {ref: [] for ref in places}
        for nodes, forward in handler.ways:
            for (a, *_), (b, *_) in zip(nodes, nodes[1:]):
                if a != b:
                    self.after[a].append(b)
                    if not forward:
                        self.after[b].append(a)
        self.at = {(round(lon * 1e7), round(lat * 1e7)): ref for ref, (lon, lat) in places.items()}

    def metres(self, lon, lat):
        return ((lon - self.lon0) * self.kx, (lat - self.lat0) * self.ky)

    def degrees(self, x, y):
        return (self.lon0 + x / self.kx, self.lat0 + y / self.ky)

    def length(self, a, b):
        (ax, ay), (bx, by) = self.xy[a], self.xy[b]
        return math.hypot(ax - bx, ay - by)

    def way(self, start, end):
        best, heap, before = {start: 0.0}, [(0.0, start)], {}
        while heap:
            metres, node = heapq.heappop(heap)
            if node == end:
                nodes = [end]
                while nodes[-1] != start:
                    nodes.append(before[nodes[-1]])
                return nodes[::-1]
            if metres > best[node]:
                continue
            for other in self.after[node]:
                more = metres + self.length(node, other)
                if more < best.get(other, math.inf):
                    best[other], before[other] = more, node
                    heapq.heappush(heap, (more, other))
        return None


def drive(graph, chance, least=8000.0):
    nodes = sorted(graph.after)
    while True:
        way = graph.way(chance.choice(nodes), chance.choice(nodes))
        if way and sum(graph.length(a, b) for a, b in zip(way, way[1:])) >= least:
            return way


def track(graph, way, noise, every, chance):
    """Time, longitude and latitude of each position."""
    along, points = [0.0], [graph.xy[it] for it in way]
    for a, b in zip(points, points[1:]):
        along.append(along[-1] + math.hypot(a[0] - b[0], a[1] - b[1]))
    rows, second, edge = [], 0.0, 0
    while second * SPEED <= along[-1]:
        metres = second * SPEED
        while edge + 2 < len(along) and along[edge + 1] < metres:
            edge += 1
        part = (metres - along[edge]) / max(along[edge + 1] - along[edge], 1e-9)
        (ax, ay), (bx, by) = points[edge], points[edge + 1]
        x = ax + (bx - ax) * part + chance.gauss(0, noise)
        y = ay + (by - ay) * part + chance.gauss(0, noise)
        rows.append((1700000000.0 + second, *graph.degrees(x, y)))
        second += every
    return rows


def judge(graph, way, matched, until, doubt):
    """Length driven, missed and added, between edges of nodes.

    Edges that start within `doubt` metres of the first position, or end past that far before the last one
    (`until`, metres from the start), are neither missed nor added: no position says whether they were driven
    from end to end.
    """
    edges = lambda nodes: {tuple(sorted(pair)) for pair in zip(nodes, nodes[1:])}
    metres, inner, ends = 0.0, set(), set()
    for a, b in zip(way, way[1:]):
        start, metres = metres, metres + graph.length(a, b)
        sure = start >= doubt and metres <= until - doubt
        (inner if sure else ends).add(tuple(sorted((a, b))))
    ends -= inner
    found = set().union(*(edges(it) for it in matched)) if matched else set()
    length = lambda them: sum(graph.length(*it) for it in them)
    total = length(inner)
    missed, added = length(inner - found), length(found - inner - ends)
    return total, missed, added


def by_voirie(program, extract, graph, tracks, folder):
    results, seconds = [], 0.0
    for rank, rows in enumerate(tracks):
        path = folder / f"{rank}.csv"
        with open(path, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["time", "lon", "lat"])
            writer.writerows((f"{t:.3f}", f"{x:.8f}", f"{y:.8f}") for t, x, y in rows)
    for rank in range(len(tracks)):
        route = folder / f"{rank}.geojson"
        began = time.process_time()
        before = os.times()
        done = subprocess.run(
            [program, "--lang", "en", "match", folder / f"{rank}.csv", "--network", extract, "--unnamed",
             "--output", folder / "m.csv", "--route", route],
            capture_output=True, text=True,
        )
        after = os.times()
        seconds += after.children_user + after.children_system
        seconds -= before.children_user + before.children_system
        if done.returncode > 1:
            sys.exit(done.stderr)
        lines = []
        for feature in json.load(open(route))["features"]:
            line = [(round(x * 1e7), round(y * 1e7)) for x, y in feature["geometry"]["coordinates"]]
            nodes = []
            for point in line:
                nodes.append(graph.at.get(point))
            run = []
            for node in nodes:
                if node is None:
                    lines.append(run)
                    run = []
                else:
                    run.append(node)
            lines.append(run)
        # The coordinates of a piece are cut at its ends: whole edges join across features.
        joined = []
        for line in lines:
            if joined and line and joined[-1] and joined[-1][-1] == line[0]:
                joined[-1] = joined[-1] + line[1:]
            elif line:
                joined.append(line)
        results.append(joined)
    return results, seconds


def by_peer(graph, tracks, noise):
    from leuvenmapmatching.map.inmem import InMemMap
    from leuvenmapmatching.matcher.distance import DistanceMatcher

    roads = InMemMap("roads", use_latlon=False, use_rtree=True, index_edges=True)
    for node, at in graph.xy.items():
        roads.add_node(node, at)
    for node, others in graph.after.items():
        for other in others:
            roads.add_edge(node, other)
    results, began = [], time.process_time()
    for rows in tracks:
        points = [graph.metres(x, y) for _, x, y in rows]
        matcher = DistanceMatcher(
            roads, max_dist=max(100, 5 * noise), obs_noise=noise, obs_noise_ne=2 * noise,
            min_prob_norm=0.0001, non_emitting_states=True, max_lattice_width=20,
        )
        states, _ = matcher.match(points)
        results.append([matcher.path_pred_onlynodes] if states else [])
    return results, time.process_time() - began


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("program")
    asked.add_argument("extract")
    asked.add_argument("--drives", type=int, default=20)
    asked.add_argument("--noise", type=float, nargs="+", default=[5, 10, 30])
    asked.add_argument("--every", type=float, nargs="+", default=[1, 5, 30])
    asked.add_argument("--peer", type=int, default=0, help="drives of each seed that LeuvenMapMatching matches too")
    asked.add_argument("--chart", help="an SVG of the curve")
    asked.add_argument("--seed", type=int, nargs="+", default=[1])
    asked.add_argument("--least", type=float, default=0.0, help="fail below this share")
    asked = asked.parse_args()
    graph = Graph(asked.extract)
    chances = [random.Random(seed) for seed in asked.seed]
    ways = [drive(graph, chance) for chance in chances for _ in range(asked.drives)]
    both = [rank for rank in range(len(ways)) if rank % asked.drives < asked.peer]
    table, lower = [], []
    for noise in asked.noise:
        for every in asked.every:
            tracks = [
                track(graph, way, noise, every, chances[rank // asked.drives]) for rank, way in enumerate(ways)
            ]
            with tempfile.TemporaryDirectory() as folder:
                ours, seconds = by_voirie(asked.program, asked.extract, graph, tracks, Path(folder))
                count = sum(map(len, tracks))
                row = {"noise": noise, "every": every, "positions": count, "us": 1e6 * seconds / count}
                if asked.peer:
                    # The peer is timed once its network is built: what ours takes for two positions of each
                    # drive, nearly all of it for reading the network, is not counted either.
                    _, reading = by_voirie(
                        asked.program, asked.extract, graph, [it[:2] for it in tracks], Path(folder)
                    )
                    row["us_network_read"] = 1e6 * max(seconds - reading, 0.0) / count
            untils = [(len(it) - 1) * every * SPEED for it in tracks]
            # Source: of normal errors, one in 370 exceeds three standard deviations.
            doubts = [3 * noise] * len(ways)
            sums = [judge(graph, *it) for it in zip(ways, ours, untils, doubts)]
            row |= shares(sums)
            if asked.peer:
                theirs, spent = by_peer(graph, [tracks[rank] for rank in both], noise)
                peers = [judge(graph, ways[it], *of) for it, *of in
                         zip(both, theirs, [untils[it] for it in both], [doubts[it] for it in both])]
                mine = [sums[rank] for rank in both]
                spent /= sum(len(tracks[rank]) for rank in both)
                same, peer = shares(mine), shares(peers)
                row |= {"same": same["right"], "same_error": same["error"], "peer": peer["right"],
                        "peer_error": peer["error"], "peer_us": 1e6 * spent}
                pairs = [(same, peer)]
                whole = [it for it in zip(mine, peers) if it[1][1] < STOPPED * it[1][0]]
                if whole and len(whole) < len(both):
                    same, peer = (shares(it) for it in zip(*whole))
                    row |= {"whole": len(whole), "same_whole": same["right"], "same_whole_error": same["error"],
                            "peer_whole": peer["right"], "peer_whole_error": peer["error"]}
                    pairs.append((same, peer))
                if any(ours["right"] < it["right"] or ours["error"] > it["error"] for ours, it in pairs):
                    lower.append(f"{noise:g} m, {every:g} s")
            table.append(row)
            print("  ".join(f"{key} {value:.5g}" for key, value in row.items()), flush=True)
            if os.environ.get("WORST"):
                worst = sorted(range(len(sums)), key=lambda it: -(sums[it][1] + sums[it][2]) / sums[it][0])
                print("   worst:", [(it, round(100 * sums[it][1] / sums[it][0], 2), round(100 * sums[it][2] / sums[it][0], 2)) for it in worst[:4]])
    if asked.chart:
        Path(asked.chart).write_text(chart(table))
    if min(it["right"] for it in table) < asked.least:
        sys.exit(f"a share of right road is below {asked.least}")
    if lower:
        sys.exit(f"lower than LeuvenMapMatching: {'; '.join(lower)}")


def shares(sums):
    total = sum(it[0] for it in sums)
    missed, added = sum(it[1] for it in sums), sum(it[2] for it in sums)
    return {"right": 1 - missed / total, "error": (missed + added) / total}


def chart(table):
    """Share of the way found against noise, one line for each pace; both on the drives that both matched."""
    table = [it | {"right": it.get("same", it["right"])} for it in table]
    paces = sorted({it["every"] for it in table})
    noises = sorted({it["noise"] for it in table})
    # The scale is that of ours: a peer that stops on the way would hide everything else.
    low = math.floor(min(it["right"] for it in table) * 100 - 0.5) / 100
    x = lambda noise: 70 + 480 * (noise - noises[0]) / max(noises[-1] - noises[0], 1e-9)
    y = lambda share: 30 + 260 * (1 - share) / max(1 - low, 1e-9)
    colours = ["#0b6e4f", "#1f78b4", "#b15928", "#6a3d9a"]
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 350" font-family="sans-serif" '
           'font-size="13">', '<rect width="760" height="350" fill="#fff"/>']
    for tick in range(6):
        share = low + (1 - low) * tick / 5
        out.append(f'<line x1="70" x2="550" y1="{y(share):.1f}" y2="{y(share):.1f}" stroke="#ddd"/>'
                   f'<text x="62" y="{y(share) + 4:.1f}" text-anchor="end">{100 * share:.1f} %</text>')
    for noise in noises:
        out.append(f'<text x="{x(noise):.1f}" y="312" text-anchor="middle">{noise:g} m</text>')
    for colour, pace in zip(colours, paces):
        rows = sorted((it for it in table if it["every"] == pace), key=lambda it: it["noise"])
        for key, dash in (("right", ""), ("peer", ' stroke-dasharray="5 4"')):
            points = [(x(it["noise"]), y(it[key])) for it in rows if it.get(key, 0) >= low]
            if points:
                line = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
                out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        at = 60 + 22 * paces.index(pace)
        out.append(f'<line x1="565" x2="590" y1="{at}" y2="{at}" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="596" y="{at + 4}">{pace:g} s</text>')
    out.append('<text x="565" y="150">full: voirie</text><text x="565" y="168">dashed:</text>'
               '<text x="565" y="184">LeuvenMapMatching,</text>'
               '<text x="565" y="200">where above the scale</text>'
               '<text x="310" y="338" text-anchor="middle">standard deviation of positions, each axis</text>'
               '</svg>')
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main()
