"""The losses of docs/losses.md in float64 and PyTorch, as plainly as their formulas stand there.

Written from the documentation and from no code of Segloss, and slow on purpose: each loss looks at each class of each
sample by itself, autograd differentiates it, and nothing is shared between losses but what the documentation shares.
"""

import functools
import math

import torch
import torch.nn.functional as F

ZERO = torch.zeros((), dtype=torch.float64)
# the relative error of a sum that is taken from another one; set by who asks what rounding makes of a formula
sum_error = 0.0


class Case:
    """A prediction and its target.

    x: logits or probabilities (batch, channel, z, y, x); y: targets of the channels, of the same shape;
    keep: which voxels count, (batch, z, y, x). What doesn't count has to be a number here. noise: three arrays like
    x, the relative errors of probabilities and the absolute ones of the logarithms of these and of their rests, and
    how a probability is rounded.
    """

    def __init__(self, kind, x, y, keep, spacing=(1, 1, 1), scale="LOGITS", noise=None):
        self.kind, self.x, self.y, self.keep, self.spacing, self.scale = kind, x, y, keep, spacing, scale
        # the least difference between numbers whose order matters, relative to them
        self.gap = math.inf
        multiclass = kind == "MULTICLASS"
        if scale == "PROBABILITIES":
            self.p = x
            log_p, log_rest = torch.log(x), torch.log1p(-x)
        elif multiclass:
            self.p = torch.softmax(x, 1)
            log_p, log_rest = log_softmax(x), torch.zeros_like(x)
        else:
            self.p = torch.sigmoid(x)
            log_p, log_rest = F.logsigmoid(x), F.logsigmoid(-x)
        if noise is not None:
            p = self.p.detach()
            self.p = self.p + noise[3](p * (1 + noise[0])) - p
            log_p, log_rest = log_p + noise[1], log_rest + noise[2]
        # (batch, group, outcome, z, y, x): a softmax is one group of outcomes, a sigmoid one of two
        self.log_p = log_p[:, None] if multiclass else torch.stack([log_rest, log_p], 2)
        self.outcome = y[:, None] if multiclass else torch.stack([1 - y, y], 2)

    def samples(self):
        return [b for b in range(len(self.keep)) if self.keep[b].any()]

    def close(self, numbers, exact_is_close):
        """Notes how near the sorted numbers are to one another."""
        gaps = (numbers[:-1] - numbers[1:]) / (1 + numbers[:-1].abs())
        if not exact_is_close:
            gaps = gaps[gaps > 0]
        if len(gaps):
            self.gap = min(self.gap, gaps.min().item())


def log_softmax(x):
    """PyTorch's, but exact where a class is nearly sure, and so is its derivative: of each class by the others."""
    apart = x[:, None] - x[:, :, None]
    others = ~torch.eye(x.shape[1], dtype=torch.bool)[None, :, :, None, None, None]
    return -torch.log1p(torch.where(others, torch.exp(torch.where(others, apart, 0)), 0).sum(2))


def power(x, exponent):
    """x to a power, whose derivative at 0 is 0."""
    if exponent == 0:
        return torch.ones_like(x)
    positive = x > 0
    return torch.where(positive, torch.where(positive, x, torch.ones_like(x)) ** exponent, torch.zeros_like(x))


def ratio(n, d):
    return n / d if d > 0 else ZERO + 1


# ---------------------------------------------------------------- voxel losses


def voxel(case, of, background=True, smoothing=0, weights=(), weightBy="term", reduction="mean", factors=None):
    """of(log p, y): the loss of each outcome, (batch, group, outcome, ...)."""
    log_p, y = case.log_p, case.outcome
    groups, outcomes = y.shape[1:3]
    w = torch.ones(groups, outcomes, dtype=torch.float64)
    if weights:
        w = torch.tensor(weights, dtype=torch.float64)
        w = w[:, None].expand(groups, outcomes) if case.kind == "MULTILABEL" else w[None].expand(groups, outcomes)
    if not background and case.kind == "MULTICLASS":
        w = w.clone()
        w[:, 0] = 0
    w = w[None, :, :, None, None, None]
    smooth = (1 - smoothing) * y + smoothing / outcomes
    smooth = w * smooth if weightBy == "term" else (w * y).sum(2, keepdim=True) * smooth
    keep = case.keep[:, None, None].expand_as(y)
    if not keep.any():
        return ZERO
    total = of(log_p, smooth)[keep].sum()
    if reduction == "sum":
        return total
    if reduction == "normalized":
        return total / factors(log_p, smooth)[keep].sum().clamp(min=1e-6)
    weighted = weights or (not background and case.kind == "MULTICLASS")
    divisor = (w * y)[keep].sum() if weighted else case.keep.sum() * groups
    return total / divisor if divisor > 0 else ZERO


