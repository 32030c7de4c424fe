"""Measures a checkpoint on sections that it never saw, as the feasibility run did.

python evaluate.py --frames DIR --weights checkpoint.pt [--grey DIR] [--thresholds L,C,P]

Thresholds are chosen on a fifth of the training frames and the validation sections, then applied
as they are to the test part. Grey frames (another country, another camera) are never trained on.
"""

import argparse
import glob
import json
import os

import cv2
import numpy as np
import torch
from PIL import Image

import data
from net import Pavement
from train import predict, scores


def truth(frames):
    return np.stack([data.targets(data.cells(data.load(f)[1])) for f in frames])


def thresholds(prob, yes):
    """Best F1 for each class; the lane by IoU, which orders the same."""
    steps = np.arange(0.1, 0.95, 0.025)
    return [float(max(steps, key=lambda t: scores(prob[:, c], yes[:, c], t)[2])) for c in range(3)]


def table(prob, yes, limits):
    out = {}
    for c, name in enumerate(("lane", "crack", "pothole")):
        p, r, f1, iou = scores(prob[:, c], yes[:, c], limits[c])
        out[name] = {"precision": p, "recall": r, "f1": f1, "iou": iou}
    got, lane = prob[:, 1] > limits[1], prob[:, 0] > limits[0]
    share = (got & lane).sum((1, 2)) / np.maximum(1, lane.sum((1, 2)))
    true = (yes[:, 1] * yes[:, 0]).sum((1, 2)) / np.maximum(1, yes[:, 0].sum((1, 2)))
    out["cracked_share_per_frame"] = {
        "pearson": np.corrcoef(share, true)[0, 1],
        "relative_bias": share.mean() / true.mean() - 1,
    }
    return out, share, true


def per_100_m(frames, share, true):
    """Pearson and bias of means over 100 m of chainage."""
    at = np.array([int(os.path.basename(f).split("_")[4].split(".")[0]) // 100 for f in frames])
    a = np.array([share[at == k].mean() for k in np.unique(at)])
    b = np.array([true[at == k].mean() for k in np.unique(at)])
    return {"pearson": np.corrcoef(a, b)[0, 1], "relative_bias": a.mean() / b.mean() - 1, "groups": len(a)}


def grey(net, folder):
    """Crack F1 over the cells of grey frames: their road band, resized; best threshold."""
    probs, yes = [], []
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.jpg"), recursive=True)):
        image = cv2.imread(path)[..., ::-1]
        mask = np.array(Image.open(path[:-4] + ".png"))
        mask = mask[..., 0] if mask.ndim == 3 else mask
        height = image.shape[0]
        rows = slice(int(height * 0.1), int(height * 0.74))
        image = cv2.resize(image[rows], (data.W, data.H), interpolation=cv2.INTER_AREA)
        crack = ((mask[rows] == 30) | (mask[rows] == 150)).astype(np.uint8) * 255
        crack = cv2.resize(crack, (data.W, data.H), interpolation=cv2.INTER_AREA) / 255
        c = data.CELL
        yes.append(crack.reshape(data.H // c, c, data.W // c, c).mean((1, 3)) > 0.015)
        with torch.no_grad():
            x = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
            probs.append(net(x)[0, 1].numpy())
    probs, yes = np.stack(probs), np.stack(yes)
    return {"crack_f1_best": max(scores(probs, yes, t)[2] for t in np.arange(0.05, 0.95, 0.05)), "frames": len(yes)}


def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(float(value), 4) if isinstance(value, (float, np.floating)) else value


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", required=True)
    ask.add_argument("--weights", required=True)
    ask.add_argument("--grey")
    ask.add_argument("--thresholds", help="lane,crack,pothole: not chosen again")
    given = ask.parse_args()
    torch.set_num_threads(2)
    net = Pavement(pretrained=False)
    net.load_state_dict(torch.load(given.weights, weights_only=True)["ema"])
    net.eval()
    files = data.listing(given.frames)
    held = data.TEST | data.DRIVE
    known = [f for f in files if data.section(f) not in held]
    tune = [f for f in known if data.section(f) in data.VALIDATION] + [f for f in known if data.section(f) not in data.VALIDATION][::5]
    test = [f for f in files if data.section(f) in data.TEST]
    drive = [f for f in files if data.section(f) in data.DRIVE]
    if given.thresholds:
        limits = [float(it) for it in given.thresholds.split(",")]
    else:
        limits = thresholds(predict(net, tune), truth(tune))
    out = {"thresholds": dict(zip(("lane", "crack", "pothole"), limits)), "test_frames": len(test), "drive_frames": len(drive)}
    for name, part in (("test", test), ("drive", drive)):
        if part:
            out[name], share, true = table(predict(net, part), truth(part), limits)
            out[name]["per_100_m"] = per_100_m(part, share, true) if name == "drive" else None
    if given.grey:
        out["grey"] = grey(net.eval(), given.grey)
    print(json.dumps(rounded(out), indent=1))


if __name__ == "__main__":
    main()
