"""Trains the pavement network. One command, seeded, resumes from its checkpoint.

python train.py --frames DIR [--rendered DIR] --fold NAME --out DIR [--steps N]

The sections of the fold are left out, and measured on as training goes (told, never used).
"""

import argparse
import json
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import data
import synth
from net import Pavement


# Training windows, pixels, and how many make a batch: some half of a frame at its own resolution,
# for the faults; or a whole frame, for the lane, which is told from both its edges.
HALF, WHOLE = ((768, 480), 6), ((1024, 640), 4)
# Share of batches that are whole frames.
WHOLE_SHARE = 0.35


def scores(prob, yes, threshold):
    """Precision, recall, F1, IoU over cells."""
    got, true = prob > threshold, yes > 0.5
    hit = (got & true).sum()
    return hit / max(1, got.sum()), hit / max(1, true.sum()), 2 * hit / max(1, got.sum() + true.sum()), hit / max(1, (got | true).sum())


@torch.no_grad()
def predict(net, frames):
    """Six planes a frame, of frames in even light."""
    net.eval()
    out = []
    for path in frames:
        image = data.even(data.load(path)[0])
        x = torch.from_numpy(image).permute(2, 0, 1)[None].float().div(255).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = net.logits(x)
        out.append(torch.sigmoid(y.float())[0].numpy())
    net.train()
    return np.stack(out)


def loss_of(logits, wanted, known):
    """`known`: [n, 3], nought where labels of lane, crack or pothole say nothing."""
    cell, share = logits[:, :3].float(), logits[:, 3:].float()
    yes, part = wanted[:, :3], wanted[:, 3:]
    push = torch.tensor([1.0, 2.0, 4.0]).view(1, 3, 1, 1)
    weight = torch.tensor([0.5, 1.0, 1.5]) * known
    bce = F.binary_cross_entropy_with_logits(cell, yes, pos_weight=push, reduction="none").mean((2, 3))
    p, seen = torch.sigmoid(cell), known[:, :, None, None]
    dice = 1 - (2 * (p * yes * seen).sum((0, 2, 3)) + 1) / (((p + yes) * seen).sum((0, 2, 3)) + 1)
    amount = F.binary_cross_entropy_with_logits(share, part, reduction="none").mean((2, 3))
    return (bce * weight).mean() + 0.5 * dice.mean() + (amount * weight).mean() * torch.tensor(1.5)


