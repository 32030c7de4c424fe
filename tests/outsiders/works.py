"""Optimised programmes held against HiGHS, in the same minute on the same machine.

    python works.py [--seconds 600]

Runs `cargo bench --bench works -- --pools FOLDER`, then solves the pools it wrote: the linear relaxation of the
instances with one treatment by interior point, with our bound beside it; the mixed-integer programme of the small
network with several treatments, two envelopes and sites, with our value beside it.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import highspy
import numpy as np


class Rows:
    def __init__(self):
        self.start, self.index, self.value, self.low, self.high = [0], [], [], [], []

    def add(self, terms, low, high):
        self.index += terms.keys()
        self.value += terms.values()
        self.start.append(len(self.index))
        self.low.append(low)
        self.high.append(high)


def read(path):
    ours, purses, sections = None, [], []
    for line in path.open():
        kind, *rest = line.split()
        if kind == "v":
            ours = tuple(float(it) for it in rest)
        elif kind == "p":
            purses.append((int(rest[0]) / 100, int(rest[1]) / 100))
        elif kind == "s":
            sections.append((rest[0] == "1", []))
        else:
            draws = [(int(rest[i]), int(rest[i + 1]) / 100) for i in range(1, len(rest), 2)]
            sections[-1][1].append((float(rest[0]), draws))
    return ours, purses, sections


def model(purses, sections, whole):
    """One alternative a section; a site opens where works do not go on from the section before."""
    cost, integral, rows = [], [], Rows()
    budget = [{} for _ in purses]
    before = {}
    for joins, alternatives in sections:
        pick, here = {}, {}
        for value, draws in alternatives:
            column = len(cost)
            cost.append(-value)
            integral.append(True)
            pick[column] = 1.0
            for purse, euros in draws:
                budget[purse][column] = euros
                here.setdefault(purse, []).append(column)
        rows.add(pick, 1.0, 1.0)
        for purse, columns in here.items():
            if purses[purse][1] == 0:
                continue
            opens = len(cost)
            cost.append(0.0)
            integral.append(False)
            budget[purse][opens] = purses[purse][1]
            terms = {it: 1.0 for it in columns}
            terms[opens] = -1.0
            if joins:
                terms.update({it: -1.0 for it in before.get(purse, [])})
            rows.add(terms, -highspy.kHighsInf, 0.0)
        before = here
    for (holds, _), terms in zip(purses, budget):
        if terms:
            rows.add(terms, -highspy.kHighsInf, holds)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows.low)
    lp.col_cost_ = np.array(cost)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
    lp.row_lower_, lp.row_upper_ = np.array(rows.low), np.array(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(rows.start)
    lp.a_matrix_.index_ = np.array(rows.index)
    lp.a_matrix_.value_ = np.array(rows.value)
    if whole:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if it else kinds.kContinuous for it in integral]
    return lp


def solve(lp, **options):
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    began = time.monotonic()
    highs.run()
    return highs, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600, help="for the mixed-integer programme")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["cargo", "bench", "--locked", "--bench", "works", "--", "--pools", folder], check=True
        )
        for path in sorted(Path(folder).glob("one-*.txt")):
            (value, bound, took), purses, sections = read(path)
            highs, seconds = solve(model(purses, sections, False), solver="ipm")
            best = -highs.getInfo().objective_function_value
            print(
                f"{path.stem}: bound {bound:.4f} in {took:.2f} s; HiGHS {best:.4f} in {seconds:.2f} s by interior "
                f"point; apart by {abs(bound - best) / best:.1e}, {seconds / took:.0f} times faster"
            )
        for path in sorted(Path(folder).glob("several-*.txt")):
            (value, bound, took), purses, sections = read(path)
            highs, seconds = solve(
                model(purses, sections, True), time_limit=args.seconds, mip_rel_gap=1e-4
            )
            info = highs.getInfo()
            best, proven = -info.objective_function_value, -info.mip_dual_bound
            print(
                f"{path.stem}: value {value:.2f}, bound {bound:.2f} in {took:.2f} s; HiGHS {best:.2f}, at most "
                f"{proven:.2f} in {seconds:.0f} s; ours {100 * (1 - value / best):.3f} % below its best, "
                f"{100 * (1 - value / proven):.3f} % below what it proves"
            )


if __name__ == "__main__":
    main()
