"""Writes the TIFF files beside this script and what they hold (tiff.json): `crc` is the CRC-32 of the numbers as
float64, `(channel, z, y, x)`, that tifffile reads, and where white is 0 Pillow.

Run with tifffile 2026.3.3, imagecodecs 2026.3.6, NumPy 2.4.6 and Pillow 13.0.0: python make-tiff.py
"""
import json, pathlib, zlib
import numpy as np, tifffile
from PIL import Image

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(0)
expected = {}


def keep(name, values, spacing=(1, 1, 1), read=None):
    """`values` are (channel, z, y, x); `read` is what tifffile has to read."""
    if read is not None:
        assert np.array_equal(tifffile.imread(HERE / name).squeeze(), np.asarray(read).squeeze()), name
    expected[name] = {"shape": list(values.shape), "spacing": list(spacing), "crc": crc(values)}


def crc(values):
    return zlib.crc32(values.astype("<f8").tobytes())


def plane(name, array, **options):
    tifffile.imwrite(HERE / name, array, **options)
    values = array[:, :, None] if array.ndim == 2 else array
    keep(name, values.transpose(2, 0, 1)[:, None], read=array)


def sample(dtype, *shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.normal(0, 100, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)


def smooth(dtype, *shape):
    grids = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    return (sum(np.sin(g / 3.0) for g in grids) * 20 + 60).astype(dtype)


for dtype in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    plane(f"{dtype}.tif", sample(dtype, 4, 5), photometric="minisblack")
for dtype in ["u2", "f4"]:
    plane(f"{dtype}-big-endian.tif", sample(dtype, 4, 5), photometric="minisblack", byteorder=">")
for compression, dtype, predictor in [("lzw", "u2", True), ("lzw", "f4", True), ("deflate", "u1", False),
                                      ("deflate", "u2", True), ("packbits", "u1", False)]:
    plane(f"{compression}-{dtype}.tif", smooth(dtype, 19, 23), compression=compression, predictor=predictor,
          rowsperstrip=8, photometric="minisblack")
# more strings than 12 bits have codes, and long ones
plane("lzw-noise.tif", sample("u1", 70, 70), compression="lzw", photometric="minisblack")
plane("lzw-flat.tif", np.zeros((200, 200), "u1"), compression="lzw", photometric="minisblack")
plane("lzw-rgb.tif", smooth("u1", 20, 21, 3), compression="lzw", predictor=True, photometric="rgb")
plane("lzw-f4-rgb-big-endian.tif", smooth("f4", 9, 21, 3), compression="lzw", predictor=True,
      photometric="rgb", byteorder=">")
plane("tiled.tif", sample("u2", 37, 41), tile=(16, 32), photometric="minisblack")
plane("tiled-packed-rgb.tif", smooth("u1", 37, 41, 3), tile=(32, 16), compression="deflate", predictor=True,
      photometric="rgb")
plane("bigtiff.tif", sample("u2", 4, 5), bigtiff=True, photometric="minisblack")
rgba = sample("u1", 4, 5, 4)
tifffile.imwrite(HERE / "rgba.tif", rgba, photometric="rgb", extrasamples=["unassalpha"])
keep("rgba.tif", rgba[:, :, :3].transpose(2, 0, 1)[:, None])
four = sample("u2", 3, 4, 5)
tifffile.imwrite(HERE / "planar.tif", four, photometric="rgb", planarconfig="separate")
keep("planar.tif", four[:, None], read=four)
pixels = sample("u1", 4, 5, 5)
plane("channels-of-pixels.tif", pixels, photometric="minisblack", planarconfig="contig")
palette = rng.integers(0, 256, (3, 256)).astype("u2")
indices = sample("u1", 4, 5)
tifffile.imwrite(HERE / "palette.tif", indices, photometric="palette", colormap=palette * 257)
keep("palette.tif", palette[:, indices][:, None], read=indices)
expected["palette.tif"]["indices"] = crc(indices)

bits = rng.integers(0, 2, (9, 13)).astype(bool)
Image.fromarray(bits).save(HERE / "bits.tif")
keep("bits.tif", bits[None, None])
Image.fromarray(bits).save(HERE / "bits-white.tif", tiffinfo={262: 0})
with Image.open(HERE / "bits-white.tif") as image:
    assert image.tag_v2[262] == 0
    keep("bits-white.tif", np.asarray(image)[None, None])
gray = sample("u1", 4, 5)
tifffile.imwrite(HERE / "white.tif", gray, photometric="miniswhite")
with Image.open(HERE / "white.tif") as image:
    keep("white.tif", np.asarray(image)[None, None])

# stacks
stack = sample("u2", 6, 4, 5)
tifffile.imwrite(HERE / "stack.tif", stack, photometric="minisblack")
keep("stack.tif", stack[None], read=stack)
tifffile.imwrite(HERE / "stack-axes.tif", sample("u1", 2, 3, 4, 5), photometric="minisblack", metadata={"axes": "CZYX"})
keep("stack-axes.tif", tifffile.imread(HERE / "stack-axes.tif"))
tifffile.imwrite(HERE / "stack-zcyx.tif", sample("u1", 3, 2, 4, 5), photometric="minisblack", metadata={"axes": "ZCYX"})
keep("stack-zcyx.tif", tifffile.imread(HERE / "stack-zcyx.tif").swapaxes(0, 1))
tifffile.imwrite(HERE / "stack-unsaid.tif", sample("u1", 3, 2, 4, 5), photometric="minisblack")
tifffile.imwrite(HERE / "stack-rgb.tif", sample("u1", 3, 4, 5, 3), photometric="rgb")
keep("stack-rgb.tif", tifffile.imread(HERE / "stack-rgb.tif").transpose(3, 0, 1, 2))
tifffile.imwrite(HERE / "imagej.tif", sample("u2", 3, 2, 4, 5), imagej=True, resolution=(1 / 0.25, 1 / 0.5),
                 metadata={"axes": "ZCYX", "spacing": 2.0, "unit": "um"})
keep("imagej.tif", tifffile.imread(HERE / "imagej.tif").swapaxes(0, 1), (0.25e-3, 0.5e-3, 2e-3))
tifffile.imwrite(HERE / "imagej-stack.tif", sample("f4", 3, 4, 5), imagej=True, metadata={"axes": "ZYX"})
keep("imagej-stack.tif", tifffile.imread(HERE / "imagej-stack.tif")[None])
tifffile.imwrite(HERE / "imagej-times.tif", sample("u1", 3, 4, 5), imagej=True, metadata={"axes": "TYX"})
keep("imagej-times.tif", tifffile.imread(HERE / "imagej-times.tif")[None])
tifffile.imwrite(HERE / "imagej-both.tif", sample("u1", 2, 3, 4, 5), imagej=True, metadata={"axes": "TZYX"})
# one directory for all slices, as ImageJ writes stacks of more than 4 GB
tifffile.imwrite(HERE / "imagej-one-directory.tif", sample("u2", 4, 4, 5), imagej=True, byteorder=">",
                 metadata={"axes": "ZYX"})
with tifffile.TiffFile(HERE / "imagej-one-directory.tif") as tif:
    slices = tif.asarray()
    start = tif.pages[0].dataoffsets[0]
    end = tif.pages[0].offset
raw = bytearray((HERE / "imagej-one-directory.tif").read_bytes())
assert bytes(raw[start:start + slices.nbytes]) == slices.astype(">u2").tobytes()
tags = int.from_bytes(raw[end:end + 2], "big")
raw[end + 2 + 12 * tags:end + 6 + 12 * tags] = bytes(4)
(HERE / "imagej-one-directory.tif").write_bytes(raw)
keep("imagej-one-directory.tif", slices[None], read=slices)
size = {"PhysicalSizeX": 0.3, "PhysicalSizeXUnit": "µm", "PhysicalSizeY": 300, "PhysicalSizeYUnit": "nm",
        "PhysicalSizeZ": 1.5, "PhysicalSizeZUnit": "µm"}
tifffile.imwrite(HERE / "ome.ome.tif", sample("u2", 3, 2, 4, 5), ome=True, photometric="minisblack",
                 metadata={"axes": "ZCYX", **size})
keep("ome.ome.tif", tifffile.imread(HERE / "ome.ome.tif").swapaxes(0, 1), (0.3e-3, 0.3e-3, 1.5e-3))
tifffile.imwrite(HERE / "ome-czyx.ome.tif", sample("f4", 2, 3, 4, 5), ome=True, photometric="minisblack",
                 compression="deflate", tile=(16, 16), metadata={"axes": "CZYX"})
keep("ome-czyx.ome.tif", tifffile.imread(HERE / "ome-czyx.ome.tif"))
tifffile.imwrite(HERE / "ome-rgb.ome.tif", sample("u1", 3, 4, 5, 3), ome=True, photometric="rgb",
                 metadata={"axes": "ZYXS"})
keep("ome-rgb.ome.tif", tifffile.imread(HERE / "ome-rgb.ome.tif").transpose(3, 0, 1, 2))
pyramid = smooth("u1", 32, 32)
with tifffile.TiffWriter(HERE / "pyramid.ome.tif") as writer:
    writer.write(pyramid, subifds=1, tile=(16, 16), metadata={"axes": "YX"}, photometric="minisblack")
    writer.write(pyramid[::2, ::2], subfiletype=1, tile=(16, 16), photometric="minisblack")
keep("pyramid.ome.tif", pyramid[None, None])
with tifffile.TiffWriter(HERE / "overview.tif") as writer:
    writer.write(pyramid, photometric="minisblack", metadata=None)
    writer.write(pyramid[::2, ::2], subfiletype=1, photometric="minisblack", metadata=None)
keep("overview.tif", pyramid[None, None])
tifffile.imwrite(HERE / "centimetres.tif", gray, resolution=(20, 25), resolutionunit="CENTIMETER",
                 photometric="minisblack", metadata=None)
keep("centimetres.tif", gray[None, None], (0.5, 0.4, 0.5))
tifffile.imwrite(HERE / "inches.tif", gray, resolution=(50.8, 50.8), resolutionunit="INCH", photometric="minisblack",
                 metadata=None)
keep("inches.tif", gray[None, None], (0.5, 0.5, 0.5))
tifffile.imwrite(HERE / "screen.tif", gray, resolution=(72, 72), resolutionunit="INCH", photometric="minisblack",
                 metadata=None)
keep("screen.tif", gray[None, None])

# refused
with tifffile.TiffWriter(HERE / "differing.tif") as writer:
    writer.write(pyramid, photometric="minisblack", metadata=None)
    writer.write(pyramid[:9], photometric="minisblack", metadata=None)
tifffile.imwrite(HERE / "zstd.tif", pyramid, compression="zstd", photometric="minisblack")
tifffile.imwrite(HERE / "jpeg.tif", pyramid, compression="jpeg", photometric="minisblack")
tifffile.imwrite(HERE / "cmyk.tif", sample("u1", 4, 5, 4), photometric="separated")
(HERE / "tiff.json").write_text(json.dumps(expected, separators=(",", ":")))
