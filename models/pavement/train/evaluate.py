"""Measures a checkpoint on sections that it never saw, as the feasibility run did.

python evaluate.py --frames DIR --weights first.pt second.pt --choose-with first.pt second.pt [--rendered DIR] [--grey DIR] [--keep FILE]
python evaluate.py --frames DIR --weights first.pt second.pt --use FILE [--grey DIR]

Calibration and thresholds are chosen on the validation sections, with a network of the same recipe
that never saw them, then applied as they are to the test part. Grey frames (another country, another
camera) are never trained on. Shipped figures are those of `voirie evaluate`; this is for training.
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
from net import Joined, Pavement
from train import predict, scores

# F1 on the validation sections is flat over a wide range of thresholds. For cracks and potholes the
# highest is taken that loses no more than this: a false defect costs more trust than a missed cell.
FLAT = (0.0, 0.005, 0.02)


def load(first, second, calibration=((1, 0), (1, 0), (1, 0))):
    pair = [Pavement(pretrained=False) for _ in range(2)]
    for net, weights in zip(pair, (first, second)):
        net.load_state_dict(torch.load(weights, weights_only=True)["ema"])
    return Joined(*pair, calibration).eval().to(memory_format=torch.channels_last)


def both(image):
    """What the joined networks see: the frame as it is, and in even light."""
    return np.concatenate([image, data.even(image)], 2)


def truth(frames):
    return np.stack([data.targets(data.cells(data.load(f)[1])) for f in frames])


def thresholds(prob, yes):
    """For each class, the highest threshold whose F1 is the best, or nearly."""
    steps = np.arange(0.05, 0.95, 0.01)
    chosen = []
    for c in range(3):
        f1 = np.array([scores(prob[:, c], yes[:, c], t)[2] for t in steps])
        chosen.append(round(float(steps[np.nonzero(f1 >= f1.max() - FLAT[c])[0][-1]]), 3))
    return chosen


def logit(prob):
    prob = np.clip(prob.astype(np.float64), 1e-7, 1 - 1e-7)
    return np.log(prob / (1 - prob))


def platt(prob, yes):
    """Scale and shift of a class's logits that make its probabilities come true (Platt, 1999)."""
    x, y = logit(prob).ravel(), yes.ravel().astype(np.float64)
    a, b = 1.0, 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(-(a * x + b)))
        w, r = p * (1 - p), p - y
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


def gain(prob, yes, threshold):
    """True over predicted share of pothole, over the cells that are and are said to be one."""
    both = (prob[:, 2] > threshold) & (yes[:, 2] > 0.5)
    return yes[:, 5][both].sum() / max(1e-9, prob[:, 5][both].sum())


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
        image = both(cv2.resize(image[rows], (data.W, data.H), interpolation=cv2.INTER_AREA))
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
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(float(value), 4) if isinstance(value, (float, np.floating)) else value


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", required=True)
    ask.add_argument("--weights", nargs=2, required=True)
    ask.add_argument("--grey")
    ask.add_argument("--rendered", help="rendered frames that were not trained on")
    chosen = ask.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--use", help="JSON of an earlier --keep: not chosen again")
    chosen.add_argument("--choose-with", nargs=2, help="checkpoints trained without the validation sections")
    ask.add_argument("--keep", help="writes calibration and thresholds there, for export.py")
    given = ask.parse_args()
    torch.set_num_threads(2)
    files = data.listing(given.frames)
    out = {}
    if given.use:
        with open(given.use) as file:
            kept = json.load(file)
        pairs, limits = kept["calibration"], kept["thresholds"]
    else:
        held = load(*given.choose_with)
        tune = [f for f in files if data.section(f) in data.VALIDATION]
        prob, yes = predict(held, tune, both), truth(tune)
        pairs = [platt(prob[:, c], yes[:, c]) for c in range(3)]
        held = load(*given.choose_with, pairs)
        prob = predict(held, tune, both)
        limits = thresholds(prob, yes)
        if given.keep:
            with open(given.keep, "w") as file:
                json.dump({"calibration": pairs, "thresholds": limits}, file)
        out["validation"], _, _ = table(prob, yes, limits)
        out["validation"]["frames"] = len(tune)
        out["pothole_gain"] = {"validation": gain(prob, yes, limits[2])}
    net = load(*given.weights, pairs)
    out["calibration"] = dict(zip(("lane", "crack", "pothole"), pairs))
    out["thresholds"] = dict(zip(("lane", "crack", "pothole"), limits))
    if given.rendered:
        drawn = data.listing(given.rendered)
        prob, yes = predict(net, drawn, both), truth(drawn)
        out.setdefault("pothole_gain", {})["rendered"] = gain(prob, yes, limits[2])
        out["rendered"], _, _ = table(prob, yes, limits)
    parts = {"test": data.TEST, "drive": data.DRIVE} | {s: {s} for s in sorted(data.TEST)}
    for name, sections in parts.items():
        part = [f for f in files if data.section(f) in sections]
        if not part:
            continue
        out[name], share, true = table(predict(net, part, both), truth(part), limits)
        out[name]["frames"] = len(part)
        if name == "drive":
            out[name]["per_100_m"] = per_100_m(part, share, true)
    if given.grey:
        out["grey"] = grey(net.eval(), given.grey)
    print(json.dumps(rounded(out), indent=1))


if __name__ == "__main__":
    main()
