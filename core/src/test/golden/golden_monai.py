"""Makes losses-monai-random.json: what MONAI gives for its losses' arguments, on inputs drawn here.

    pip install monai==1.6.1 torch==2.15.0 scipy
    python golden_monai.py > ../resources/golden/losses-monai-random.json

The arguments are those that MONAI's own tests go through. Numbers are drawn from a counter of their case, so that a
case that is added changes no other.
"""

import json
import sys

import monai
import monai.losses
import numpy
import torch

TINY = {"smooth_nr": 1e-6, "smooth_dr": 1e-6}
SMALL = {"smooth_nr": 1e-4, "smooth_dr": 1e-4}
NONE = {"smooth_nr": 0, "smooth_dr": 0}
SIGMOID = {"include_background": True, "sigmoid": True}
EACH = {"include_background": True, "sigmoid": True, "to_onehot_y": True}
SOFTMAX = {"include_background": True, "softmax": True, "to_onehot_y": True}
FOREGROUND = {"include_background": False, "to_onehot_y": True}
ONEHOT = {"to_onehot_y": True}

# The channels of a prediction and what they hold, and what a target holds.
BINARY = (1, "logits", "mask")  # one channel against one mask
BINARY_P = (1, "probabilities", "mask")
CHANNELS = (3, "logits", "masks")  # each channel against a mask of its own
CHANNELS_P = (3, "probabilities", "masks")
CLASSES = (3, "logits", "labels")  # against labels
ONE_OF = (3, "logits", "one-hot")  # against those labels as masks
CLASSES_P = (3, "shares", "labels")  # probabilities that add up to 1
TWO = (2, "logits", "labels")
FLAT, THICK, WIDE = (4, 5), (3, 4, 5), (13, 14)