def stacked(images):
    x = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float().div(255)
    return x.contiguous(memory_format=torch.channels_last)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", required=True)
    ask.add_argument("--rendered")
    ask.add_argument("--rendered-share", type=float, default=0.15)
    ask.add_argument("--whole-share", type=float, default=WHOLE_SHARE, help="batches that are whole frames")
    ask.add_argument("--transplants", type=float, default=0.15)
    ask.add_argument("--drawn", type=float, default=0.25)
    ask.add_argument("--out", required=True)
    ask.add_argument("--lr", type=float, default=1.5e-3)
    ask.add_argument("--trunk", type=float, default=0.25, help="rate of the trunk, as a share")
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--steps", type=int, default=3200, help="length of the schedule")
    ask.add_argument("--fold", choices=data.FOLDS, required=True, help="leave its sections out")
    ask.add_argument("--threads", type=int, default=1)
    given = ask.parse_args()
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(given.seed)
    os.makedirs(given.out, exist_ok=True)

    everything = data.listing(given.frames)
    real = [f for f in everything if data.section(f) not in data.FOLDS[given.fold]]
    check = [f for f in everything if data.section(f) in data.FOLDS[given.fold]]
    drawn = data.listing(given.rendered) if given.rendered else []
    print(f"train {len(real)} real, {len(drawn)} rendered; left out {len(check)}", flush=True)
    cache = {}
    for f in real:
        image, mask = data.load(f)
        cache[f] = data.without_logo(image), mask
    holed = [f for f in real if (cache[f][1] == 3).sum() > 300]
    # A long section shows one road many times over: frames of short ones are drawn more often.
    sizes = {s: sum(data.section(f) == s for f in real) for s in {data.section(f) for f in real}}
    weights = np.array([sizes[data.section(f)] ** -0.4 for f in real])
    weights *= np.array([2.0 if (cache[f][1] == 3).sum() > 300 else 1.0 for f in real])
    weights /= weights.sum()

    net = Pavement().to(memory_format=torch.channels_last)
    trunk = [p for n, p in net.named_parameters() if n.startswith("blocks") and p.requires_grad]
    rest = [p for n, p in net.named_parameters() if not n.startswith(("stem", "blocks"))]
    plan = torch.optim.AdamW([{"params": trunk, "scale": given.trunk}, {"params": rest, "scale": 1.0}], lr=given.lr, weight_decay=5e-2)
    ema = {k: v.clone() for k, v in net.state_dict().items()}
    step, spent = 0, 0.0
    kept = os.path.join(given.out, "checkpoint.pt")
    if os.path.exists(kept):
        saved = torch.load(kept, weights_only=True)
        net.load_state_dict(saved["net"]), plan.load_state_dict(saved["plan"])
        ema, step, spent = saved["ema"], saved["step"], saved["spent"]
        torch.set_rng_state(saved["random"])
    net.train()
    began, losses, told = time.time() - spent, [], int(step / given.steps * 6)

    def save():
        torch.save({"net": net.state_dict(), "plan": plan.state_dict(), "ema": ema, "step": step, "spent": time.time() - began, "random": torch.get_rng_state()}, kept + ".new")
        os.replace(kept + ".new", kept)

    def batch(number):
        """Windows and targets of one step: they depend on the seed and the step alone."""
        rng = np.random.default_rng([given.seed, number])
        cv2.setRNGSeed(given.seed * 1_000_003 + number)
        size, count = WHOLE if rng.random() < given.whole_share else HALF
        xs, ys, known = [], [], []
        for f in rng.choice(len(real), count, replace=False, p=weights):
            labelled = np.ones(3, np.float32)
            if drawn and rng.random() < given.rendered_share:
                image, mask = data.load(drawn[rng.integers(len(drawn))])
            else:
                image, mask = cache[real[f]]
                labelled[1] = data.section(real[f]) not in data.CRACKS_LEFT_OUT
                kind = rng.random()
                if kind < given.drawn:
                    image, mask = synth.draw(image, mask, cache[real[rng.integers(len(real))]][0], rng)
                elif kind < given.drawn + given.transplants:
                    image, mask = data.transplant(image, mask, *cache[holed[rng.integers(len(holed))]], rng)
            image, mask = data.augment(image, mask, rng, size)
            known.append(labelled), xs.append(data.even(image)), ys.append(data.targets(data.cells(mask)))
        return stacked(xs), torch.from_numpy(np.stack(ys)), torch.from_numpy(np.stack(known))

    # The next batch is made while this one is learnt from.
    reader = ThreadPoolExecutor(1)
    ahead = reader.submit(batch, step)
    while step < given.steps:
        part = step / given.steps
        rate = given.lr * (min(1, (step + 1) / 60)) * (0.5 + 0.5 * math.cos(math.pi * part)) + 1e-6
        for group in plan.param_groups:
            group["lr"] = rate * group["scale"]
        x, y, known = ahead.result()
        ahead = reader.submit(batch, step + 1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net.logits(x)
        loss = loss_of(logits, y, known)
        plan.zero_grad(), loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        plan.step()
        step += 1
        losses.append(loss.item())
        fade = min(0.995, 1 - 1 / (step + 1))
        for key, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                ema[key].mul_(fade).add_(value, alpha=1 - fade)
            else:
                ema[key].copy_(value)
        if step % 50 == 0:
            print(f"{step} {time.time() - began:.0f}s loss {np.mean(losses[-50:]):.4f} lr {rate:.5f}", flush=True)
        if int(step / given.steps * 6) > told:
            told = int(step / given.steps * 6)
            save()
            now = Pavement(pretrained=False)
            now.load_state_dict(ema)
            prob = predict(now.to(memory_format=torch.channels_last), check[::6])
            yes = np.stack([data.targets(data.cells(data.load(f)[1])) for f in check[::6]])
            report = {c: round(float(max(scores(prob[:, i], yes[:, i], t)[2] for t in np.arange(0.05, 0.95, 0.05))), 3) for i, c in enumerate(("lane", "crack", "pothole"))}
            print(step, "left out", json.dumps(report), flush=True)
    save()
    print("done", step, flush=True)


if __name__ == "__main__":
    main()
