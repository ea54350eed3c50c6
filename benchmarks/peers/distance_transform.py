"""Times the distance transforms of SciPy and of the package edt on the masks of DistanceTransformBenchmark.

    pip install numpy scipy edt
    python benchmarks/peers/distance_transform.py [threads] [repetitions] [mask ...]

Prints a line `name median_ms checksum` for each; the checksum is the sum of all distances, which the benchmark
prints too. SciPy has one thread, whatever is asked for.
"""

import statistics
import sys
import time

import edt
import numpy as np
from scipy import ndimage

SPACING = (0.7, 0.7, 1.5)
SHAPES = [(512, 512, 300), (128, 128, 128)]
MASKS = ["organs", "blobs", "mostlyInside"]


def mask(name, shape):
    """A union of ellipsoids in whole numbers, or what is left outside of one; as in Java, voxel by voxel."""
    voxels = shape[0] * shape[1] * shape[2]
    count, smallest, largest = {
        "organs": (6, min(shape) // 10, min(shape) // 3),
        "blobs": (voxels // 2000, 2, 9),
        "mostlyInside": (voxels // 100_000, 2, 9),
    }[name]
    state = 1

    def draw(bound):
        nonlocal state
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        return (state >> 8) % bound

    result = np.zeros(shape, np.uint8)
    for _ in range(count):
        center = [draw(n) for n in shape]
        radius = [smallest + draw(largest - smallest + 1) for _ in shape]
        whole = (radius[0] * radius[1] * radius[2]) ** 2
        box, terms = [], []
        for axis in range(3):
            box.append(slice(max(center[axis] - radius[axis], 0), center[axis] + radius[axis] + 1))
            i = np.arange(shape[axis], dtype=np.int64)[box[axis]] - center[axis]
            terms.append(i * i * (whole // radius[axis] ** 2))
        inside = terms[0][:, None, None] + terms[1][None, :, None] + terms[2][None, None, :] <= whole
        result[tuple(box)] |= inside
    return 1 - result if name == "mostlyInside" else result


def measure(name, repetitions, transform):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        distances = transform()
        times.append(time.perf_counter() - start)
    checksum = distances.sum(dtype=np.float64)
    print(f"{name} {1000 * statistics.median(times):.1f} {checksum:.6e}", flush=True)


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for name in sys.argv[3:] or MASKS:
        for shape in SHAPES:
            m = mask(name, shape)
            of = f"{name}/{'x'.join(map(str, shape))}"
            measure(
                f"edt/{of}",
                repetitions,
                lambda: edt.edt(m, anisotropy=SPACING, black_border=False, parallel=threads),
            )
            measure(
                f"scipy/{of}",
                repetitions,
                lambda: ndimage.distance_transform_edt(m, sampling=SPACING),
            )


if __name__ == "__main__":
    main()
