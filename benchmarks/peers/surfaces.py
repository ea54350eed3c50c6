"""Times surface metrics of MONAI and DeepMind's surface-distance on two masks.

Not a program to call by hand: see benchmarks/peers/surfaces. Reads lines with the rival's name and answers each with
a line "milliseconds value value value": HD95, ASSD or MASD, NSD at 1 mm.
"""

import sys
import time

import numpy as np
import torch
from scipy import ndimage

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
SHAPE = (300, 512, 512)
SPACING = (1.5, 0.7, 0.7)
prediction = np.fromfile(f"{folder}/prediction", np.uint8).reshape(SHAPE)
reference = np.fromfile(f"{folder}/reference", np.uint8).reshape(SHAPE)


def monai():
    from monai.metrics import compute_average_surface_distance, compute_hausdorff_distance, compute_surface_dice

    p = torch.from_numpy(prediction)[None, None]
    r = torch.from_numpy(reference)[None, None]
    start = time.perf_counter()
    values = [
        compute_hausdorff_distance(p, r, include_background=True, percentile=95, spacing=SPACING),
        compute_average_surface_distance(p, r, include_background=True, symmetric=True, spacing=SPACING),
        compute_surface_dice(p, r, [1.0], include_background=True, spacing=SPACING),
    ]
    return time.perf_counter() - start, [float(v) for v in values]


def deepmind():
    # names that SciPy and NumPy no longer have
    ndimage.filters = ndimage
    ndimage.morphology = ndimage
    np.Inf = np.inf
    import surface_distance as sd

    p = prediction.astype(bool)
    r = reference.astype(bool)
    start = time.perf_counter()
    d = sd.compute_surface_distances(r, p, SPACING)
    values = [
        sd.compute_robust_hausdorff(d, 95),
        sum(sd.compute_average_surface_distance(d)) / 2,
        sd.compute_surface_dice_at_tolerance(d, 1.0),
    ]
    return time.perf_counter() - start, values


for line in sys.stdin:
    seconds, values = {"monai": monai, "deepmind": deepmind}[line.strip()]()
    print(1e3 * seconds, *map(repr, map(float, values)), flush=True)
