"""Times training steps of a U-Net in PyTorch with MONAI's loss.

Not a program to call by hand: see benchmarks/peers/steps. Reads lines with a way to do it and answers each with a line
"milliseconds parameters", the median of a few steps after a few others.
"""

import statistics
import sys
import time
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")
from monai.losses import DiceCELoss

threads, width, levels, batch, classes = map(int, sys.argv[1:6])
patch = tuple(map(int, sys.argv[6].split("x")))
torch.set_num_threads(threads)


class ConvNorm(nn.Sequential):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__(
            nn.Conv3d(inputs, outputs, 3, stride, 1, bias=False),
            nn.InstanceNorm3d(outputs, affine=True),
            nn.LeakyReLU(0.01, inplace=True),
        )


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        channels = [width << level for level in range(levels)]
        self.down = nn.ModuleList()
        inputs = 1
        for level, c in enumerate(channels):
            self.down.append(nn.Sequential(ConvNorm(inputs, c, 2 if level else 1), ConvNorm(c, c)))
            inputs = c
        self.narrow = nn.ModuleList()
        self.up = nn.ModuleList()
        for c in reversed(channels[:-1]):
            self.narrow.append(nn.Conv3d(2 * c, c, 1, bias=False))
            self.up.append(nn.Sequential(ConvNorm(2 * c, c), ConvNorm(c, c)))
        self.head = nn.Conv3d(width, classes, 1)

    def forward(self, x):
        fine = []
        for level in self.down:
            x = level(x)
            fine.append(x)
        fine.pop()
        for narrow, level in zip(self.narrow, self.up):
            x = F.interpolate(narrow(x), scale_factor=2, mode="nearest")
            x = level(torch.cat([x, fine.pop()], 1))
        return self.head(x)


class Training:
    def __init__(self, bf16, channels_last):
        torch.manual_seed(0)
        layout = torch.channels_last_3d if channels_last else torch.contiguous_format
        self.bf16 = bf16
        self.network = UNet().to(memory_format=layout)
        self.images = torch.randn(batch, 1, *patch).to(memory_format=layout)
        self.labels = torch.randint(0, classes, (batch, 1, *patch))
        self.loss = DiceCELoss(softmax=True, to_onehot_y=True)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), 3e-3)

    def step(self):
        self.optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            logits = self.network(self.images)
        loss = self.loss(logits.float(), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()


ways = {
    "eager": Training(False, False),
    "channels-last": Training(False, True),
    "bf16": Training(True, False),
    "bf16 channels-last": Training(True, True),
}
for line in sys.stdin:
    training = ways[line.strip()]
    milliseconds = []
    for _ in range(9):
        start = time.perf_counter()
        training.step()
        milliseconds.append(1e3 * (time.perf_counter() - start))
    print(statistics.median(milliseconds[-5:]), sum(p.numel() for p in training.network.parameters()), flush=True)
