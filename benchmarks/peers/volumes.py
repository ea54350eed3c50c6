"""The volume losses and compounds of docs/losses.md, as formulas.py has the others.

What nobody knows makes no border: distances are SciPy's, to the nearest voxel that is known to be of the other kind.
"""

import functools

import numpy as np
import torch
import torch.nn.functional as F
from scipy import ndimage

import formulas
from formulas import ZERO, ce, dice, focal, mean, power, ratio, smoothed


def each(parts, of):
    return sum(of(part) for part in parts) / len(parts)


def volume(case, of, **options):
    options.setdefault("background", False)
    return mean(case, lambda parts: each(parts, of), **options)


def masks(inside, keep):
    """The known voxels of both kinds."""
    inside, keep = np.asarray(inside), np.asarray(keep)
    return inside & keep, ~inside & keep


def signed(inside, keep, spacing):
    """The distance to the nearest known voxel of the other kind, below 0 inside; 0 without one."""
    foreground, background = masks(inside, keep)
    if not foreground.any() or not background.any():
        return np.zeros(keep.shape)
    outside = ndimage.distance_transform_edt(~foreground, sampling=spacing)
    within = ndimage.distance_transform_edt(~background, sampling=spacing)
    return np.where(foreground, -within, np.where(background, outside, 0))


def boundary(case, **options):
    def of(part):
        inside = (part.y > 0.5).numpy()
        d = signed(inside, part.keep, case.spacing)
        foreground, background = masks(inside, part.keep)
        sides = [s for s, length in zip(case.spacing, d.shape) if length > 1]
        if (d < 0).any():
            if len(set(sides)) == 1:
                d = np.where(d < 0, d + sides[0], d)
            else:
                at = ndimage.distance_transform_edt(
                    ~background, sampling=case.spacing, return_distances=False, return_indices=True
                )
                steps = np.sqrt(((at - np.indices(d.shape)) ** 2).sum(0))
                faces = ndimage.binary_dilation(background, ndimage.generate_binary_structure(3, 1))
                d = np.where(d < 0, np.where(faces, 0, d - d / np.maximum(steps, 1)), d)
        return part.kept(part.p * torch.from_numpy(d)).mean()

    return volume(case, of, **options)


def hausdorff(case, alpha=2, **options):
    def of(part):
        case.gap = min(case.gap, (part.kept(part.p).detach() - 0.5).abs().min().item())
        y = signed(part.y > 0.5, part.keep, case.spacing)
        p = signed(part.p.detach() > 0.5, part.keep, case.spacing)
        w = torch.from_numpy(np.abs(y) ** alpha + np.abs(p) ** alpha)
        return part.kept((part.p - part.y) ** 2 * w).mean()

    return volume(case, of, **options)


def weighted_entropy(case, weights):
    """weights(foreground, keep): of each voxel; the mean is over all voxels of the batch."""
    e = -(case.outcome * case.log_p).sum(2)
    total, count = ZERO, 0
    for b in case.samples():
        for g in range(e.shape[1]):
            inside = case.outcome[b, g, 0] < 0.5
            w = torch.from_numpy(weights(inside.numpy(), case.keep[b].numpy()))
            total = total + (w * e[b, g])[case.keep[b]].sum()
            count += case.keep[b].sum()
    return total / count if count else ZERO


def distanceCe(case):
    def weights(inside, keep):
        d = signed(inside, keep, case.spacing)
        if not d.any():
            return np.ones(d.shape)
        return np.where(d < 0, 2 - d / d.min(), 2 - d / d.max())

    return weighted_entropy(case, weights)


def borderCe(case, weight=10, sigma=5):
    def weights(inside, keep):
        objects, count = ndimage.label(inside, np.ones((3, 3, 3)))
        if count < 2:
            return np.ones(inside.shape)
        d = np.stack([ndimage.distance_transform_edt(objects != n + 1, sampling=case.spacing) for n in range(count)])
        d.sort(0)
        return np.where(inside, 1, 1 + weight * np.exp(-((d[0] + d[1]) ** 2) / (2 * sigma**2)))

    return weighted_entropy(case, weights)


