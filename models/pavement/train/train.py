"""Trains the pavement network. One command, seeded, resumes from its checkpoint.

python train.py --frames DIR [--rendered DIR] --out DIR --epochs 30
"""

import argparse
import json
import math
import os
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import data
from net import Pavement


# Training windows, pixels: some half of a frame, at its own resolution.
# Chosen: nearly twice the frames in the same time; the lane is still told from its edges.
WINDOW = (768, 480)


def scores(prob, yes, threshold):
    """Precision, recall, F1, IoU over cells."""
    got, true = prob > threshold, yes > 0.5
    hit = (got & true).sum()
    return hit / max(1, got.sum()), hit / max(1, true.sum()), 2 * hit / max(1, got.sum() + true.sum()), hit / max(1, (got | true).sum())


@torch.no_grad()
def predict(net, frames):
    net.eval()
    out = []
    for path in frames:
        image, _ = data.load(path)
        x = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = net.logits(x)
        out.append(torch.sigmoid(y.float())[0].numpy())
    net.train()
    return np.stack(out)


def loss_of(logits, wanted, weight):
    cell, share = logits[:, :3].float(), logits[:, 3:].float()
    yes, part = wanted[:, :3], wanted[:, 3:]
    push = torch.tensor([1.0, 2.0, 3.0]).view(1, 3, 1, 1)
    bce = F.binary_cross_entropy_with_logits(cell, yes, pos_weight=push, reduction="none").mean((2, 3))
    p = torch.sigmoid(cell)
    dice = 1 - (2 * (p * yes).sum((0, 2, 3)) + 1) / ((p + yes).sum((0, 2, 3)) + 1)
    amount = F.binary_cross_entropy_with_logits(share, part, reduction="none").mean((2, 3))
    return (bce * weight).mean() + 0.5 * dice.mean() + (amount * weight).mean() * torch.tensor(1.5)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", required=True)
    ask.add_argument("--rendered")
    ask.add_argument("--rendered-share", type=float, default=0.25)
    ask.add_argument("--out", required=True)
    ask.add_argument("--epochs", type=int, default=30)
    ask.add_argument("--batch", type=int, default=6)
    ask.add_argument("--lr", type=float, default=1.5e-3)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--minutes", type=float, default=1e9, help="end the schedule after this time")
    ask.add_argument("--start", help="weights to start from, with a new schedule")
    ask.add_argument("--threads", type=int, default=2)
    given = ask.parse_args()
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(given.seed)
    os.makedirs(given.out, exist_ok=True)

    real = [f for f in data.listing(given.frames) if data.section(f) not in data.TEST | data.DRIVE]
    check = [f for f in real if data.section(f) in data.VALIDATION]
    real = [f for f in real if data.section(f) not in data.VALIDATION]
    drawn = data.listing(given.rendered) if given.rendered else []
    if drawn:
        drawn, drawn_check = drawn[:-20], drawn[-20:]
    print(f"train {len(real)} real, {len(drawn)} rendered; validation {len(check)}", flush=True)
    cache = {f: data.load(f) for f in real}
    has_pothole = np.array([1.8 if (cache[f][1] == 3).sum() > 300 else 1.0 for f in real])

    net = Pavement().to(memory_format=torch.channels_last)
    if given.start:
        net.load_state_dict(torch.load(given.start, weights_only=True)["ema"])
    trunk = [p for n, p in net.named_parameters() if n.startswith(("stem", "blocks"))]
    rest = [p for n, p in net.named_parameters() if not n.startswith(("stem", "blocks"))]
    plan = torch.optim.AdamW([{"params": trunk, "scale": 0.4}, {"params": rest, "scale": 1.0}], lr=given.lr, weight_decay=2e-2)
    ema = {k: v.clone() for k, v in net.state_dict().items()}
    step, total = 0, given.epochs * (len(real) // given.batch)
    kept = os.path.join(given.out, "checkpoint.pt")
    spent = 0.0
    if os.path.exists(kept):
        saved = torch.load(kept, weights_only=True)
        net.load_state_dict(saved["net"]), plan.load_state_dict(saved["plan"])
        ema, step, spent = saved["ema"], saved["step"], saved["spent"]
    began, losses = time.time() - spent, []
    weights = has_pothole / has_pothole.sum()
    while step < total and time.time() - began < given.minutes * 60:
        rng = np.random.default_rng([given.seed, step])
        cv2.setRNGSeed(given.seed * 1_000_003 + step)
        part = max(step / total, (time.time() - began) / (given.minutes * 60))
        rate = given.lr * (min(1, (step + 1) / 60)) * (0.5 + 0.5 * math.cos(math.pi * min(1, part))) + 1e-6
        for group in plan.param_groups:
            group["lr"] = rate * group["scale"]
        xs, ys = [], []
        for f in rng.choice(len(real), given.batch, replace=False, p=weights):
            path = real[f]
            if drawn and rng.random() < given.rendered_share:
                image, mask = data.load(drawn[rng.integers(len(drawn))])
            else:
                image, mask = cache[path]
            image, mask = data.augment(image, mask, rng, WINDOW)
            xs.append(image), ys.append(data.targets(data.cells(mask)))
        x = torch.from_numpy(np.stack(xs)).permute(0, 3, 1, 2).float().div(255).to(memory_format=torch.channels_last)
        y = torch.from_numpy(np.stack(ys))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net.logits(x)
        loss = loss_of(logits, y, torch.tensor([0.5, 1.0, 1.5]))
        plan.zero_grad(), loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        plan.step()
        step += 1
        losses.append(loss.item())
        fade = min(0.998, 1 - 1 / (step + 1))
        for key, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                ema[key].mul_(fade).add_(value, alpha=1 - fade)
            else:
                ema[key].copy_(value)
        if step % 40 == 0:
            print(f"{step}/{total} {time.time() - began:.0f}s loss {np.mean(losses[-40:]):.4f} lr {rate:.5f}", flush=True)
        if step % 240 == 0:
            torch.save({"net": net.state_dict(), "plan": plan.state_dict(), "ema": ema, "step": step, "spent": time.time() - began}, kept + ".new")
            os.replace(kept + ".new", kept)
            best = Pavement(pretrained=False)
            best.load_state_dict(ema)
            for name, files in [("real", check[::4])] + ([("rendered", drawn_check)] if drawn else []):
                prob = predict(best, files)
                yes = np.stack([data.targets(data.cells(data.load(f)[1])) for f in files])
                report = {c: [round(float(max(scores(prob[:, i], yes[:, i], t)[2] for t in np.arange(0.1, 0.95, 0.05))), 3), ] for i, c in enumerate(("lane", "crack", "pothole"))}
                print(step, name, json.dumps(report), flush=True)
    torch.save({"net": net.state_dict(), "plan": plan.state_dict(), "ema": ema, "step": step, "spent": time.time() - began}, kept)
    print("done", step, flush=True)


if __name__ == "__main__":
    main()
