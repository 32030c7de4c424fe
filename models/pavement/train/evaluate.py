"""Calibration and thresholds, chosen on frames that no network was trained on; and cross-validation.

python evaluate.py --frames DIR --folds WORK [--grey DIR] [--keep FILE]

WORK/<fold>/checkpoint.pt is the network that never saw the sections of that fold. Each is measured on
its own fold with calibration and thresholds chosen on the three others; those of the shipped network
(fold `drive`) are chosen on `b`, `c` and `d`, so that its own section stays a test of all of it. Grey
frames (another country, another camera) are never trained on. Shipped figures are those of
`voirie evaluate`; this is for training.
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
from net import Calibrated, Pavement
from train import predict, scores

# F1 is flat over a wide range of thresholds: the highest is taken that loses no more than this. A false
# defect costs more trust than a missed cell.
FLAT = (0.0, 0.003, 0.005)


def load(weights, calibration=((1, 0), (1, 0), (1, 0))):
    net = Pavement(pretrained=False)
    net.load_state_dict(torch.load(weights, weights_only=True)["ema"])
    return Calibrated(net, calibration).eval().to(memory_format=torch.channels_last)


def truth(frames):
    return np.stack([data.targets(data.cells(data.load(f)[1])) for f in frames])


def thresholds(parts):
    """For each class, the highest threshold whose mean F1 over the folds is the best, or nearly."""
    steps = np.arange(0.05, 0.95, 0.01)
    chosen = []
    for c in range(3):
        f1 = np.array([np.mean([scores(prob[:, c], yes[:, c], t)[2] for prob, yes in parts]) for t in steps])
        chosen.append(round(float(steps[np.nonzero(f1 >= f1.max() - FLAT[c])[0][-1]]), 3))
    return chosen


def logit(prob):
    prob = np.clip(prob.astype(np.float64), 1e-7, 1 - 1e-7)
    return np.log(prob / (1 - prob))


def platt(prob, yes, weight):
    """Scale and shift of a class's logits that make its probabilities come true (Platt, 1999)."""
    x, y, weight = logit(prob).ravel(), yes.ravel().astype(np.float64), weight.ravel()
    a, b = 1.0, 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(-(a * x + b)))
        w, r = weight * p * (1 - p), weight * (p - y)
        h = np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]])
        # Newton's step, held short: far from the end its measure of the slope is not to be trusted.
        step = np.clip(np.linalg.solve(h + 1e-6 * np.eye(2), [(r * x).sum(), r.sum()]), -0.2, 0.2)
        a, b = a - step[0], b - step[1]
    return round(float(a), 4), round(float(b), 4)


def calibration_error(prob, yes):
    """Expected calibration error over ten bins."""
    bins = np.minimum((prob * 10).astype(int), 9)
    gaps = [abs(prob[bins == k].mean() - yes[bins == k].mean()) * (bins == k).mean() for k in range(10) if (bins == k).any()]
    return sum(gaps)


def table(prob, yes, limits):
    out = {}
    for c, name in enumerate(("lane", "crack", "pothole")):
        p, r, f1, iou = scores(prob[:, c], yes[:, c], limits[c])
        out[name] = {"precision": p, "recall": r, "f1": f1, "iou": iou, "calibration_error": calibration_error(prob[:, c], yes[:, c])}
    got, lane = prob[:, 1] > limits[1], prob[:, 0] > limits[0]
    share = (got & lane).sum((1, 2)) / np.maximum(1, lane.sum((1, 2)))
    true = (yes[:, 1] * yes[:, 0]).sum((1, 2)) / np.maximum(1, yes[:, 0].sum((1, 2)))
    out["cracked_share_per_frame"] = {
        "pearson": np.corrcoef(share, true)[0, 1] if true.std() > 0 else None,
        "relative_bias": share.mean() / true.mean() - 1 if true.mean() > 0 else None,
    }
    return out


