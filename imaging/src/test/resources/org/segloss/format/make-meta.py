"""Makes the MetaImage files of MetaImageTest, and meta.json with what SimpleITK reads from each.

Made with SimpleITK 2.5.7 (ITK 5.4): python3 make-meta.py in this folder. Files named hand-* are put together from a
header written here and NumPy's bytes; all others by SimpleITK.WriteImage.
"""
import json
import numpy as np
import SimpleITK as sitk

random = np.random.default_rng(7)
TYPES = {"i1": "MET_CHAR", "u1": "MET_UCHAR", "i2": "MET_SHORT", "u2": "MET_USHORT", "i4": "MET_INT", "u4": "MET_UINT",
         "i8": "MET_LONG_LONG", "u8": "MET_ULONG_LONG", "f4": "MET_FLOAT", "f8": "MET_DOUBLE"}
c, s = np.cos(0.3), np.sin(0.3)
d, t = np.cos(0.2), np.sin(0.2)
OBLIQUE = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, d, -t], [0, t, d]])
result = {}


def numbers(kind, shape):
    if kind[0] == "f":
        return random.normal(size=shape).astype(kind)
    info = np.iinfo(kind)
    return random.integers(max(info.min, -2**40), min(info.max, 2**40), shape, dtype=np.int64).astype(kind)


def placed(image):
    n = image.GetDimension()
    image.SetSpacing((0.5, 1.5, 2.5, 1)[:n])
    image.SetOrigin((10, -20.25, 30, 0)[:n])
    if n == 3:
        image.SetDirection(OBLIQUE.flatten())
    elif n == 2:
        image.SetDirection((c, -s, s, c))
    return image


def read(name):
    image = sitk.ReadImage(name)
    n = min(image.GetDimension(), 3)
    direction = np.array(image.GetDirection()).reshape(image.GetDimension(), -1)[:n, :n]
    affine = np.eye(4)
    affine[:n, :n] = direction * np.array(image.GetSpacing())[:n]
    affine[:n, 3] = image.GetOrigin()[:n]
    affine[:2] *= -1  # left, back, top to right, front, top
    values = sitk.GetArrayFromImage(image)
    if image.GetNumberOfComponentsPerPixel() > 1:
        values = np.moveaxis(values, -1, 0)
    result[name] = {"affine": affine.flatten().tolist(), "size": list(image.GetSize()), "type": values.dtype.name,
                    "values": [float(v) for v in values.flatten()]}


for kind in TYPES:
    image = placed(sitk.GetImageFromArray(numbers(kind, (4, 3, 2))))
    sitk.WriteImage(image, f"{kind}.mha", useCompression=kind in ("u1", "i2", "f8"))
    read(f"{kind}.mha")
image = placed(sitk.GetImageFromArray(numbers("i2", (4, 3, 2))))
for name, packed in (("beside.mhd", False), ("packed.mhd", True), ("oblique.nii", False), ("oblique.mha", True)):
    sitk.WriteImage(image, name, useCompression=packed)
    read(name)
for name in ("plane.mha", "plane-meta.nii"):
    image = placed(sitk.GetImageFromArray(numbers("u1", (3, 2))))
    sitk.WriteImage(image, name)
    read(name)
image = placed(sitk.GetImageFromArray(numbers("f4", (4, 3, 2, 3)), isVector=True))
sitk.WriteImage(image, "vector.mha", useCompression=True)
read("vector.mha")
image = placed(sitk.GetImageFromArray(numbers("u1", (2, 4, 3, 2)), isVector=False))
sitk.WriteImage(image, "four.mha")
read("four.mha")


def hand(name, fields, kind, type=None, before=b""):
    head = "ObjectType = Image\nNDims = 3\n" + fields + "DimSize = 2 3 4\n"
    head += f"ElementType = {type or TYPES[kind.strip('<>')]}\nElementDataFile = LOCAL\n"
    with open(f"hand-{name}.mha", "wb") as file:
        file.write(head.encode() + before + numbers("i2", (4, 3, 2)).astype(kind).tobytes())
    read(f"hand-{name}.mha")


hand("big", "ElementByteOrderMSB = True\n", ">i2")
hand("big-float", "BinaryDataByteOrderMSB = True\r\n", ">f4")
hand("long", "", "<i4", "MET_LONG")
hand("size", "ElementSize = 2 3 4\n", "i2")
hand("both", "ElementSize = 2 3 4\nElementSpacing = 5 6 7\n", "i2")
hand("names", "AnatomicalOrientation = LPS\nPosition = 1 2 3\nRotation = 0 1 0 1 0 0 0 0 1\n", "i2")
hand("centre", "Offset = 1 2 3\nCenterOfRotation = 5 5 5\nTransformMatrix = 0 1 0 1 0 0 0 0 1\n", "i2")
hand("negative", "ElementSpacing = -1 1 2\n", "i2")
hand("end", "HeaderSize = -1\n", "i2", before=b"1234")
with open("meta.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