def clipped(log_p, clip):
    return torch.clamp(log_p, math.log(clip), math.log1p(-clip)) if clip > 0 else log_p


def bce(case, posWeight=1, clip=0, **options):
    def of(log_p, y):
        factor = torch.tensor([1, posWeight], dtype=torch.float64)[:, None, None, None]
        return -factor * y * clipped(log_p, clip)

    return voxel(case, of, **options)


def ce(case, **options):
    return voxel(case, lambda log_p, y: -y * log_p, **options)


def focal(case, alpha=0.25, gamma=2, threshold=0, clip=0, **options):
    def turned(log_p):
        p = torch.exp(log_p)
        away = power(-torch.expm1(log_p) / (1 - threshold), gamma)
        return torch.where(p < threshold, torch.ones_like(p), away) if threshold > 0 else away

    def of(log_p, y):
        outcomes = y.shape[2]
        if isinstance(alpha, list):
            a = alpha if alpha else [1] * outcomes
        else:
            a = [1 - alpha] + [alpha] * (outcomes - 1)
        log_p = clipped(log_p, clip)
        return -torch.tensor(a, dtype=torch.float64)[:, None, None, None] * y * turned(log_p) * log_p

    return voxel(case, of, factors=lambda log_p, y: y * turned(clipped(log_p, clip)), **options)


def asymmetricFocal(case, delta=0.6, gamma=2, **options):
    def of(log_p, y):
        background = -(1 - delta) * y[:, :, :1] * power(-torch.expm1(log_p[:, :, :1]), gamma) * log_p[:, :, :1]
        return torch.cat([background, -delta * y[:, :, 1:] * log_p[:, :, 1:]], 2)

    return voxel(case, of, **options)


def gce(case, q=0.7, **options):
    return voxel(case, lambda log_p, y: -y * torch.expm1(q * log_p) / q, **options)


def poly(case, epsilon=1, **options):
    return voxel(case, lambda log_p, y: y * (-log_p - epsilon * torch.expm1(log_p)), **options)


def powerCe(case, gamma=0.3, **options):
    return voxel(case, lambda log_p, y: y * power(-log_p, gamma), **options)


# ---------------------------------------------------------------- losses of a class


class Part:
    """One class of one sample: whole arrays, and the voxels of them that count."""

    def __init__(self, case, sample, channel):
        self.case, self.channel, self.keep = case, channel, case.keep[sample]
        self.x, self.p, self.y = case.x[sample, channel], case.p[sample, channel], case.y[sample, channel]

    def kept(self, numbers):
        return numbers[self.keep]


def mean(case, of, background=True, batch=False, classes="each", absent="score", weights=()):
    """of(parts): the loss of classes or samples that are taken together."""
    channels = [c for c in range(case.x.shape[1]) if background or c > 0 or case.kind != "MULTICLASS"]
    samples = case.samples()
    if not samples:
        return ZERO
    units = [samples] if batch else [[b] for b in samples]
    values = []
    for unit in units:
        groups = [channels] if classes == "together" else [[c] for c in channels]
        total, divisor = ZERO, 0
        for group in groups:
            parts = [Part(case, b, c) for b in unit for c in group]
            lacks = sum(part.kept(part.y).sum() for part in parts) == 0
            if lacks and absent == "ignore":
                continue
            if lacks and absent == "penalize":
                value = torch.cat([part.kept(part.p) for part in parts]).mean()
            else:
                value = of(parts)
            weight = 1
            if weights:
                weight = weights[1] if case.kind == "BINARY" else weights[group[0]]
            total, divisor = total + weight * value, divisor + weight
        values.append(total / divisor if divisor else ZERO)
    return sum(values) / len(values)


