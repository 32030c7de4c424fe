"""Writes model.onnx from two checkpoints and checks it against PyTorch on random tensors.

python export.py --weights first.pt second.pt --chosen chosen.json --out ../model.onnx

The calibration that evaluate.py chose (a scale and a shift of the logits of lane, crack and pothole) is
part of the network: its probabilities are meant as such.
"""

import argparse
import hashlib
import json

import numpy as np
import onnxruntime
import torch

from evaluate import load


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--weights", nargs=2, required=True)
    ask.add_argument("--chosen", required=True, help="JSON of evaluate.py --keep")
    ask.add_argument("--out", required=True)
    given = ask.parse_args()
    with open(given.chosen) as file:
        net = load(*given.weights, json.load(file)["calibration"])
    torch.manual_seed(0)
    x = torch.rand(1, 6, 640, 1024)
    torch.onnx.export(net, x, given.out, opset_version=13, dynamo=False, input_names=["both"], output_names=["cells"], do_constant_folding=True)
    session = onnxruntime.InferenceSession(given.out, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        gap = np.abs(session.run(None, {"both": x.numpy()})[0] - net(x).numpy()).max()
    assert gap < 1e-4, gap
    with open(given.out, "rb") as file:
        raw = file.read()
    print(f"{len(raw)} bytes, within {gap:.1e} of PyTorch, sha256 {hashlib.sha256(raw).hexdigest()}")


if __name__ == "__main__":
    main()
