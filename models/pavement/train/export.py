"""Writes model.onnx from a checkpoint and checks it against PyTorch on random tensors.

python export.py --weights checkpoint.pt --calibration chosen.json --out ../model.onnx

The calibration that evaluate.py chose (a scale and a shift of the logits of lane, crack and pothole)
goes into the last convolution: the network's probabilities are then meant as such.
"""

import argparse
import hashlib
import json

import numpy as np
import onnxruntime
import torch

from net import Pavement


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--weights", required=True)
    ask.add_argument("--calibration", required=True, help="JSON of evaluate.py --keep")
    ask.add_argument("--out", required=True)
    given = ask.parse_args()
    net = Pavement(pretrained=False)
    net.load_state_dict(torch.load(given.weights, weights_only=True)["ema"])
    net.eval()
    with open(given.calibration) as file:
        pairs = json.load(file)["calibration"]
    with torch.no_grad():
        for c, (a, b) in enumerate(pairs):
            net.out.weight[c] *= a
            net.out.bias[c] = a * net.out.bias[c] + b
    torch.manual_seed(0)
    x = torch.rand(1, 3, 640, 1024)
    torch.onnx.export(net, x, given.out, opset_version=13, dynamo=False, input_names=["rgb"], output_names=["cells"], do_constant_folding=True)
    session = onnxruntime.InferenceSession(given.out, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        gap = np.abs(session.run(None, {"rgb": x.numpy()})[0] - net(x).numpy()).max()
    assert gap < 1e-4, gap
    with open(given.out, "rb") as file:
        raw = file.read()
    print(f"{len(raw)} bytes, within {gap:.1e} of PyTorch, sha256 {hashlib.sha256(raw).hexdigest()}")


if __name__ == "__main__":
    main()