def together(parts):
    p = torch.cat([part.kept(part.p) for part in parts])
    y = torch.cat([part.kept(part.y) for part in parts])
    return p, y


def overlap(case, of, **options):
    return mean(case, lambda parts: of(*together(parts)), **options)


def positives(p, y, form):
    return (p * y).sum() if form == "product" else absolute_positives(p, y, 0)


def absolute_positives(p, y, axis):
    return (p.sum(axis) + y.sum(axis) - (1 + sum_error) * (p - y).abs().sum(axis)) / 2


def smoothed(default):
    """Makes num and den of smooth, smoothNum and smoothDen."""

    def decorate(loss):
        @functools.wraps(loss)
        def with_smooth(case, smooth=default, smoothNum=None, smoothDen=None, **options):
            num = smooth if smoothNum is None else smoothNum
            den = smooth if smoothDen is None else smoothDen
            return loss(case, num, den, **options)

        return with_smooth

    return decorate


def dice_of(p, y, num, den, form="product"):
    return 1 - ratio(2 * positives(p, y, form) + num, p.sum() + y.sum() + den)


def tversky_of(p, y, num, den, fp, fn, form="product"):
    tp = positives(p, y, form)
    return 1 - ratio(tp + num, tp + fp * (p.sum() - tp) + fn * (y.sum() - tp) + den)


@smoothed(1e-5)
def dice(case, num, den, form="product", **options):
    return overlap(case, lambda p, y: dice_of(p, y, num, den, form), **options)


@smoothed(1e-5)
def squaredDice(case, num, den, **options):
    return overlap(
        case, lambda p, y: 1 - ratio(2 * (p * y).sum() + num, (p * p).sum() + (y * y).sum() + den), **options
    )


@smoothed(1e-5)
def jaccard(case, num, den, form="product", **options):
    def of(p, y):
        tp = positives(p, y, form)
        return 1 - ratio(tp + num, p.sum() + y.sum() - tp + den)

    return overlap(case, of, **options)


@smoothed(1e-5)
def tversky(case, num, den, fp=0.3, fn=0.7, form="product", **options):
    return overlap(case, lambda p, y: tversky_of(p, y, num, den, fp, fn, form), **options)


@smoothed(1e-5)
def focalTversky(case, num, den, fp=0.3, fn=0.7, gamma=0.75, powers="all", **options):
    def of(parts):
        value = tversky_of(*together(parts), num, den, fp, fn)
        plain = powers == "foreground" and case.kind == "MULTICLASS" and parts[-1].channel == 0
        return value if plain else power(value, gamma)

    return mean(case, of, **options)


@smoothed(1e-5)
def fbeta(case, num, den, beta=1.5, **options):
    def of(p, y):
        tp = (p * y).sum()
        hits = (1 + beta**2) * tp
        return 1 - ratio(hits + num, hits + beta**2 * (y.sum() - tp) + p.sum() - tp + den)

    return overlap(case, of, **options)


def sensitivitySpecificity(case, smooth=1, r=0.1, **options):
    def of(p, y):
        missed, invented = ((1 - p) ** 2 * y).sum(), (p**2 * (1 - y)).sum()
        known, rest = y.sum() + smooth, (1 - y).sum() + smooth
        return r * (missed / known if known > 0 else 0) + (1 - r) * (invented / rest if rest > 0 else 0)

    return overlap(case, of, **options)


@smoothed(0)
def mcc(case, num, den, **options):
    def of(p, y):
        n = len(p)
        tp = (1 + sum_error) * (p * y).sum() / n
        fp, fn = p.sum() / n - tp, y.sum() / n - tp
        tn = ((1 - p) * (1 - y)).sum() / n
        square = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn) + den
        if square <= 0:
            return ZERO + (0 if torch.equal(p.detach(), y) else 1)
        return 1 - (tp * tn - fp * fn + num) / torch.sqrt(square)

    return overlap(case, of, **options)


@smoothed(1e-5)
def logDice(case, num, den, gamma=1, **options):
    def of(p, y):
        d = 1 - dice_of(p, y, num, den)
        return power(-torch.log(d if d > 1e-7 else ZERO + 1e-7), gamma)

    return overlap(case, of, **options)


@smoothed(1e-5)
def logCoshDice(case, num, den, **options):
    return overlap(case, lambda p, y: torch.log(torch.cosh(dice_of(p, y, num, den))), **options)