# ---------------------------------------------------------------- neighbourhoods


def shifted(numbers, offset, fill):
    padded = F.pad(numbers, (1, 1, 1, 1, 1, 1), value=fill)
    z, y, x = (1 + o for o in offset)
    return padded[z : z + numbers.shape[0], y : y + numbers.shape[1], x : x + numbers.shape[2]]


CROSS = [(0, 0, 0), (-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)]
CUBE = [(z, y, x) for z in (-1, 0, 1) for y in (-1, 0, 1) for x in (-1, 0, 1)]


def around(numbers, keep, offsets, fill):
    numbers = torch.where(keep, numbers, torch.full_like(numbers, fill))
    return torch.stack([shifted(numbers, offset, fill) for offset in offsets])


def skeleton(numbers, keep, iterations):
    level, rest = numbers, torch.ones_like(numbers)
    for _ in range(iterations + 1):
        eroded = around(level, keep, CROSS, 2.0).min(0)[0]
        # two at most in the voxels that don't count, which are left out
        opened = around(eroded, keep, CUBE, -2.0).max(0)[0]
        rest = rest * (1 - torch.relu(level - opened))
        level = torch.where(keep, eroded, torch.zeros_like(eroded))
    return torch.where(keep, 1 - rest, torch.zeros_like(rest))


@smoothed(1)
def clDice(case, num, den, iterations=3, epsilon=0, **options):
    options.setdefault("background", False)

    def of(parts):
        sums = [ZERO] * 4
        for part in parts:
            # the derivative of a minimum goes to one of the equal; numbers that are only near are told apart
            numbers = part.kept(part.p).detach().sort(descending=True)[0]
            case.gap = min([case.gap, *(100 * (numbers[:-1] - numbers[1:])).tolist()])
            p, y = (torch.where(part.keep, n, torch.zeros_like(n)) for n in (part.p, part.y))
            sp, sy = skeleton(p, part.keep, int(iterations)), skeleton(y, part.keep, int(iterations))
            here = [(sp * y).sum(), sp.sum(), (sy * p).sum(), sy.sum()]
            sums = [a + b for a, b in zip(sums, here)]
        precision, sensitivity = ratio(sums[0] + num, sums[1] + den), ratio(sums[2] + num, sums[3] + den)
        return 1 - ratio(2 * precision * sensitivity, precision + sensitivity + epsilon)

    return mean(case, of, **options)


FACES = ndimage.generate_binary_structure(3, 1)
EDGES = ndimage.generate_binary_structure(3, 2)


@functools.cache
def is_simple(around):
    """Bertrand and Malandain: one component of 26 neighbours inside, and one of 6 neighbours outside at a face."""
    cube = np.frombuffer(around, bool).reshape(3, 3, 3).copy()
    cube[1, 1, 1] = False
    inside = ndimage.label(cube, np.ones((3, 3, 3)))[1]
    outside = ~cube & EDGES
    outside[1, 1, 1] = False
    at_faces = FACES.copy()
    at_faces[1, 1, 1] = False
    labels = ndimage.label(outside, FACES)[0]
    return inside == 1 and len(np.unique(labels[outside & at_faces])) == 1


def thinned(mask):
    """Six directions in turn, of a plane four, voxels in the order of the grid, until nothing can be taken away."""
    m = np.pad(mask, 1)
    steps = [(axis, side) for axis in range(3) if axis > 0 or mask.shape[0] > 1 for side in (-1, 1)]

    def around(v):
        return m[v[0] - 1 : v[0] + 2, v[1] - 1 : v[1] + 2, v[2] - 1 : v[2] + 2]

    changed = True
    while changed:
        changed = False
        for axis, side in steps:
            # nothing comes in from the other edge, which is outside too
            border = m & ~np.roll(m, -side, axis)
            border = [v for v in np.argwhere(border) if around(v).sum() > 2 and is_simple(around(v).tobytes())]
            for v in border:
                if is_simple(around(v).tobytes()):
                    m[tuple(v)] = False
                    changed = True
    return m[1:-1, 1:-1, 1:-1]


