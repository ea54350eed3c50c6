"""Random cases of every loss: value and gradient by Segloss, and by float64 formulas with autograd.

See benchmarks/peers/differential for how to call it. A case is made from its seed and the loss's name alone. Segloss
evaluates it twice, from float and from double, which are different code; the numbers of a prediction are floats, so
that both see the same.
"""

import argparse
import math
import subprocess
import sys
import zlib

import numpy as np
import torch
from scipy import ndimage

import formulas
import volumes

# of the gradient, relative to its largest number; of the value, relative to it or to 1
TOLERANCE = {"FLOAT32": 1e-5, "FLOAT64": 1e-9}
# where all numbers of a gradient are smaller: of n voxels that count the n-th part of this
LEAST = {"FLOAT32": 1e-2, "FLOAT64": 1e-6}
# of probabilities and of their logarithms
ERROR = {"FLOAT32": 1e-7, "FLOAT64": 2e-16}
# lanes take what is below the normal floats for 0
ROUNDED = {"FLOAT32": lambda p: torch.where(p < 1e-37, 0, p.float().double()), "FLOAT64": lambda p: p}
# distances are floats in Segloss
DISTANCES = {"boundary", "hausdorff", "distanceCe", "borderCe"}

TINY = [(1, 1, 1, 1), (2, 1, 1, 3), (1, 1, 5, 1), (3, 1, 2, 2), (2, 3, 1, 1)]
ODD = [(2, 1, 7, 5), (1, 3, 5, 7), (2, 2, 3, 5), (1, 5, 1, 9), (3, 4, 6, 5), (2, 1, 17, 13), (1, 7, 11, 9)]
BIG = [(1, 1, 67, 131), (2, 9, 17, 33), (1, 17, 33, 65)]
WINDOWED = [(2, 1, 17, 13), (1, 16, 1, 13), (1, 13, 12, 15), (2, 1, 24, 31), (1, 1, 12, 12)]
SPACINGS = [(1, 1, 1), (1, 1, 1), (0.7, 0.7, 0.7), (5, 0.7, 0.7), (1.3, 0.9, 0.4)]


def draw(rng, **choices):
    """About a third of the options, each one of its choices."""
    return {name: pick(rng, values) for name, values in choices.items() if rng.random() < 0.35}


def pick(rng, values):
    return values[rng.integers(len(values))]