CASES = [
    # ---- overlap
    ("DiceLoss", BINARY, FLAT, {**SIGMOID, **TINY}),
    ("DiceLoss", BINARY, FLAT, {**SIGMOID, **SMALL}),
    ("DiceLoss", BINARY, THICK, {**SIGMOID, "squared_pred": True}),
    ("DiceLoss", BINARY_P, FLAT, {"include_background": True, **SMALL, "soft_label": False}),
    ("DiceLoss", CLASSES_P, FLAT, {**FOREGROUND, **NONE}),
    ("DiceLoss", CLASSES_P, FLAT, ONEHOT),
    ("DiceLoss", CLASSES, FLAT, {**EACH, "reduction": "none", **SMALL}),
    ("DiceLoss", CLASSES, THICK, {**SOFTMAX, **SMALL}),
    ("GeneralizedDiceLoss", BINARY, FLAT, {**SIGMOID, **TINY}),
    ("GeneralizedDiceLoss", BINARY, FLAT, {**SIGMOID, **SMALL}),
    ("GeneralizedDiceLoss", BINARY_P, FLAT, {"include_background": True, **SMALL, "soft_label": False}),
    ("GeneralizedDiceLoss", CLASSES_P, FLAT, {**FOREGROUND, "smooth_nr": 0.0, "smooth_dr": 0.0}),
    ("GeneralizedDiceLoss", CLASSES_P, FLAT, {**FOREGROUND, "smooth_nr": 1e-8, "smooth_dr": 1e-8}),
    ("GeneralizedDiceLoss", CLASSES, FLAT, {**SOFTMAX, **SMALL}),
    ("GeneralizedDiceLoss", CLASSES, THICK, {**SOFTMAX, "reduction": "sum", **SMALL}),
    ("TverskyLoss", BINARY, FLAT, {**SIGMOID, "alpha": 0.7, "beta": 0.3, **TINY}),
    ("TverskyLoss", BINARY, FLAT, {**SIGMOID, **TINY}),
    ("TverskyLoss", BINARY, THICK, {**SIGMOID, **SMALL}),
    ("TverskyLoss", BINARY_P, FLAT, {"include_background": True, **SMALL, "soft_label": False}),
    ("TverskyLoss", CLASSES_P, FLAT, {**FOREGROUND, **NONE}),
    ("TverskyLoss", CLASSES, FLAT, {**EACH, **SMALL}),
    ("TverskyLoss", CLASSES, FLAT, {**EACH, "batch": True}),
    ("TverskyLoss", CLASSES, FLAT, {**SOFTMAX, **SMALL}),
    ("TverskyLoss", CLASSES, THICK, {**SOFTMAX, "reduction": "none", **SMALL}),
    ("GeneralizedWassersteinDiceLoss", TWO, FLAT, {"dist_matrix": [[0.0, 1.0], [1.0, 0.0]], "weighting_mode": "default"}),
    ("GeneralizedWassersteinDiceLoss", TWO, THICK, {"dist_matrix": [[0.0, 1.0], [1.0, 0.0]], "weighting_mode": "GDL"}),
    ("GeneralizedWassersteinDiceLoss", CLASSES, FLAT, {"dist_matrix": [[0.0, 1.0, 1.0], [1.0, 0.0, 0.5], [1.0, 0.5, 0.0]]}),
    # ---- voxels
    ("FocalLoss", BINARY, FLAT, {"to_onehot_y": False}),
    ("FocalLoss", CHANNELS, FLAT, {"include_background": False, "to_onehot_y": False}),
    ("FocalLoss", CLASSES, FLAT, ONEHOT),
    ("FocalLoss", CLASSES, FLAT, {**ONEHOT, "reduction": "none"}),
    ("FocalLoss", CLASSES, FLAT, {**ONEHOT, "alpha": 0.5, "use_softmax": False}),
    ("FocalLoss", CLASSES, FLAT, {**ONEHOT, "alpha": 0.8}),
    ("FocalLoss", CLASSES, FLAT, {**ONEHOT, "alpha": 0.8, "use_softmax": True}),
    ("FocalLoss", CLASSES, THICK, {**ONEHOT, "use_softmax": True}),
    ("NACLLoss", CLASSES, FLAT, {"classes": 3, "dim": 2}),
    ("NACLLoss", CLASSES, FLAT, {"classes": 3, "dim": 2, "distance_type": "l2"}),
    ("NACLLoss", CLASSES, FLAT, {"classes": 3, "dim": 2, "kernel_ops": "gaussian", "sigma": 0.5}),
    ("NACLLoss", CLASSES, THICK, {"classes": 3, "dim": 3, "kernel_ops": "gaussian"}),
    # ---- sums of both
    ("DiceCELoss", BINARY, FLAT, {"sigmoid": True, "weight": [0.5]}),
    ("DiceCELoss", TWO, FLAT, {**SOFTMAX, "include_background": False, "lambda_dice": 1.0, "lambda_ce": 2.0, "weight": [1.0, 1.0]}),
    ("DiceCELoss", CLASSES, FLAT, {**SOFTMAX, "include_background": False, "weight": [1.0, 1.0, 1.0]}),
    ("DiceCELoss", CLASSES, FLAT, SOFTMAX),
    ("DiceFocalLoss", CLASSES, FLAT, {**EACH, "gamma": 0.1, "weight": [1.0, 1.0, 2.0], "lambda_focal": 0.5, "reduction": "sum"}),
    ("DiceFocalLoss", CLASSES, FLAT, EACH),
    ("AsymmetricUnifiedFocalLoss", (2, "shares", "labels"), FLAT, ONEHOT),
    # ---- distances, skeletons, windows
    ("HausdorffDTLoss", BINARY, FLAT, SIGMOID),
    ("HausdorffDTLoss", BINARY, THICK, SIGMOID),
    ("HausdorffDTLoss", BINARY_P, FLAT, {"include_background": True, "batch": True}),
    ("HausdorffDTLoss", CLASSES, FLAT, {**EACH, "reduction": "none"}),
    ("HausdorffDTLoss", CLASSES, FLAT, SOFTMAX),
    ("LogHausdorffDTLoss", BINARY, FLAT, SIGMOID),
    ("LogHausdorffDTLoss", BINARY, THICK, SIGMOID),
    ("LogHausdorffDTLoss", BINARY_P, FLAT, {"include_background": True, "batch": True}),
    ("LogHausdorffDTLoss", CLASSES, FLAT, {**EACH, "reduction": "none"}),
    ("LogHausdorffDTLoss", CLASSES, FLAT, SOFTMAX),
    ("SoftclDiceLoss", CHANNELS_P, (6, 7), {}),
    ("SoftclDiceLoss", CHANNELS_P, THICK, {}),
    ("SoftDiceclDiceLoss", CHANNELS_P, (6, 7), {}),
    ("SoftDiceclDiceLoss", CHANNELS_P, THICK, {}),
    ("SSIMLoss", CHANNELS_P, WIDE, {"spatial_dims": 2, "data_range": 1.0, "kernel_type": "gaussian", "reduction": "mean"}),
    ("SSIMLoss", CHANNELS_P, WIDE, {"spatial_dims": 2, "data_range": 1.0, "kernel_type": "gaussian", "reduction": "sum"}),
    # ---- with a mask, and of several outputs
    ("MaskedDiceLoss", BINARY, FLAT, {**SIGMOID, **TINY}),
    ("MaskedDiceLoss", BINARY, FLAT, {**SIGMOID, "jaccard": True, "smooth_nr": 1e-5, "smooth_dr": 1e-5}),
    # on labels, MONAI's mask makes background of what it covers; on masks it takes the voxel out
    ("MaskedDiceLoss", CHANNELS, FLAT, {**SIGMOID, **SMALL}),
    ("MaskedDiceLoss", CHANNELS, FLAT, {**SIGMOID, "reduction": "none", **SMALL}),
    ("MaskedDiceLoss", ONE_OF, THICK, {"softmax": True, "reduction": "sum", **SMALL}),
    ("MaskedLoss", CHANNELS_P, FLAT, ("DiceLoss", {**SMALL})),
    ("MaskedLoss", CHANNELS_P, THICK, ("TverskyLoss", {"alpha": 0.3, "beta": 0.7})),
    ("DeepSupervisionLoss", CLASSES, (8, 8), ({}, "DiceCELoss", SOFTMAX)),
    ("DeepSupervisionLoss", CLASSES, (8, 8), ({"weight_mode": "two"}, "DiceCELoss", SOFTMAX)),
    ("DeepSupervisionLoss", CLASSES, (8, 8), ({"weights": [0.1, 0.2, 0.3]}, "DiceCELoss", SOFTMAX)),
    ("DeepSupervisionLoss", CLASSES, (8, 8), ({}, "DiceLoss", SOFTMAX)),
    ("DeepSupervisionLoss", CLASSES, (8, 8), ({}, "DiceFocalLoss", EACH)),
]