def completed(inside, keep, spacing):
    """What isn't known is of the nearest known kind, of two as near of the foreground."""
    foreground, background = masks(inside, keep)

    def to(kind):
        return ndimage.distance_transform_edt(~kind, sampling=spacing) if kind.any() else np.full(keep.shape, np.inf)

    return np.where(keep, inside, to(foreground) <= to(background) * (1 + 1e-6))


def tube(part, spacing):
    flat = [axis for axis in range(3) if part.keep.shape[axis] == 1][:1]
    keep = part.keep.numpy()
    mask = completed((part.y > 0.5).numpy(), keep, spacing)
    # one slice along an axis is a plane
    plane = np.moveaxis(mask, flat, [0] * len(flat))
    wide = ndimage.binary_dilation(thinned(plane), FACES, iterations=2) & plane
    return torch.from_numpy(np.moveaxis(wide, [0] * len(flat), flat) & keep).double()


@smoothed(1)
def skeletonRecall(case, num, den, **options):
    options.setdefault("background", False)

    def of(parts):
        hits = size = ZERO
        for part in parts:
            k = tube(part, case.spacing)
            hits, size = hits + (torch.where(part.keep, part.p, ZERO) * k).sum(), size + k.sum()
        return ZERO if size + den == 0 else 1 - (hits + num) / (size + den)

    return mean(case, of, **options)


def separable(numbers, kernel, padding):
    """Along each axis of more than one voxel."""
    out = numbers[None, None]
    for axis in range(3):
        if numbers.shape[axis] > 1:
            shape = [1, 1, 1, 1, 1]
            shape[2 + axis] = len(kernel)
            pad = [0, 0, 0]
            pad[axis] = padding
            out = F.conv3d(out, kernel.reshape(shape), padding=pad)
    return out[0, 0]