def grey(net, folder):
    """Crack F1 over the cells of grey frames: their road band, resized; best threshold."""
    probs, yes = [], []
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.jpg"), recursive=True)):
        image = cv2.imread(path)[..., ::-1]
        mask = np.array(Image.open(path[:-4] + ".png"))
        mask = mask[..., 0] if mask.ndim == 3 else mask
        height = image.shape[0]
        rows = slice(int(height * 0.1), int(height * 0.74))
        image = data.even(np.ascontiguousarray(cv2.resize(image[rows], (data.W, data.H), interpolation=cv2.INTER_AREA)))
        crack = ((mask[rows] == 30) | (mask[rows] == 150)).astype(np.uint8) * 255
        crack = cv2.resize(crack, (data.W, data.H), interpolation=cv2.INTER_AREA) / 255
        c = data.CELL
        yes.append(crack.reshape(data.H // c, c, data.W // c, c).mean((1, 3)) > 0.015)
        with torch.no_grad():
            x = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
            probs.append(net(x)[0, 1].numpy())
    probs, yes = np.stack(probs), np.stack(yes)
    return {"crack_f1_best": max(scores(probs, yes, t)[2] for t in np.arange(0.02, 0.95, 0.02)), "frames": len(yes)}


def rounded(value):
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(float(value), 4) if isinstance(value, (float, np.floating)) else value


def calibrated(prob, pairs):
    out = prob.copy()
    for c, (scale, shift) in enumerate(pairs):
        out[:, c] = 1 / (1 + np.exp(-(scale * logit(prob[:, c]) + shift)))
    return out


def choose(parts):
    """Calibration and thresholds over some folds, each of which weighs as much as any other."""
    prob, yes = (np.concatenate([it[k] for it in parts]) for k in (0, 1))
    weight = np.concatenate([np.full(it[0][:, 0].shape, 100 / len(it[0])) for it in parts])
    pairs = [platt(prob[:, c], yes[:, c], weight) for c in range(3)]
    return pairs, thresholds([(calibrated(prob, pairs), yes) for prob, yes in parts])


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", required=True)
    ask.add_argument("--folds", required=True, help="folder of the folds' checkpoints")
    ask.add_argument("--grey")
    ask.add_argument("--keep", help="writes what was chosen, fold by fold, there, for export.py")
    given = ask.parse_args()
    torch.set_num_threads(2)
    files = data.listing(given.frames)
    seen = {}
    for fold, sections in data.FOLDS.items():
        net = load(os.path.join(given.folds, fold, "checkpoint.pt"))
        part = [f for f in files if data.section(f) in sections]
        seen[fold] = predict(net, part), truth(part)
        print(fold, len(part), flush=True)
    kept, out, joint = {}, {}, []
    for fold, (prob, yes) in seen.items():
        pairs, limits = choose([it for name, it in seen.items() if name != fold])
        kept[fold] = {"calibration": pairs, "thresholds": limits}
        prob = calibrated(prob, pairs)
        out[fold] = table(prob, yes, limits) | {"frames": len(yes), "thresholds": limits}
        joint.append((np.stack([prob[:, c] > limits[c] for c in range(3)], 1), yes[:, :3] > 0.5))
    if given.keep:
        with open(given.keep, "w") as file:
            json.dump(kept, file)
    got, true = (np.concatenate([it[k] for it in joint]) for k in (0, 1))
    out["all"] = {"frames": len(got)}
    for c, name in enumerate(("lane", "crack", "pothole")):
        hit, claimed, drawn = (it[:, c].sum() for it in (got & true, got, true))
        out["all"][name] = {"precision": hit / claimed, "recall": hit / drawn, "f1": 2 * hit / (claimed + drawn), "iou": hit / (claimed + drawn - hit)}
    if given.grey:
        net = load(os.path.join(given.folds, "drive", "checkpoint.pt"), kept["drive"]["calibration"])
        out["grey"] = grey(net, given.grey)
    print(json.dumps(rounded(out), indent=1))


if __name__ == "__main__":
    main()
