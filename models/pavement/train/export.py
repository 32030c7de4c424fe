"""Writes model.onnx from a fold's checkpoint and checks it against PyTorch on random tensors.

python export.py --folds WORK --fold drive --chosen chosen.json --out ..

The calibration that evaluate.py chose (a scale and a shift of the logits of lane, crack and pothole) is
part of the network: its probabilities are meant as such. Digest and thresholds go into the card beside
it; a card that is not there yet is made.
"""

import argparse
import hashlib
import json
import os
import re

import numpy as np
import onnxruntime
import torch

from evaluate import load


CARD = """purpose = "Own lane, cracks and potholes, by the network that never saw the sections of fold {fold}"
origin = "trained by models/pavement/train, to cross-validate the shipped network"
licence = "MIT OR Apache-2.0"
sha256 = ""
input = [1, 3, 640, 1024]
classes = ["lane", "crack", "pothole", "share of lane", "share of crack", "share of pothole"]

[thresholds]
lane = 0
crack = 0
pothole = 0
pothole_gain = 1.0

[quality]
measured_with = "models/pavement/card.toml, [quality.fold_{fold}]"
"""


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--folds", required=True)
    ask.add_argument("--fold", required=True)
    ask.add_argument("--chosen", required=True, help="JSON of evaluate.py --keep")
    ask.add_argument("--out", required=True)
    given = ask.parse_args()
    with open(given.chosen) as file:
        chosen = json.load(file)[given.fold]
    net = load(os.path.join(given.folds, given.fold, "checkpoint.pt"), chosen["calibration"])
    torch.manual_seed(0)
    x = torch.rand(1, 3, 640, 1024)
    os.makedirs(given.out, exist_ok=True)
    model, card = (os.path.join(given.out, name) for name in ("model.onnx", "card.toml"))
    torch.onnx.export(net, x, model, opset_version=13, dynamo=False, input_names=["road"], output_names=["cells"], do_constant_folding=True)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        gap = np.abs(session.run(None, {"road": x.numpy()})[0] - net(x).numpy()).max()
    assert gap < 1e-4, gap
    with open(model, "rb") as file:
        raw = file.read()
    text = CARD.format(fold=given.fold)
    if os.path.exists(card):
        with open(card) as file:
            text = file.read()
    values = {"sha256": f'"{hashlib.sha256(raw).hexdigest()}"'}
    values |= dict(zip(("lane", "crack", "pothole"), chosen["thresholds"]))
    for key, value in values.items():
        text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", text, count=1)
    with open(card, "w") as file:
        file.write(text)
    print(f"{model}: {len(raw)} bytes, within {gap:.1e} of PyTorch, {values}")


if __name__ == "__main__":
    main()
