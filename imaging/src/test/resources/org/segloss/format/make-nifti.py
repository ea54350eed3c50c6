"""Writes the NIfTI files beside this script, and what NiBabel reads from them (nifti.json).

Run with NiBabel 5.4.2 and NumPy 2.4.6: python make-nifti.py
"""
import gzip, json, pathlib
import nibabel, numpy as np
from nibabel.nifti1 import Nifti1Header
from nibabel.nifti2 import Nifti2Header

HERE = pathlib.Path(__file__).parent
expected = {}
rng = np.random.default_rng(0)


def save(name, dtype, shape=(3, 4, 2), order="<", slope=(0, 0), pack=False, values=None, edition=1, **fields):
    dtype = np.dtype(dtype).newbyteorder(order)
    header = (Nifti1Header if edition == 1 else Nifti2Header)(endianness=order)
    length = header.sizeof_hdr
    pair = ".hdr" in name
    header.set_data_dtype(dtype)
    header.set_data_shape(shape)
    if edition == 1:
        header["magic"] = b"ni1" if pair else b"n+1"
    else:
        header["magic"] = b"ni2" if pair else b"n+2"
        header["eol_check"] = (13, 10, 26, 10)
    header["vox_offset"] = fields.pop("offset", 0 if pair else length + 4)
    header["scl_slope"], header["scl_inter"] = slope
    for key, value in fields.items():
        header[key] = value
    if values is None:
        if dtype.fields:
            values = rng.integers(0, 256, (*shape, len(dtype.fields)), dtype=np.uint8).view(dtype)[..., 0]
        elif dtype.kind == "f":
            values = rng.normal(0, 1000, shape)
        else:
            info = np.iinfo(dtype)
            values = rng.integers(info.min, info.max, shape, dtype=dtype.newbyteorder("="), endpoint=True)
    data = np.asarray(values).astype(dtype).tobytes(order="F")
    path = HERE / name
    if pair:
        image = nibabel.Nifti1Pair if edition == 1 else nibabel.Nifti2Pair
        voxels = HERE / name.replace(".hdr", ".img")
        voxels.write_bytes(gzip.compress(data, mtime=0) if pack else data)
        content = header.binaryblock
        path.write_bytes(gzip.compress(content, mtime=0) if pack else content)
        remember(name, image.load(path))
        return
    content = header.binaryblock + bytes(int(header["vox_offset"]) - length) + data
    path.write_bytes(gzip.compress(content, mtime=0) if pack else content)
    # NiBabel goes by the name: give it the right one
    readable = HERE / ("read-me.nii.gz" if pack else "read-me.nii")
    readable.write_bytes(path.read_bytes())
    remember(name, nibabel.load(readable))
    readable.unlink()


def remember(name, image):
    data = np.asanyarray(image.dataobj)
    if data.dtype.fields:
        # channels behind x, y and z
        data = np.stack([data[channel] for channel in data.dtype.fields], -1)
    expected[name] = {
        "shape": list(data.shape),
        "affine": image.affine.ravel().tolist(),
        "values": data.astype(float).ravel(order="F").tolist(),
    }


rotated = nibabel.eulerangles.euler2mat(0.3, -0.5, 1.1) @ np.diag([0.8, 1.5, -2.25])
affine = nibabel.affines.from_matvec(rotated, [-12.5, 30.25, 7])
sform = dict(sform_code=2, srow_x=affine[0], srow_y=affine[1], srow_z=affine[2])
b, c, d = nibabel.quaternions.mat2quat(nibabel.eulerangles.euler2mat(0.3, -0.5, 1.1))[1:]
qform = dict(qform_code=1, pixdim=[-1, 0.8, 1.5, 2.25, 1, 1, 1, 1], quatern_b=b, quatern_c=c, quatern_d=d,
             qoffset_x=5, qoffset_y=-6, qoffset_z=7.5)

for name in ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]:
    save(f"{name}-little.nii", name, order="<", **sform)
    if name not in ("u1", "i1"):
        save(f"{name}-big.nii", name, order=">", **qform)
save("scaled-i2.nii", "i2", slope=(0.25, -7), **sform)
save("scaled-u1-big.nii", "u1", order=">", slope=(3, 0.5), **qform)
save("scaled-i4.nii", "i4", slope=(1e-3, 1000), **sform)
save("scaled-f4.nii", "f4", slope=(-2, 1))
save("slope-0.nii", "i2", slope=(0, 5), **qform)
save("slope-1.nii", "i2", slope=(1, 0), **sform)
save("no-affine.nii", "i2", shape=(5, 4, 3), pixdim=[1, 0.5, 2, 3, 1, 1, 1, 1])
save("both-forms.nii", "u1", **(qform | sform))
save("packed-named-nii.nii", "f4", pack=True, **sform)
save("packed.nii.gz", "i2", pack=True, **sform)
save("plain-named-gz.nii.gz", "u1", **sform)
save("plane.nii", "u1", shape=(5, 4))
save("channels.nii", "f4", shape=(3, 2, 2, 4), **sform)
save("vector.nii", "f4", shape=(3, 2, 2, 1, 3), **sform)
save("late-data.nii", "i2", offset=416, **sform)
save("label-float.nii", "f4", values=rng.integers(0, 3, (3, 4, 2)), **sform)
save("two-little.nii", "i2", edition=2, **sform)
save("two-big.nii.gz", "f8", edition=2, order=">", slope=(0.5, 3), pack=True, **qform)
save("two-channels.nii", "u1", shape=(3, 2, 2, 2), edition=2, **sform)
save("pair.hdr", "i2", **sform)
save("pair-big.hdr", "f4", order=">", offset=0, **qform)
save("pair-packed.hdr.gz", "u2", pack=True, **sform)
save("two-pair.hdr", "i4", edition=2, **qform)
rgb = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
save("rgb.nii", rgb, **sform)
save("rgba.nii", np.dtype([*rgb.descr, ("A", "u1")]), **qform)
save("negative-widths.nii", "i2", **(qform | dict(pixdim=[-1, -0.8, 1.5, -2.25, 1, 1, 1, 1])))
(HERE / "nifti.json").write_text(json.dumps(expected, separators=(",", ":")))
