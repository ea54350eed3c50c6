"""Writes the NIfTI files beside this script, and what NiBabel reads from them (nifti.json).

Run with NiBabel 5.4.2 and NumPy 2.4.6: python make-nifti.py
"""
import gzip, json, pathlib
import nibabel, numpy as np
from nibabel.nifti1 import Nifti1Header

HERE = pathlib.Path(__file__).parent
expected = {}
rng = np.random.default_rng(0)


def save(name, dtype, shape=(3, 4, 2), order="<", slope=(0, 0), pack=False, values=None, **fields):
    dtype = np.dtype(dtype).newbyteorder(order)
    header = Nifti1Header(endianness=order)
    header.set_data_dtype(dtype)
    header.set_data_shape(shape)
    header["magic"] = b"n+1"
    header["vox_offset"] = fields.pop("offset", 352)
    header["scl_slope"], header["scl_inter"] = slope
    for key, value in fields.items():
        header[key] = value
    if values is None:
        if dtype.kind == "f":
            values = rng.normal(0, 1000, shape)
        else:
            info = np.iinfo(dtype)
            values = rng.integers(info.min, info.max, shape, dtype=dtype.newbyteorder("="), endpoint=True)
    data = np.asarray(values).astype(dtype).tobytes(order="F")
    content = header.binaryblock + bytes(int(header["vox_offset"]) - 348) + data
    path = HERE / name
    path.write_bytes(gzip.compress(content, mtime=0) if pack else content)
    # NiBabel goes by the name: give it the right one
    readable = HERE / ("read-me.nii.gz" if pack else "read-me.nii")
    readable.write_bytes(path.read_bytes())
    image = nibabel.load(readable)
    expected[name] = {
        "shape": list(image.shape),
        "affine": image.affine.ravel().tolist(),
        "values": image.get_fdata().ravel(order="F").tolist(),
    }
    readable.unlink()


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
(HERE / "nifti.json").write_text(json.dumps(expected, separators=(",", ":")))
