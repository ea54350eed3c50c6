"""Writes the pictures beside this script, PNG of kinds that Pillow doesn't write and JPEG, and what they hold
(pictures.json): `values` are channel by channel, as NumPy has them.

Run with NumPy 2.4.6, pypng 0.20220715.0 and Pillow 13.0.0 (libjpeg-turbo 3.2.0): python make-pictures.py
"""
import itertools, json, pathlib
import numpy as np, png
from PIL import Image

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(0)
expected = {}


def keep(name, array, **more):
    planes = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    expected[name] = {"channels": len(planes), "width": array.shape[1], "height": array.shape[0],
                      "values": planes.astype(int).ravel().tolist(), **more}


def write(name, samples, depth, **options):
    planes = 1 if samples.ndim == 2 else samples.shape[2]
    height, width = samples.shape[:2]
    writer = png.Writer(width, height, bitdepth=depth, greyscale=planes < 3 and "palette" not in options,
                        alpha=planes in (2, 4), **options)
    with open(HERE / name, "wb") as file:
        writer.write(file, samples.reshape(height, -1).tolist())
    # a second opinion of the file that was written
    with open(HERE / name, "rb") as file:
        rows = np.array([list(row) for row in png.Reader(file=file).read()[2]])
    assert (rows == samples.reshape(height, -1)).all(), name


def random(depth, *shape):
    return rng.integers(0, 1 << depth, shape)


for depth, interlace in itertools.product([1, 2, 4, 8, 16], [False, True]):
    samples = random(depth, 9, 11)
    name = f"gray-{depth}{'-adam7' if interlace else ''}.png"
    write(name, samples, depth, interlace=interlace)
    keep(name, samples)
for depth in [1, 2, 4, 8, 16]:
    samples = random(depth, 3, 5)
    write(f"gray-{depth}-trns.png", samples, depth, transparent=1)
    keep(f"gray-{depth}-trns.png", samples)
for depth in [1, 2, 4, 8]:
    colours = random(8, 1 << depth, 4 if depth == 2 else 3)
    samples = random(depth, 4, 7)
    write(f"palette-{depth}.png", samples, depth, palette=[tuple(map(int, c)) for c in colours])
    keep(f"palette-{depth}.png", colours[samples][:, :, :3], indices=samples.ravel().tolist())
for depth, planes in itertools.product([8, 16], [2, 3, 4]):
    samples = random(depth, 4, 6, planes)
    name = f"{'' if planes < 3 else 'rgb-'}{'' if planes == 3 else 'alpha-'}{depth}.png"
    write(name, samples, depth)
    keep(name, samples[:, :, 0] if planes == 2 else samples[:, :, :3])
samples = random(16, 3, 4, 3)
write("rgb-16-adam7-trns.png", samples, 16, interlace=True, transparent=tuple(map(int, samples[0, 0])))
keep("rgb-16-adam7-trns.png", samples)
# a mask in the transparency alone, and one that is in both
mask = 255 * random(1, 5, 6)
write("alpha-mask.png", np.dstack([0 * mask, 0 * mask, 0 * mask, mask]), 8)
write("alpha-mask-gray.png", np.dstack([255 + 0 * mask, mask]), 8)
write("alpha-and-gray.png", np.dstack([mask, mask]), 8)
# filtered by Pillow: a slope makes it take all filters
y, x = np.mgrid[0:40, 0:50]
smooth = np.stack([5 * x, 6 * y, 3 * x + 2 * y], axis=2).astype(np.uint8)
smooth[10:20] = random(8, 10, 50, 3)
Image.fromarray(smooth).save(HERE / "filters.png")
keep("filters.png", smooth)

photo = np.clip(np.stack([3 * x + 40, 4 * y + 30, 90 + 60 * np.sin(x / 7) * np.cos(y / 5)], axis=2), 0, 255).astype(np.uint8)
gray = photo[:, :, 2]
turned = Image.Exif()
turned[0x112] = 6
for name, image, options in [
    ("baseline.jpg", photo, {"quality": 92}),
    ("halved.jpg", photo, {"quality": 75, "subsampling": 2}),
    ("full.jpg", photo, {"quality": 95, "subsampling": 0}),
    ("progressive.jpg", photo, {"quality": 85, "progressive": True}),
    ("gray.jpg", gray, {"quality": 90}),
    ("gray-progressive.jpg", gray, {"quality": 90, "progressive": True}),
    ("keep-rgb.jpg", photo, {"quality": 90, "keep_rgb": True}),
    ("turned.jpg", photo, {"quality": 90, "exif": turned}),
    ("restart.jpg", photo, {"quality": 90, "restart_marker_blocks": 2}),
]:
    Image.fromarray(image).save(HERE / name, **options)
    keep(name, np.asarray(Image.open(HERE / name)))
Image.fromarray(photo).convert("CMYK").save(HERE / "cmyk.jpg", quality=80)
(HERE / "pictures.json").write_text(json.dumps(expected, separators=(",", ":")))
