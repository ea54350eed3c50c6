"""Makes canonical.json: affines, and what NiBabel's as_closest_canonical makes of an image with each.

Made with NiBabel 5.4.2, NumPy 2.4.6: python3 make-canonical.py in this folder.
"""
import itertools
import json
import nibabel
import numpy as np

random = np.random.default_rng(24)


def rotation():
    q = random.normal(size=4)
    a, b, c, d = q / np.linalg.norm(q)
    return np.array([[1 - 2 * (c * c + d * d), 2 * (b * c - a * d), 2 * (b * d + a * c)],
                     [2 * (b * c + a * d), 1 - 2 * (b * b + d * d), 2 * (c * d - a * b)],
                     [2 * (b * d - a * c), 2 * (c * d + a * b), 1 - 2 * (b * b + c * c)]])


matrices = []
# along the axes, in every order and direction
for order in itertools.permutations(range(3)):
    for signs in itertools.product((1, -1), repeat=3):
        matrices.append(np.eye(3)[:, order] * signs)
# anywhere, also mirrored
matrices += [rotation() * random.choice((1, -1), 3) for _ in range(25)]
# sheared, as by a gantry that is tilted
matrices += [rotation() + random.uniform(-0.5, 0.5, (3, 3)) for _ in range(15)]
# nearly in a plane
matrices += [rotation() @ np.diag((1, 1, 1e-3)) @ rotation() for _ in range(4)]

result = []
for matrix in matrices:
    affine = np.eye(4)
    affine[:3, :3] = matrix * (0.5, 1.25, 3)
    affine[:3, 3] = (-10.5, 20, 7)
    affine = affine.round(6)
    image = nibabel.Nifti1Image(np.arange(24, dtype=np.int32).reshape((2, 3, 4), order="F"), affine)
    canonical = nibabel.as_closest_canonical(image)
    result.append({"affine": affine.ravel().tolist(),
                   "orientation": "".join(nibabel.aff2axcodes(affine)),
                   "canonical": canonical.affine.ravel().tolist(),
                   "shape": list(canonical.shape),
                   "voxels": np.asarray(canonical.dataobj).ravel(order="F").tolist()})
with open("canonical.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(one) for one in result) + "\n]\n")
