"""Writes model.onnx from a fold's checkpoint and checks it against PyTorch on random tensors.

python export.py --folds WORK --fold drive --chosen chosen.json --out ../model.onnx

The calibration that evaluate.py chose (a scale and a shift of the logits of lane, crack and pothole) is
part of the network: its probabilities are meant as such.
"""

import argparse
import hashlib
import json
import os

import numpy as np
import onnxruntime
import torch

from evaluate import load


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
    torch.onnx.export(net, x, given.out, opset_version=13, dynamo=False, input_names=["road"], output_names=["cells"], do_constant_folding=True)
    session = onnxruntime.InferenceSession(given.out, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        gap = np.abs(session.run(None, {"road": x.numpy()})[0] - net(x).numpy()).max()
    assert gap < 1e-4, gap
    with open(given.out, "rb") as file:
        raw = file.read()
    print(f"{len(raw)} bytes, within {gap:.1e} of PyTorch, sha256 {hashlib.sha256(raw).hexdigest()}, thresholds {chosen['thresholds']}")


if __name__ == "__main__":
    main()
