"""Writes the NRRD files beside this script, and what SimpleITK and pynrrd read from them (nrrd.json).

Run with SimpleITK 2.5.7, pynrrd 1.1.3 and NumPy 2.4.6: python make-nrrd.py
Places and numbers are SimpleITK's, which have to be pynrrd's too.
"""
import gzip, json, pathlib
import nrrd, numpy as np, SimpleITK as sitk

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(0)
expected = {}
TURN = np.array([[0.8, -0.6, 0], [0.6, 0.8, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, 0.96, 0.28], [0, -0.28, 0.96]])
DIRECTIONS = (TURN * [0.75, 1.5, 2.25]).T  # one row an axis
ORIGIN = [-12.5, 30.25, 7]
NONE = np.full(3, np.nan)


def numbers(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.normal(0, 1000, shape).astype(dtype)
    info = np.iinfo(dtype)
    # what a double holds
    return rng.integers(max(info.min, -(2**50)), min(info.max, 2**50), shape, endpoint=True).astype(dtype)


def save(name, data, space="left-posterior-superior", directions=DIRECTIONS, origin=ORIGIN, **fields):
    header = {"encoding": "gzip"} | fields
    if space:
        header |= {"space": space, "space directions": directions, "space origin": origin}
    nrrd.write(str(HERE / name), data, header, **({"detached_header": True} if name.endswith(".nhdr") else {}))
    remember(name)


def text(name, lines, data=b"", end="\n\n", **beside):
    (HERE / name).write_bytes(("NRRD0005\n" + "\n".join(lines) + end).encode() + data)
    for file, content in beside.items():
        (HERE / file.replace("__", ".")).write_bytes(content)


def remember(name, pynrrd=True):
    image = sitk.ReadImage(str(HERE / name))
    values = sitk.GetArrayFromImage(image).astype(float)
    n = image.GetDimension()
    if image.GetNumberOfComponentsPerPixel() > 1:
        values = np.moveaxis(values, -1, 0)
    affine = np.eye(4)
    affine[:n, :n] = np.array(image.GetDirection()).reshape(n, n) * image.GetSpacing()
    affine[:n, 3] = image.GetOrigin()
    affine[:2] *= -1
    if n == 2:
        affine[:3, 2] = np.cross(affine[:3, 0], affine[:3, 1])
        affine[:3, 2] /= np.linalg.norm(affine[:3, 2])
    expected[name] = {
        "size": list(image.GetSize()),
        "channels": image.GetNumberOfComponentsPerPixel(),
        "affine": affine.ravel().tolist(),
        "values": values.ravel().tolist(),
    }
    if pynrrd:
        data, header = nrrd.read(str(HERE / name))
        kinds = list(header.get("kinds", ["domain"] * data.ndim))
        other = [i for i, kind in enumerate(kinds) if kind not in ("domain", "space")]
        data = np.moveaxis(data, other[0], -1) if other else data
        assert np.array_equal(data.astype(float).ravel(order="F"), values.ravel()), name


for i, dtype in enumerate(["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]):
    order = "<>"[i % 2] if np.dtype(dtype).itemsize > 1 else "="
    space = ["left-posterior-superior", "RAS", "left-anterior-superior", "LPS", "LAS", "right-anterior-superior"][i % 6]
    save(f"{dtype}.nrrd", numbers(dtype, (3, 4, 2)).astype(np.dtype(dtype).newbyteorder(order)), space,
         encoding=["gzip", "raw"][i // 2 % 2])
save("vector-first.nrrd", numbers("i2", (3, 4, 2, 5)), directions=np.vstack([NONE, DIRECTIONS]),
     kinds=["vector", "domain", "domain", "domain"])
save("list-last.nrrd", numbers("f4", (4, 2, 5, 3)), directions=np.vstack([DIRECTIONS, NONE]),
     kinds=["domain", "domain", "domain", "list"])
save("list-between.nrrd", numbers("u1", (4, 3, 2, 5)), directions=np.vstack([DIRECTIONS[:1], NONE, DIRECTIONS[1:]]),
     kinds=["domain", "list", "domain", "domain"])
save("colours.nrrd", numbers("u1", (3, 4, 2)), None, kinds=["RGB-color", "domain", "domain"])
save("spacings.nrrd", numbers("i2", (4, 2, 3)), None, spacings=[0.5, 2, 3])
save("plane.nrrd", numbers("u2", (4, 3)), None, spacings=[0.5, 2], encoding="raw")
save("beside.nhdr", numbers("i2", (3, 4, 2)))
plane = sitk.GetImageFromArray(numbers("f4", (3, 4)))
plane.SetSpacing([0.5, 2])
plane.SetOrigin([-3, 5])
plane.SetDirection([0.8, 0.6, -0.6, 0.8])
sitk.WriteImage(plane, str(HERE / "itk-plane.nrrd"), useCompression=True)
remember("itk-plane.nrrd")
colours = sitk.GetImageFromArray(numbers("u1", (2, 3, 4, 3)), isVector=True)
colours.SetSpacing([0.5, 2, 3])
sitk.WriteImage(colours, str(HERE / "itk-colours.nrrd"))
remember("itk-colours.nrrd")

grid = ["dimension: 3", "sizes: 4 3 2", "type: short", "endian: big", "space: LPS",
        "space directions: (1,0,0) (0,2,0) (0,0,3)", "space origin: (4,5,6)"]
data = numbers("i2", (2, 3, 4)).astype(">i2").tobytes()
text("skips.nhdr", grid + ["encoding: raw", "line skip: 2", "byteskip: 3", "datafile: ./skips.raw"],
     skips__raw=b"one\ntwo\nabc" + data)
text("skips-packed.nhdr", grid + ["encoding: gz", "byte skip: 3", "data file: skips.bin"],
     skips__bin=gzip.compress(b"abc" + data, mtime=0))
text("last.nrrd", [*grid, "# where the last bytes are the voxels", "encoding: raw", "byte skip: -1"], b"some more" + data)
text("list.nhdr", [line.replace(",", ", ") for line in grid] + ["encoding: raw", "data file: LIST", "b.slice", "a.slice"],
     end="\n", b__slice=data[:24], a__slice=data[24:])
text("counted.nhdr", grid + ["encoding: gzip", "data file: slice%02d.gz 3 1 -2"],
     slice03__gz=gzip.compress(data[:24], mtime=0), slice01__gz=gzip.compress(data[24:], mtime=0))
for name in ["skips.nhdr", "skips-packed.nhdr", "last.nrrd", "list.nhdr", "counted.nhdr"]:
    # pynrrd reads no pattern with a step below 0, and skips bytes before it unpacks
    remember(name, pynrrd=name in ("skips.nhdr", "last.nrrd"))


def segments(*named):
    fields = {"Segmentation_MasterRepresentation": "Binary labelmap"}
    for i, (name, layer, label) in enumerate(named):
        fields[f"Segment{i}_ID"] = f"Segment_{i + 1}"
        fields[f"Segment{i}_Name"] = name
        fields[f"Segment{i}_Extent"] = "0 3 0 2 0 1"
        if label:
            fields |= {f"Segment{i}_Layer": str(layer), f"Segment{i}_LabelValue": str(label)}
    return fields


flat = np.zeros((4, 3, 2), np.uint8)
flat[1:3, 1, 0] = 1
flat[3, 2, 1] = 3
save("flat.seg.nrrd", flat, **segments(("liver", 0, 1), ("tumour: left", 0, 3)))
layers = np.zeros((2, 4, 3, 2), np.uint8)
layers[0, :2, 0, 0] = 1
layers[0, 2, 2, 1] = 2
layers[1, 3, 1, 1] = 1
layered = dict(directions=np.vstack([NONE, DIRECTIONS]), kinds=["list", "domain", "domain", "domain"])
save("layers.seg.nrrd", layers, **layered, **segments(("liver", 0, 1), ("vessel", 0, 2), ("tumour", 1, 1)))
save("distinct.seg.nrrd", layers * np.array([1, 5], np.uint8)[:, None, None, None], **layered,
     **segments(("liver", 0, 1), ("vessel", 0, 2), ("tumour", 1, 5)))
save("old.seg.nrrd", (layers == 1).astype(np.uint8) * np.array([0, 1], np.uint8)[:, None, None, None], **layered,
     **segments(("liver", 0, 0), ("tumour", 0, 0)))
layers[1, 1, 0, 0] = 1
save("overlap.seg.nrrd", layers, **layered, **segments(("liver", 0, 1), ("vessel", 0, 2), ("tumour", 1, 1)))
(HERE / "nrrd.json").write_text(json.dumps(expected, separators=(",", ":")))