class Options:
    """What may be drawn for a loss in a task."""

    def __init__(self, rng, kind, classes):
        self.rng, self.kind, self.classes = rng, kind, classes

    def weights(self):
        return [float(pick(self.rng, [0.5, 1, 2.5, 7, 50])) for _ in range(self.classes)]

    def labels(self, weights=True):
        options = draw(self.rng, background=[False], smoothing=[0.1, 0.5, 1], weightBy=["term", "voxel"])
        if weights and self.rng.random() < 0.4:
            options["weights"] = self.weights()
            if self.rng.random() < 0.2 and self.classes > 1:
                options["weights"][0] = 0.0
        return options

    def over(self):
        options = draw(
            self.rng,
            background=[True, False],
            batch=[True],
            classes=["each", "together"],
            absent=["score", "ignore", "penalize"],
        )
        if options.get("classes") != "together" and self.rng.random() < 0.3:
            options["weights"] = self.weights()
        return options

    def smooth(self):
        return pick(
            self.rng,
            [{}, {}, {"smooth": 1}, {"smooth": 0}, {"smooth": 0.1}, {"smoothNum": 0}, {"smoothDen": 1}]
            + [{"smoothNum": 0, "smoothDen": 1e-3}, {"smoothNum": 0.5, "smoothDen": 2}],
        )

    def of(self, loss):
        rng = self.rng
        form = ["product", "l1"]
        gammas = [0.5, 1, 1.5, 2, 3]
        sized = dict(background=[True, False], batch=[True], weighting=["square", "simple", "uniform"])
        if loss == "bce":
            options = draw(rng, posWeight=[0.3, 5], clip=[0.01, 0.2]) | self.labels()
            # there is no class that it could leave out
            options.pop("background", None)
            return options
        if loss == "focal":
            alphas = [0.25, 0.0, 1.0, 0.7, []]
            if self.kind != "MULTILABEL":
                alphas.append(self.weights())
            options = draw(rng, alpha=alphas, gamma=[0, *gammas], threshold=[0.3, 0.7], clip=[0.01, 0.2])
            options |= draw(rng, reduction=["mean", "sum", "normalized"])
            return options | self.labels(options.get("reduction", "mean") == "mean")
        if loss in ("ce", "asymmetricFocal", "gce", "poly", "powerCe"):
            own = {
                "ce": {},
                "asymmetricFocal": draw(rng, delta=[0, 0.3, 1], gamma=[0, *gammas]),
                "gce": draw(rng, q=[0.1, 0.5, 1]),
                "poly": draw(rng, epsilon=[-1, 0, 3.5]),
                "powerCe": draw(rng, gamma=gammas),
            }
            return own[loss] | self.labels()
        if loss in ("generalizedDice", "penaltyDice"):
            own = draw(rng, form=form) if loss == "generalizedDice" else draw(rng, k=[0, 1])
            return own | draw(rng, **sized) | self.smooth()
        if loss == "wassersteinDice":
            matrix = np.abs(np.subtract.outer(np.arange(self.classes), np.arange(self.classes))) * 1.5
            matrix[0, 1:] += 2
            return draw(rng, matrix=[matrix.tolist()], weighting=["default", "gdl"], batch=[True]) | self.smooth()
        own = {
            "dice": dict(form=form),
            "jaccard": dict(form=form),
            "tversky": dict(form=form, fp=[0, 0.5, 2], fn=[0.1, 0.5]),
            "focalTversky": dict(fp=[0.5, 2], fn=[0.1, 0.5], gamma=gammas, powers=["all", "foreground"]),
            "fbeta": dict(beta=[0.5, 1, 2]),
            "sensitivitySpecificity": dict(r=[0, 0.5, 1], smooth=[0, 0.1]),
            "logDice": dict(gamma=gammas),
            "topk": dict(percent=[0.5, 30, 100]),
            "ohem": dict(threshold=[0.1, 0.5, 0.9], minKept=[1, 5, 50]),
            "hausdorff": dict(alpha=[0.5, 1, 3]),
            "hausdorffErosion": dict(alpha=[0, 1], iterations=[1, 3]),
            "borderCe": dict(weight=[0, 3], sigma=[1, 3]),
            "clDice": dict(iterations=[0, 1, 5], epsilon=[0.01]),
            "neighborPenalty": dict(distance=["l1", "l2"], kernel=["mean", "gaussian"], sigma=[0.5, 2]),
            "nacl": dict(alpha=[0.5], distance=["l1", "l2"], kernel=["mean", "gaussian"], sigma=[0.5, 2]),
            "combo": dict(alpha=[0.2], beta=[0.7]),
            "unifiedFocal": dict(form=["symmetric"], focalWeight=[0.2], delta=[0.3], gamma=[0, 0.2, 0.75]),
            "anatomyNet": dict(focalWeight=[2]),
            "expLog": dict(diceWeight=[0.5], ceWeight=[1], gamma=[0.5, 1, 2], weights=[self.weights()]),
        }
        options = draw(rng, **own.get(loss, {}))
        if loss in ("ssim", "msSsim"):
            options |= {"window": pick(rng, [3, 5]), "sigma": pick(rng, [0.8, 1.5])}
            if loss == "msSsim":
                options["scales"] = pick(rng, [[0.4, 0.6], [0.0, 1.0], [0.5, 1.5]])
        smoothing = {"dice", "squaredDice", "jaccard", "tversky", "focalTversky", "fbeta", "mcc", "logDice"}
        if loss in smoothing | {"logCoshDice", "clDice", "skeletonRecall"}:
            options |= self.smooth()
            if loss == "clDice" and options.get("smooth") == 0:
                # a class that is absent, with next to nothing predicted, is 0 / 0 then: rounding decides
                options.pop("smooth")
        alone = {"topk", "ohem", "distanceCe", "borderCe"}
        if loss not in alone and loss not in COMPOUNDS:
            options |= self.over()
            if loss == "lovasz":
                if options.pop("classes", None) == "together":
                    options.pop("weights", None)
            if loss == "neighborPenalty":
                options.pop("absent", None)
        return options


