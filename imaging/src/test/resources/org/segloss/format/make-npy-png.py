"""Writes the .npy and .png files beside this script, and what they hold (arrays.json).

Run with NumPy 2.4.6 and Pillow 13.0.0: python make-npy-png.py
"""
import json, pathlib
import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
expected = {}
rng = np.random.default_rng(0)


def npy(name, array, version=None):
    with open(HERE / name, "wb") as file:
        np.lib.format.write_array(file, array, version=version)
    expected[name] = {"shape": list(array.shape), "values": array.astype(np.float64).ravel(order="C").tolist()}


def sample(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind == "f":
        return rng.normal(0, 100, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype=dtype.newbyteorder("="), endpoint=True).astype(dtype)


for dtype in ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"]:
    npy(f"{dtype[1:]}.npy", sample(dtype, (2, 3)))
for dtype in [">i2", ">u4", ">u8", ">f2", ">f4", ">f8"]:
    npy(f"{dtype[1:]}-big.npy", sample(dtype, (2, 3)))
npy("fortran.npy", np.asfortranarray(sample("<i2", (2, 3, 4))))
npy("fortran-big.npy", np.asfortranarray(sample(">f4", (3, 1, 2, 2))))
npy("scalar.npy", sample("<f8", ()))
npy("line.npy", sample("<f4", (5,)))
npy("nothing.npy", sample("<f4", (0, 3)))
npy("version-2.npy", sample("<f4", (2, 2)), version=(2, 0))
npy("version-3.npy", sample("<f4", (2, 2)), version=(3, 0))


def png(name, image, channels, values, **options):
    image.save(HERE / name, **options)
    expected[name] = {"shape": [channels, 1, *reversed(image.size)], "values": np.asarray(values, float).ravel().tolist()}


gray = rng.integers(0, 256, (4, 5), dtype=np.uint8)
deep = rng.integers(0, 65536, (4, 5), dtype=np.uint16)
color = rng.integers(0, 256, (4, 5, 3), dtype=np.uint8)
alpha = rng.integers(0, 256, (4, 5), dtype=np.uint8)
png("gray8.png", Image.fromarray(gray), 1, gray)
png("gray16.png", Image.fromarray(deep), 1, deep)
png("gray-alpha.png", Image.fromarray(np.dstack([gray, alpha])), 1, gray)
png("rgb.png", Image.fromarray(color), 3, color.transpose(2, 0, 1))
png("rgba.png", Image.fromarray(np.dstack([color, alpha])), 3, color.transpose(2, 0, 1))
png("rgba-gray.png", Image.fromarray(np.dstack([gray, gray, gray, alpha])), 1, gray)
png("bits.png", Image.fromarray(gray > 127), 1, gray > 127)
palette = Image.fromarray((gray % 4).astype(np.uint8)).convert("P")
palette.putpalette([0, 0, 0, 200, 10, 20, 30, 190, 40, 50, 60, 180])
colors = np.array([[0, 0, 0], [200, 10, 20], [30, 190, 40], [50, 60, 180]])
png("palette.png", palette, 3, colors[gray % 4].transpose(2, 0, 1))
expected["palette.png"]["indices"] = (gray % 4).astype(int).ravel().tolist()
(HERE / "arrays.json").write_text(json.dumps(expected, separators=(",", ":")))