def samplewise(case, of, background=True, batch=False):
    """of(p, y) with the channels that count in rows: a loss of all classes of a sample."""
    samples = case.samples()
    if not samples:
        return ZERO
    values = []
    for unit in [samples] if batch else [[b] for b in samples]:
        p = torch.cat([case.p[b][:, case.keep[b]] for b in unit], 1)
        y = torch.cat([case.y[b][:, case.keep[b]] for b in unit], 1)
        first = 0 if background or case.kind != "MULTICLASS" else 1
        values.append(of(p[first:], y[first:]))
    return sum(values) / len(values)


def generalized_of(p, y, num, den, weighting, form):
    size = y.sum(1)
    if weighting == "uniform":
        w = torch.ones_like(size)
    else:
        w = torch.where(size > 0, 1 / torch.where(size > 0, size, 1) ** (2 if weighting == "square" else 1), -1)
        w = torch.where(w < 0, w.max(), w).clamp(min=0)
    tp = (p * y).sum(1) if form == "product" else absolute_positives(p, y, 1)
    return 1 - ratio(2 * (w * tp).sum() + num, (w * (p.sum(1) + size)).sum() + den)


@smoothed(1e-5)
def generalizedDice(case, num, den, weighting="square", form="product", **options):
    return samplewise(case, lambda p, y: generalized_of(p, y, num, den, weighting, form), **options)


@smoothed(1e-5)
def penaltyDice(case, num, den, k=2.5, weighting="square", **options):
    def of(p, y):
        g = generalized_of(p, y, num, den, weighting, "product")
        return g / (1 + k * (1 - g))

    return samplewise(case, of, **options)


@smoothed(1e-5)
def wassersteinDice(case, num, den, matrix=(), weighting="default", **options):
    def of(p, y):
        n = len(p)
        m = torch.tensor(matrix, dtype=torch.float64) if matrix else 1 - torch.eye(n, dtype=torch.float64)
        m = m / m.max()
        # of each true class and voxel, as a soft target has several
        d = m @ p
        a = 1 / (y.sum(1) + 1) if weighting == "gdl" else (torch.arange(n) > 0).double()
        t = (a[:, None] * y * (1 - d)).sum()
        if weighting == "gdl":
            return 1 - ratio(2 * t + num, (a[:, None] * y * (2 - d)).sum() + den)
        return 1 - ratio(2 * t + num, 2 * t + (y * d).sum() + den)

    return samplewise(case, of, **options)


# ---------------------------------------------------------------- ranked losses


def lovasz(case, **options):
    def of(parts):
        x = torch.cat([part.kept(part.x) for part in parts])
        p, y = together(parts)
        multiclass = case.kind == "MULTICLASS"
        errors = (y - p).abs() if multiclass else torch.relu(1 - x * (2 * y - 1))
        errors, order = torch.sort(errors, descending=True, stable=True)
        case.close(errors.detach(), multiclass)
        f = y[order].cumsum(0)
        i = torch.arange(1, len(f) + 1, dtype=torch.float64)
        foreground = y.sum()
        j = 1 - (foreground - f) / (foreground + i - f)
        return (torch.diff(j, prepend=ZERO[None]) * errors).sum()

    return mean(case, of, **options)


def entropies(case):
    """Of each voxel and group that counts, in the order of memory."""
    e = -(case.outcome * case.log_p).sum(2)
    return e[case.keep[:, None].expand_as(e)]


def worst(case, e, k):
    e = torch.sort(e, descending=True, stable=True)[0]
    if 0 < k < len(e):
        case.close(e[k - 1 : k + 1].detach(), case.kind == "MULTICLASS")
    return e[:k].mean() if k > 0 else ZERO


def topk(case, percent=10):
    e = entropies(case)
    return worst(case, e, min(len(e), max(1, math.floor(len(e) * percent / 100)))) if len(e) else ZERO


def ohem(case, threshold=0.7, minKept=100000):
    e = entropies(case)
    least = -math.log(threshold)
    if len(e):
        case.gap = min(case.gap, (e.detach() - least).abs().min().item())
    return worst(case, e, max(int((e > least).sum()), min(len(e), int(minKept)))) if len(e) else ZERO