COMPOUNDS = ["diceCe", "diceFocal", "diceTopk", "combo", "unifiedFocal", "anatomyNet", "articleHybrid", "expLog"]
COMPOUNDS += ["nacl"]
VOXEL = ["bce", "ce", "focal", "asymmetricFocal", "gce", "poly", "powerCe"]
OVERLAP = ["dice", "squaredDice", "jaccard", "tversky", "focalTversky", "fbeta", "generalizedDice", "penaltyDice"]
OVERLAP += ["wassersteinDice", "sensitivitySpecificity", "mcc", "logDice", "logCoshDice"]
RANKED = ["lovasz", "topk", "ohem"]
VOLUME = ["boundary", "hausdorff", "hausdorffErosion", "distanceCe", "borderCe", "clDice", "neighborPenalty"]
VOLUME += ["ssim", "msSsim", "skeletonRecall"]
# a sum shares its passes over the voxels, so it is other code than its parts
LOSSES = [*VOXEL, *OVERLAP, *RANKED, *VOLUME, *COMPOUNDS, "sum"]
LOGITS_ONLY = {"lovasz", "neighborPenalty", "nacl", "sum"}
KINDS = {
    "bce": ["BINARY", "MULTILABEL"],
    "articleHybrid": ["BINARY", "MULTILABEL"],
    "wassersteinDice": ["MULTICLASS"],
    "neighborPenalty": ["MULTICLASS"],
    "nacl": ["MULTICLASS"],
}


def formula(name):
    return getattr(formulas, name, None) or getattr(volumes, name)


def text_of(name, options):
    def value(v):
        return "[" + ", ".join(map(value, v)) + "]" if isinstance(v, list) else str(v).lower()

    return name + ("(" + ", ".join(f"{k}={value(v)}" for k, v in options.items()) + ")" if options else "")


def blobs(rng, shape):
    """Smooth random fields, one for each sample and channel."""
    return ndimage.gaussian_filter(rng.standard_normal(shape), (0, 0, *(min(1.5, n / 4) for n in shape[2:])))


