package org.segloss.loss.voxel;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;

/// Binary cross-entropy, of each channel by itself.
///
/// ```
/// -posWeight y log p - (1 - y) log(1 - p),   p clipped to [clip, 1 - clip]
/// ```
///
/// At least 0, without bound. With `clip = 0` the logarithm is taken from the logits and is exact for sure voxels.
/// Where a clip acts, the gradient is 0: the worst voxels stop learning.
///
/// With smoothing `posWeight` multiplies the share that foreground has in a background voxel too: with 50 and a
/// smoothing of 0.1 the loss of background is least at a probability of 0.72. `bce(weights=[1, 50], weightBy=voxel,
/// smoothing=0.1)` weighs voxels by what they are, and is least at 0.05.
///
/// @param posWeight above 0; multiplies what foreground costs, and is no part of the divisor
/// @param clip      at least 0 and below 0.5; 0 means none
/// @param labels    smoothing and class weights; `background=false` is refused, for there is no class to leave out
@About(
        summary = "Binary cross-entropy, mean over voxels.",
        formula = "-posWeight y log p - (1-y) log(1-p)",
        tex = "-w_+\\,y\\log p-(1-y)\\log(1-p)",
        range = "0 to infinity",
        use = "The usual choice for one class or several that may overlap; calibrated probabilities.",
        avoid = "Small structures: background decides. Add an overlap loss.",
        cost = "One pass if nothing else needs two.",
        source = "Good (1952), Rational decisions, https://doi.org/10.1111/j.2517-6161.1952.tb00104.x")
public record Bce(
        @Meaning("factor of what foreground costs") double posWeight,

        @Meaning("probabilities are clipped to [clip, 1-clip]; the gradient is 0 outside")
        double clip,

        TargetOptions labels)
        implements VoxelLoss {

    public Bce {
        Check.that(
                posWeight > 0 && Double.isFinite(posWeight), "bce posWeight has to be above 0, but is %s", posWeight);
        Check.clip("bce clip", clip);
        Check.that(
                labels.background(),
                "bce is for binary and multilabel tasks, which have no class for the background that background=false could leave out; in a binary task weights=[0, 1] counts foreground alone");
    }

    public Bce() {
        this(1, 0, TargetOptions.PLAIN);
    }

    @Override
    public void check(Task task) {
        Check.that(
                task.kind() != Task.Kind.MULTICLASS,
                "bce is for a binary or multilabel task, but this one is multiclass; use ce, the softmax cross-entropy");
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        return CrossEntropy.at(clip, posWeight, logP, y, derivative);
    }
}
