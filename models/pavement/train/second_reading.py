"""How far two readings of one frame agree: what no network can pass.

python second_reading.py --frames DIR

Thirty frames, drawn at random by section, were read again blind to their masks: polylines along every
crack that a careful eye sees (labels/second_reading.json, pixels of the 1024 x 640 frame). Strokes are
drawn 3 px wide, as the masks are, and both readings are compared by the cells that networks are measured
on, below row 208 and within the lane of the mask.
"""

import argparse
import json
import os

import cv2
import numpy as np

import data

# Rows of cells that the second reading left out: far road, where strokes are hardly a pixel.
SKIPPED = 13
STROKE = 3


def cells(plane, least):
    c = data.CELL
    return plane.reshape(data.H // c, c, data.W // c, c).mean((1, 3)) > least


def grown(planes):
    return np.stack([cv2.dilate(it.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0 for it in planes])


def f1(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", required=True)
    ask.add_argument("--again", default=os.path.join(os.path.dirname(__file__), "../labels/second_reading.json"))
    given = ask.parse_args()
    files = {os.path.basename(f)[:-4]: f for f in data.listing(given.frames)}
    with open(given.again) as file:
        again = json.load(file)
    first, second = [], []
    for name, lines in again.items():
        _, mask = data.load(files[name])
        lane = cells((mask > 0).astype(float), 0.5)
        lane[:SKIPPED] = False
        drawn = np.zeros((data.H, data.W), np.uint8)
        for line in lines:
            points = np.round(np.array(line) * 8).astype(np.int32).reshape(-1, 1, 2)
            cv2.polylines(drawn, [points], False, 1, STROKE, cv2.LINE_8, 3)
        first.append(cells((mask == 2).astype(float), 0.015) & lane)
        second.append(cells(drawn.astype(float), 0.015) & lane)
    first, second = np.stack(first), np.stack(second)
    both = (first & second).sum()
    out = {
        "frames": len(first),
        "cells": [int(first.sum()), int(second.sum())],
        "f1": f1(first, second),
        "first_found_again": both / first.sum(),
        "second_in_first": both / second.sum(),
        "within_one_cell": [(first & grown(second)).sum() / first.sum(), (second & grown(first)).sum() / second.sum()],
    }
    moved = {}
    for step in (2, 4, 6):
        hit = total = 0
        for path in list(files.values())[::9]:
            crack = (data.load(path)[1] == 2).astype(float)
            a, b = cells(crack, 0.015), cells(np.roll(crack, (step, step), (0, 1)), 0.015)
            hit, total = hit + 2 * (a & b).sum(), total + a.sum() + b.sum()
        moved[f"{step} px"] = hit / total
    out["f1_of_masks_moved"] = moved
    print(json.dumps(out, indent=1, default=lambda it: round(float(it), 4)))


if __name__ == "__main__":
    main()