class Random:
    """A case made from a seed."""

    def __init__(self, loss, seed):
        rng = self.rng = np.random.default_rng([seed, zlib.crc32(loss.encode())])
        kind = self.kind = pick(rng, KINDS.get(loss, ["BINARY", "MULTICLASS", "MULTILABEL"]))
        self.classes = {"BINARY": 2, "MULTICLASS": pick(rng, [2, 3, 3, 5]), "MULTILABEL": pick(rng, [1, 2, 3])}[kind]
        channels = 1 if kind == "BINARY" else self.classes
        batch, *space = self.place(loss)
        self.shape = (batch, channels, *space)
        self.spacing = pick(rng, SPACINGS)
        self.text, self.of = self.loss(loss)
        self.memory = pick(rng, ["native", "array"])
        self.target(loss)
        self.prediction(loss)
        self.case = None

    def place(self, loss):
        rng = self.rng
        if loss in ("ssim", "msSsim"):
            return pick(rng, WINDOWED)
        big = BIG if loss in VOXEL + OVERLAP + RANKED + ["sum"] and rng.random() < 0.12 else []
        return pick(rng, big or (TINY if rng.random() < 0.2 else ODD))

    def loss(self, name):
        rng = self.rng
        options = Options(rng, self.kind, self.classes)
        if name != "sum":
            drawn = options.of(name)
            return text_of(name, drawn), lambda case: formula(name)(case, **drawn)
        possible = VOXEL + OVERLAP + RANKED + ["boundary", "clDice", "distanceCe"]
        possible = [loss for loss in possible if self.kind in KINDS.get(loss, [self.kind])]
        text, terms = [], []
        for _ in range(rng.integers(2, 5)):
            part, factor, shape = pick(rng, possible), pick(rng, [1, 0.5, 2.5]), pick(rng, ["", "", "log1p", "pow"])
            if part == "boundary":
                # may be negative, of which there is no logarithm
                shape = ""
            drawn = options.of(part)
            inner = text_of(part, drawn)
            if shape:
                inner = f"log1p({inner})" if shape == "log1p" else f"pow({inner}, 1.5)"
            text.append(f"{factor}*{inner}")
            terms.append((part, drawn, factor, shape))

        def of(case):
            total = formulas.ZERO
            for part, drawn, factor, shape in terms:
                value = formula(part)(case, **drawn)
                if shape:
                    value = torch.log1p(value) if shape == "log1p" else formulas.power(value, 1.5)
                total = total + factor * value
            return total

        return " + ".join(text), of

    def target(self, loss):
        rng, (batch, channels, *space) = self.rng, self.shape
        hard = loss == "lovasz" or "lovasz" in self.text or rng.random() < 0.75
        self.keep = np.ones((batch, *space), bool)
        self.ignored = -1
        if self.kind == "MULTILABEL" or not hard:
            self.types = ["FLOAT32", "FLOAT64"]
        else:
            self.types = ["UINT8", "UINT8", "INT16", "INT32", "INT64", "FLOAT32", "FLOAT64"]
        self.type = pick(rng, self.types)
        outcomes = self.classes if self.kind == "MULTICLASS" else 2
        groups = 1 if self.kind == "MULTICLASS" else channels
        if rng.random() < 0.5:
            field = blobs(rng, (batch, groups, *space))
            edges = np.quantile(field, np.linspace(0, 1, outcomes + 1)[1:-1])
            labels = np.searchsorted(edges, field)
        else:
            labels = rng.integers(0, outcomes, (batch, groups, *space))
        if rng.random() < 0.3:
            # classes that a sample lacks, or that are all it has
            labels[rng.integers(batch)] = rng.integers(outcomes)
        if rng.random() < 0.2:
            labels[labels == rng.integers(outcomes)] = 0
        unknown = "borderCe" not in self.text
        if self.type in ("UINT8", "INT16", "INT32", "INT64") and unknown and rng.random() < 0.4:
            self.ignored = int(pick(rng, [255, self.classes, 200, 0]))
            gone = rng.random(labels.shape) < pick(rng, [0.1, 0.5, 0.9])
            labels = np.where(gone, self.ignored, labels)
            if rng.random() < 0.3:
                labels[rng.integers(batch)] = self.ignored
            self.keep &= labels[:, 0] != self.ignored
        self.labels = labels
        if self.kind == "MULTICLASS":
            y = np.stack([labels[:, 0] == c for c in range(outcomes)], 1).astype(float)
        else:
            y = (labels == 1).astype(float)
        if not hard:
            y = self.soft(y)
        if self.type == "FLOAT32":
            y = y.astype(np.float32).astype(float)
        self.y = y
        self.mask = None
        if rng.random() < 0.4:
            share = pick(rng, [0.1, 0.5, 0.95]) if unknown else 0
            self.mask = (rng.random((batch, *space)) >= share).astype(np.uint8)
            if rng.random() < 0.4:
                self.mask[rng.integers(batch)] = 0
            self.mask[self.mask > 0] = pick(rng, [1, 255])
            self.keep &= self.mask > 0

    def soft(self, y):
        rng = self.rng
        if self.kind == "MULTICLASS":
            other = rng.dirichlet(np.full(self.classes, 0.5), (y.shape[0], *y.shape[2:]))
            other = np.moveaxis(other, -1, 1)
        else:
            other = rng.random(y.shape)
        # half of the voxels stay hard; the numbers are floats that add up to 1
        mixed = np.where(rng.random((y.shape[0], 1, *y.shape[2:])) < 0.5, y, 0.3 * y + 0.7 * other)
        mixed = np.round(mixed * 2**16) / 2**16
        if self.kind == "MULTICLASS":
            most = mixed.argmax(1)[:, None]
            np.put_along_axis(mixed, most, np.take_along_axis(mixed, most, 1) + 1 - mixed.sum(1, keepdims=True), 1)
        return mixed

    def prediction(self, loss):
        rng = self.rng
        logits = rng.standard_normal(self.shape) * pick(rng, [0.5, 1, 3, 3, 10, 40])
        style = rng.integers(5)
        if style == 0:
            logits += (2 * self.y - 1) * 4
        elif style == 1:
            logits -= (2 * self.y - 1) * 4
        elif style == 2:
            logits = blobs(rng, self.shape) * 4
        elif style == 3 and rng.random() < 0.5:
            # ties
            logits = np.round(logits)
        self.scale = "LOGITS"
        if loss not in LOGITS_ONLY and rng.random() < 0.15:
            self.scale = "PROBABILITIES"
            z = torch.from_numpy(np.clip(logits, -6, 6))
            logits = (torch.softmax(z, 1) if self.kind == "MULTICLASS" else torch.sigmoid(z)).numpy()
        self.x = logits.astype(np.float32).astype(float)

    def expected(self, error=None, rounded=None):
        """Value, gradient, how near an order was to being another, and how much the loss gives its probabilities.

        error: the size of random errors of the probabilities and their logarithms; rounded: what rounds the former.
        """
        fill = 0.5 if self.scale == "PROBABILITIES" else 0.0
        x = np.where(self.keep[:, None], self.x, fill)
        x = torch.from_numpy(x).requires_grad_(True)
        keep = torch.from_numpy(self.keep)
        y = torch.from_numpy(np.where(self.keep[:, None], self.y, 0))
        noise = None
        if error is not None:
            noise = [error * torch.from_numpy(self.rng.uniform(-1, 1, x.shape)) for _ in range(3)]
            noise.append(rounded)
        case = formulas.Case(self.kind, x, y, keep, self.spacing, self.scale, noise)
        formulas.sum_error = error or 0.0
        value = self.of(case)
        if not value.requires_grad:
            return value.item(), np.zeros(self.shape), case.gap, 0.0
        by_x, by_p, by_log = torch.autograd.grad(value, [x, case.p, case.log_p], allow_unused=True)
        gradient = np.zeros(self.shape) if by_x is None else by_x.numpy()
        given = 0.0 if by_p is None else (by_p * case.p).abs().sum(1).max().item()
        given += 0.0 if by_log is None else by_log.abs().sum(2).max().item()
        return value.item(), gradient, case.gap, given

    def request(self, float_type):
        words = [self.kind, self.classes, self.ignored, *self.shape, float_type, self.type, self.scale, *self.spacing]
        words += [self.memory, 0 if self.mask is None else self.mask.size, self.text]
        # what doesn't count may hold anything
        x = np.where(self.keep[:, None], self.x, np.nan)
        numpy_type = {"UINT8": "u1", "INT16": "i2", "INT32": "i4", "INT64": "i8", "FLOAT32": "f4", "FLOAT64": "f8"}
        target = self.y if self.type.startswith("FLOAT") else self.labels[:, 0]
        data = x.tobytes() + target.astype(numpy_type[self.type]).tobytes()
        return (" ".join(map(str, words)) + "\n").encode() + data + (b"" if self.mask is None else self.mask.tobytes())

    def __str__(self):
        unknown = (~self.keep).sum()
        ignored = "" if self.ignored < 0 else f" ignoring {self.ignored}"
        return (
            f"{self.text} | {self.kind.lower()} {self.classes}{ignored}, {'x'.join(map(str, self.shape))},"
            f" target {self.type.lower()}, {unknown} voxels unknown, {self.scale.lower()}"
        )


