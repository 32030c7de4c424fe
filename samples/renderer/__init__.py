"""Draws the sample patrol run and training frames: a plane road seen by a pinhole camera.

Run from `samples/`:

    python3 -m renderer frames --n 400 --seed 1 --out DIR
    python3 -m renderer patrol

Everything is drawn from seeds: no pixel comes from a photograph.
"""