def neighborPenalty(case, distance="l1", kernel="mean", sigma=1, **options):
    options.setdefault("background", True)
    if kernel == "mean":
        weights = torch.full((3,), 1 / 3, dtype=torch.float64)
    else:
        reach = int(max(4 * sigma, 0.5) + 0.5)
        edges = (torch.arange(-reach, reach + 2, dtype=torch.float64) - 0.5) / (sigma * 2**0.5)
        weights = torch.diff(torch.erf(edges)) / 2

    def of(part):
        keep = part.keep.double()
        share = separable(part.y * keep, weights, len(weights) // 2)
        share = share / (1 - separable(1 - keep, weights, len(weights) // 2))
        apart = part.kept(share - part.x)
        if distance == "l1":
            case.gap = min(case.gap, apart.detach().abs().min().item())
        return (apart.abs() if distance == "l1" else apart**2).mean()

    return volume(case, of, **options)


def similarity(p, y, keep, window, sigma, k1, k2, luminance):
    offsets = torch.arange(window, dtype=torch.float64) - window // 2
    kernel = torch.exp(-(offsets**2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    k = keep.double()
    weight = separable(k, kernel, 0)
    half = [slice(window // 2, n - window // 2) if n > 1 else slice(None) for n in keep.shape]
    middle = keep[half[0], half[1], half[2]]
    if not middle.any():
        return None

    def windows(numbers):
        return separable(numbers * k, kernel, 0)[middle] / weight[middle]

    mp, my = windows(p), windows(y)
    spp, syy, spy = windows(p * p) - mp**2, windows(y * y) - my**2, windows(p * y) - mp * my
    values = (2 * spy + k2**2) / (spp + syy + k2**2)
    if luminance:
        values = values * (2 * mp * my + k1**2) / (mp**2 + my**2 + k1**2)
    return values.mean()


def ssim(case, window=11, sigma=1.5, k1=0.01, k2=0.03, **options):
    options.setdefault("background", True)

    def of(part):
        value = similarity(part.p, part.y, part.keep, window, sigma, k1, k2, True)
        return ZERO if value is None else 1 - value

    return volume(case, of, **options)


def halved(numbers, keep):
    """The mean of the voxels that count of each two along each axis."""
    k = keep.double()
    size = [2 if n > 1 else 1 for n in keep.shape]

    def sums(n):
        return F.avg_pool3d(n[None, None], size, divisor_override=1)[0, 0]

    count = sums(k)
    return sums(numbers * k) / count.clamp(min=1), count > 0


def msSsim(case, scales=(0.0448, 0.2856, 0.3001, 0.2363, 0.1333), window=11, sigma=1.5, k1=0.01, k2=0.03, **options):
    options.setdefault("background", True)

    def of(part):
        p, y, keep = part.p, part.y, part.keep
        product = ZERO + 1
        for j, exponent in enumerate(scales):
            last = j == len(scales) - 1
            value = similarity(p, y, keep, window, sigma, k1, k2, last)
            if value is not None:
                if value <= 0 and exponent > 0:
                    return ZERO + 1
                product = product * value**exponent
            if not last:
                p, y, keep = halved(p, keep)[0], *halved(y, keep)
        return 1 - product

    return volume(case, of, **options)


def hausdorffErosion(case, alpha=2, iterations=10, **options):
    def of(part):
        e = torch.where(part.keep, (part.p - part.y) ** 2, torch.zeros_like(part.p))
        # one slice along an axis is a plane
        flat = [axis for axis in range(3) if e.shape[axis] == 1][:1]
        offsets = [o for o in CROSS if not any(o[axis] for axis in flat)]
        unknown = torch.stack([shifted((~part.keep).double(), o, 0.0) for o in offsets]).sum(0)
        total = ZERO
        for k in range(1, int(iterations) + 1):
            e = around(e, part.keep, offsets, 0.0).sum(0) / (len(offsets) - unknown).clamp(min=1)
            e = torch.relu(e - 0.5)
            # the first voxel of several, as NumPy has it
            known = part.kept(e)
            least, most = known[known.detach().numpy().argmin()], known[known.detach().numpy().argmax()]
            if most > least:
                e = (e - least) / (most - least)
            e = torch.where(part.keep, e, torch.zeros_like(e))
            total = total + k**alpha * e.sum()
        return total / part.keep.sum()

    return volume(case, of, **options)


# ---------------------------------------------------------------- compounds


def diceCe(case):
    return dice(case) + ce(case)


def diceFocal(case):
    return dice(case) + focal(case)


def diceTopk(case):
    return dice(case) + formulas.topk(case)


def combo(case, alpha=0.5, beta=0.5):
    return alpha * focal(case, alpha=beta, gamma=0) + (1 - alpha) * dice(case)


def unifiedFocal(case, form="asymmetric", focalWeight=0.5, delta=0.6, gamma=0.5):
    if form == "symmetric":
        entropy, powers = focal(case, alpha=delta, gamma=gamma), "all"
    else:
        entropy, powers = formulas.asymmetricFocal(case, delta=delta, gamma=gamma), "foreground"
    overlap = formulas.focalTversky(case, fp=1 - delta, fn=delta, gamma=1 - gamma, powers=powers, smooth=1e-7)
    return focalWeight * entropy + (1 - focalWeight) * overlap


def anatomyNet(case, focalWeight=0.5):
    return dice(case) + focalWeight * focal(case)


def articleHybrid(case):
    return formulas.bce(case) + torch.log1p(dice(case))


def expLog(case, diceWeight=0.8, ceWeight=0.2, gamma=0.3, weights=()):
    return diceWeight * formulas.logDice(case, gamma=gamma) + ceWeight * formulas.powerCe(
        case, gamma=gamma, weights=weights
    )


def nacl(case, alpha=0.1, distance="l1", kernel="mean", sigma=1):
    return ce(case) + alpha * neighborPenalty(case, distance=distance, kernel=kernel, sigma=sigma)