class Segloss:
    def __init__(self, command):
        self.java = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def evaluate(self, case, float_type):
        self.java.stdin.write(case.request(float_type))
        self.java.stdin.flush()
        answer, _, rest = self.java.stdout.readline().decode().rstrip("\n").partition(" ")
        if answer != "ok":
            return answer, rest, None
        size = math.prod(case.shape)
        gradient = np.frombuffer(self.java.stdout.read(8 * size)).reshape(case.shape)
        return answer, float(rest), gradient

    def close(self):
        self.java.stdin.close()
        self.java.wait()


def apart(ours, theirs, least):
    """The largest difference, relative to the largest number; infinite where there is none."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if not np.isfinite(ours).all() or not np.isfinite(theirs).all():
        return 0.0 if np.array_equal(ours, theirs) else math.inf
    scale = max(np.abs(theirs).max(), least)
    return float(np.abs(ours - theirs).max() / scale)


def compare(loss, seed, segloss, show):
    case = Random(loss, seed)
    value, gradient, gap, given = case.expected()
    found = {}
    for float_type, tolerance in TOLERANCE.items():
        least = LEAST[float_type]
        if any(name in case.text for name in DISTANCES):
            tolerance, least = max(tolerance, 1e-6), 0.1
        if "sim(" in case.text:
            # variances are differences of squares
            least = max(least, 1e-3)
        answer, ours, slope = segloss.evaluate(case, float_type)
        if answer != "ok":
            show.append(f"{loss} {seed}: refused: {ours} | {case}")
            found[float_type] = (0, 0, "refused")
            continue
        least /= max(1, case.keep.sum())
        by_value = apart(ours, value, 1)
        # a number whose place in an order is a matter of rounding has any derivative
        settled = gap > (1e-5 if float_type == "FLOAT32" else 1e-12)
        by_slope = apart(slope, gradient, least) if settled else 0
        if np.abs(slope[np.broadcast_to(~case.keep[:, None], slope.shape)]).sum() != 0:
            by_slope = math.inf
        far = wrong = by_value > tolerance or by_slope > tolerance
        if far and max(by_value, by_slope) < math.inf:
            allowed_value, allowed_slope = rounding(case, float_type, value, gradient, given, least)
            wrong = by_value > max(tolerance, allowed_value) or by_slope > max(tolerance, allowed_slope)
        if wrong:
            show.append(
                f"{loss} {seed}: {float_type.lower()} value {ours!r} for {value!r},"
                f" gradient {by_slope:.1e} apart of {np.abs(gradient).max():.1e} | {case}"
            )
        outcome = "wrong" if wrong else "rounding" if far else "ok" if settled else "tie"
        found[float_type] = (by_value, by_slope, outcome)
    return found


def rounding(case, float_type, value, gradient, given, least):
    """Ten times what rounded probabilities make of value and gradient.

    They do so in the formula, which may divide small numbers by one another, and on the way back from probabilities
    to logits, where 1 - p is rounding alone if all voxels are sure.
    """
    error = ERROR[float_type]
    by_value, by_slope = 0.0, error * given / max(np.abs(gradient).max(), least)
    for size in [0.0, *[error] * 5]:
        noisy_value, noisy_gradient, _, _ = case.expected(size, ROUNDED[float_type])
        by_value = max(by_value, apart(noisy_value, value, 1))
        by_slope = max(by_slope, apart(noisy_gradient, gradient, least))
    return 10 * by_value, 10 * by_slope


def main():
    mine, java = sys.argv[1:], []
    if "--" in mine:
        mine, java = mine[: mine.index("--")], mine[mine.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100, help="of each loss")
    parser.add_argument("--seed", type=int, default=1, help="of the first case; the next have those that follow")
    parser.add_argument("--loss", help="that loss alone")
    parser.add_argument("--only", type=int, help="the case of that seed alone")
    options = parser.parse_args(mine)
    torch.set_num_threads(1)
    seeds = range(options.seed, options.seed + options.cases) if options.only is None else [options.only]
    segloss = Segloss(java)
    print("| loss | cases | ties | rounding | value, float | gradient, float | value, double | gradient, double | beyond |")
    print("|---|---|---|---|---|---|---|---|---|")
    every, total = [], 0
    for loss in [options.loss] if options.loss else LOSSES:
        show = []
        found = [compare(loss, seed, segloss, show) for seed in seeds]
        most = [f"{max(f[t][i] for f in found):.0e}" for t in TOLERANCE for i in (0, 1)]
        ties = sum(f["FLOAT32"][2] == "tie" for f in found)
        roundings = sum(any(f[t][2] == "rounding" for t in TOLERANCE) for f in found)
        print(f"| {loss} | {len(found)} | {ties} | {roundings} | {' | '.join(most)} | {len(show)} |", flush=True)
        every += show
        total += len(found)
    segloss.close()
    print()
    print("Ties: whose gradient hangs on the order of numbers that float can't tell apart; the value is compared alone.")
    print("Rounding: farther than the tolerance, but no farther than ten times what rounded probabilities make of a formula.")
    print(f"{total} cases, each from float and from double; tolerances {TOLERANCE}, of distances 1e-6.")
    print(f"{len(every)} disagreements beyond them" + (":" if every else "."))
    for line in every:
        print(line)
    return 1 if every else 0


sys.exit(main())
