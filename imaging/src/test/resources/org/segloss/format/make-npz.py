"""Writes the .npz files beside this script, and what NumPy reads from them (npz.json).

Run with NumPy 2.4.6: python make-npz.py
"""
import json, pathlib
import numpy as np

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(0)
data = rng.normal(0, 1, (2, 2, 3, 4)).astype("f4")
seg = rng.integers(-1, 3, (1, 2, 3, 4)).astype("i1")
np.savez_compressed(HERE / "nnunet.npz", data=data, seg=seg)
np.savez_compressed(HERE / "lone.npz", softmax=data.astype("f2"))
np.savez(HERE / "stored.npz", seg.astype(">i2"))
np.savez(HERE / "several.npz", a=data, b=seg)
expected = {
    name: {key: {"shape": list(array.shape), "values": array.astype(float).ravel().tolist()}
           for key, array in np.load(HERE / name).items()}
    for name in ["nnunet.npz", "lone.npz", "stored.npz"]
}
(HERE / "npz.json").write_text(json.dumps(expected, separators=(",", ":")))