SAMPLES = 2


def drawn(generator, kind, channels, space):
    shape = (SAMPLES, channels, *space)
    if kind == "logits":
        return generator.normal(0, 1.5, shape).round(3)
    if kind == "probabilities":
        # no two are equal: of equal ones a pooling layer's gradient goes to any
        return generator.choice(numpy.arange(200, 9801), shape, replace=False) / 10000
    # thousandths that add up to 1
    parts = generator.multinomial(1000 - 50 * channels, [1 / channels] * channels, (SAMPLES, *space)) + 50
    return numpy.moveaxis(parts, -1, 1) / 1000


def target(generator, kind, channels, space):
    """Masks of every channel, or labels of which each class has some in every sample."""
    if kind == "one-hot":
        y = target(generator, "labels", channels, space)
        return (y == numpy.arange(channels).reshape(1, channels, *[1] * len(space))).astype(int)
    if kind == "labels":
        y = generator.integers(0, channels, (SAMPLES, 1, *space))
        y.reshape(SAMPLES, -1)[:, :channels] = numpy.arange(channels)
        return y
    return (generator.random((SAMPLES, channels, *space)) < 0.4).astype(int)


def numbers(tensor):
    return [float(f"{v:.12g}") for v in tensor.double().flatten().tolist()]


def as_tensors(arguments):
    return {k: torch.tensor(v, dtype=torch.float64) if k in ("dist_matrix", "weight") else v for k, v in arguments.items()}


def run(index, name, data, space, arguments):
    channels, predicted, wanted = data
    generator = numpy.random.default_rng(index)
    case = {"loss": name, "kwargs": arguments}
    x = torch.tensor(drawn(generator, predicted, channels, space), requires_grad=True)
    y = torch.tensor(target(generator, wanted, channels, space), dtype=torch.float64)
    inputs, extra = [x], []
    if name == "DeepSupervisionLoss":
        case["kwargs"], case["inner_loss"], case["inner_kwargs"] = arguments
        loss = monai.losses.DeepSupervisionLoss(
            getattr(monai.losses, case["inner_loss"])(**case["inner_kwargs"]), **case["kwargs"]
        )
        for factor in (2, 4):
            smaller = drawn(generator, predicted, channels, [n // factor for n in space])
            inputs.append(torch.tensor(smaller, requires_grad=True))
    elif name == "MaskedLoss":
        case["inner_loss"], case["kwargs"] = arguments
        loss = monai.losses.MaskedLoss(getattr(monai.losses, case["inner_loss"])(**case["kwargs"]))
    else:
        loss = getattr(monai.losses, name)(**as_tensors(arguments))
    if name.startswith("Masked"):
        mask = torch.tensor(generator.random((SAMPLES, 1, *space)) < 0.7)
        case["mask"] = mask.int().flatten().tolist()
        extra = [mask.double()]
    # MONAI's parameters and buffers are of float, and these two multiply the prediction by them
    precision = torch.float32 if name == "NACLLoss" else torch.float64
    loss = loss.to(precision)
    given = [i.to(precision) for i in inputs]
    labels = y.squeeze(1).long() if name in ("NACLLoss", "GeneralizedWassersteinDiceLoss") else y.to(precision)
    value = loss(given if len(given) > 1 else given[0], labels, *extra)
    if value.dim() > 0:
        # of each sample and class; what isn't reduced over voxels by its mean
        value = value.reshape(SAMPLES, channels, -1).mean(2)
    value.sum().backward()
    case["shapes"] = [list(i.shape) for i in inputs]
    case["inputs"] = [numbers(i.detach()) for i in inputs]
    case["target"] = y.int().flatten().tolist()
    case["value"] = value.flatten().tolist() if value.dim() > 0 else value.item()
    case["gradient"] = [numbers(i.grad) for i in inputs]
    return case


def main():
    header = {
        "about": f"MONAI {monai.__version__}, torch {torch.__version__.split('+')[0]}, float64 unless the loss computes in float32;"
        " inputs (batch, class, space), a list for each output; target of labels (batch, space) or of masks in the"
        " input's shape; a value for each sample and class where reduction is none, and then the gradient of their sum",
        "made_by": "src/test/golden/golden_monai.py",
    }
    lines = [json.dumps(run(i, *case), separators=(",", ":")) for i, case in enumerate(CASES)]
    print(json.dumps(header)[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}")


if __name__ == "__main__":
    main()
