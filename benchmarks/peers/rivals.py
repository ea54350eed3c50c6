"""Times losses of PyTorch and MONAI, and distance transforms of SciPy and edt, on the arrays and in the order that
the table asks for.

Not a program to call by hand: see benchmarks/peers/run. Reads lines "case rival task batch classes depth height
width" and answers each with a line "value milliseconds MiB": the median of several evaluations, and the most memory
that one needed beyond its inputs and its result. A distance transform leaves its result beside its input.
"""

import statistics
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
SMOOTH = 1e-5


def dice(p, y):
    space = tuple(range(2, p.dim()))
    both = (p * y).sum(space)
    return (1 - (2 * both + SMOOTH) / (p.sum(space) + y.sum(space) + SMOOTH)).mean()


def bce_dice(z, y):
    y = y.float()
    return F.binary_cross_entropy_with_logits(z, y) + dice(torch.sigmoid(z), y)


def ce_dice(z, y):
    labels = y[:, 0].long()
    onehot = F.one_hot(labels, z.shape[1]).movedim(-1, 1).float()
    return F.cross_entropy(z, labels) + dice(torch.softmax(z, 1), onehot)


def lovasz_softmax(z, y):
    """Berman, Rannen Triki, Blaschko (2018), over the classes that are present."""
    probabilities = torch.softmax(z, 1).movedim(1, -1).reshape(-1, z.shape[1])
    labels = y.reshape(-1)
    losses = []
    for c in range(z.shape[1]):
        foreground = (labels == c).float()
        if foreground.sum() == 0:
            continue
        errors, order = torch.sort((foreground - probabilities[:, c]).abs(), descending=True)
        ranked = foreground[order]
        total = ranked.sum()
        jaccard = 1 - (total - ranked.cumsum(0)) / (total + (1 - ranked).cumsum(0))
        jaccard[1:] = jaccard[1:] - jaccard[:-1].clone()
        losses.append(torch.dot(errors, jaccard.detach()))
    return torch.stack(losses).mean()


def topk(z, y, percent=10):
    """The mean cross-entropy of the worst tenth of the voxels, as in nnU-Net."""
    each = F.cross_entropy(z, y[:, 0].long(), reduction="none").reshape(-1)
    return torch.topk(each, max(1, int(each.numel() * percent / 100)), sorted=False)[0].mean()


def monai_loss(name):
    from monai.losses import DiceCELoss, DiceLoss, FocalLoss, TverskyLoss

    smooth = {"smooth_nr": SMOOTH, "smooth_dr": SMOOTH}
    losses = {
        "bce+dice": lambda: DiceCELoss(sigmoid=True, **smooth),
        "ce+dice": lambda: DiceCELoss(softmax=True, to_onehot_y=True, **smooth),
        "dice": lambda: DiceLoss(sigmoid=True, **smooth),
        "tversky": lambda: TverskyLoss(sigmoid=True, alpha=0.3, beta=0.7, **smooth),
        "focal": lambda: FocalLoss(alpha=0.25, gamma=2.0),
    }
    loss = losses[name]()
    return lambda z, y: loss(z, y)


PYTORCH = {"bce+dice": bce_dice, "ce+dice": ce_dice, "lovasz": lovasz_softmax, "topk": topk}


def rival(name, loss):
    if name == "monai":
        return monai_loss(loss)
    if name == "compiled":
        return torch.compile(PYTORCH[loss])
    return PYTORCH[loss]


SPACING = (0.7, 0.7, 1.5)


def scipy_distance(mask):
    from scipy import ndimage

    return ndimage.distance_transform_edt(mask, sampling=SPACING)


def edt_distance(mask):
    import edt

    return edt.edt(mask, anisotropy=SPACING, black_border=False, parallel=threads)


DISTANCES = {"scipy": scipy_distance, "edt": edt_distance}


def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name)) / 1024


def nothing():
    pass


def memory(function, prepare, result):
    """MiB beyond what there was before and the result of so many MiB."""
    prepare()
    before = status("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    function()
    return status("VmHWM") - before - result


def measure(function, prepare):
    """The last value and the median time, without the first one, which compiles and fills caches."""
    times = []
    start = time.perf_counter()
    while len(times) < 4 or (time.perf_counter() - start < 4 and len(times) < 15):
        prepare()
        begin = time.perf_counter()
        value = function()
        times.append(time.perf_counter() - begin)
        if times[0] > 10:
            return value, 1000 * times[0]
    return value, 1000 * statistics.median(times[1:])


functions = {}


def loss_of(name, loss, case, shape):
    z = torch.from_numpy(np.fromfile(f"{folder}/{case}.logits", np.float32)).reshape(shape).requires_grad_(True)
    y = torch.from_numpy(np.fromfile(f"{folder}/{case}.labels", np.uint8)).reshape([shape[0], 1, *shape[2:]])
    if (name, loss) not in functions:
        functions[name, loss] = rival(name, loss)

    def forget():
        z.grad = None

    def evaluate():
        value = functions[name, loss](z, y)
        value.backward()
        return value

    return evaluate, forget


def distance_of(name, case, shape):
    mask = np.fromfile(f"{folder}/{case}.labels", np.uint8).reshape(shape[2:])
    return lambda: DISTANCES[name](mask)


for line in sys.stdin:
    case, name, task, *size = line.split()
    shape = [int(n) for n in size]
    mebibytes = 4 * np.prod(shape) / 2**20
    if task == "distance":
        function = distance_of(name, case, shape)
        prepare = nothing
        result, milliseconds = measure(function, prepare)
        value = result.sum(dtype=np.float64)
        mebibytes = result.nbytes / 2**20
        result.astype(np.float32).tofile(f"{folder}/{case}.{name}")
        result = None
    else:
        function, prepare = loss_of(name, task, case, shape)
        value, milliseconds = measure(function, prepare)
        value = value.item()
    # smaller memory than this malloc keeps for the next time, and another run of the slow ones would take too long
    needed = memory(function, prepare, mebibytes) if mebibytes > 32 and milliseconds < 10_000 else "NaN"
    print(value, milliseconds, needed, flush=True)
