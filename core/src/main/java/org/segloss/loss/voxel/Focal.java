package org.segloss.loss.voxel;

import java.util.List;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Meaning;
import org.segloss.loss.TargetOptions;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;

/// Focal loss: cross-entropy that turns away from voxels that are right already.
///
/// ```
/// -a y (1 - p)^gamma log p   summed over the outcomes,   p clipped to [clip, 1 - clip]
/// ```
///
/// At least 0, without bound. Where a clip acts, the gradient is 0. A soft target weighs both of its outcomes.
///
/// The reduced form leaves the factor `(1 - p)^gamma` at 1 below `p = threshold` and divides it by
/// `(1 - threshold)^gamma` above, so that only sure voxels lose weight.
///
/// @param alpha     the factor `a`: one number is that of a foreground class, and background has one minus it; several
///                  are those of the classes (two for a binary task); none is 1 for all. They are no weights of a mean
/// @param gamma     at least 0; with 0 it is cross-entropy with factors
/// @param threshold of the reduced form, at least 0 and below 1; 0 is the plain form
/// @param clip      at least 0 and below 0.5; 0 means none
/// @param reduction mean over the voxels, their sum, or normalized: divided by the sum of the voxels' factors
///                  `(1 - p)^gamma`, at least 1e-6, through which the gradient goes too
/// @param labels    smoothing and class weights
/// @see <a href="https://arxiv.org/abs/1708.02002">Lin et al. (2017), Focal loss for dense object detection</a>
/// @see <a href="https://arxiv.org/abs/1903.01347">Sergievskiy, Ponamarev (2019), Reduced focal loss</a>
@About(
        summary = "Cross-entropy that turns away from voxels that are right already.",
        formula = "-alpha y (1-p)^gamma log p - (1-alpha) (1-y) p^gamma log(1-p)",
        tex = "-\\sum_c \\alpha_c\\,y_c\\,(1-p_c)^\\gamma\\log p_c",
        range = "0 to infinity",
        use = "Many easy voxels of background, few hard ones.",
        avoid = "Wrong labels: it learns them best. Probabilities come out too low; choose the threshold on val.",
        cost = "A logarithm and, unless gamma is 0, 1 or 2, a power for each voxel and class.",
        source = "Lin et al. (2017), https://arxiv.org/abs/1708.02002")
public record Focal(
        @Meaning("factor of the foreground, background has 1-alpha; or one for each class; [] is 1 for all")
        List<Double> alpha,

        @Meaning("how fast sure voxels lose weight") double gamma,

        @Meaning("below this probability a voxel keeps its weight")
        double threshold,

        @Meaning("probabilities are clipped to [clip, 1-clip]; the gradient is 0 outside")
        double clip,

        @Meaning("mean over voxels; sum; or normalized, divided by the sum of (1-p)^gamma")
        Aggregation reduction,

        TargetOptions labels)
        implements VoxelLoss {

    public Focal {
        alpha = List.copyOf(alpha);
        if (alpha.size() == 1) {
            double a = alpha.getFirst();
            Check.that(a >= 0 && a <= 1, "focal alpha has to be from 0 to 1, but is %s", a);
        }
        if (alpha.size() > 1) {
            Check.weights("focal alphas", alpha);
        }
        Check.notNegative("focal gamma", gamma);
        Check.that(
                threshold >= 0 && threshold < 1,
                "focal threshold has to be at least 0 and below 1, but is %s",
                threshold);
        Check.clip("focal clip", clip);
        Check.that(
                reduction == Aggregation.MEAN || labels.weights().isEmpty(),
                "weights are of a mean over voxels, which reduction=%s is not; use alpha",
                LossCatalog.text(reduction));
    }

    public Focal() {
        this(List.of(0.25), 2, 0, 0, Aggregation.MEAN, TargetOptions.PLAIN);
    }

    @Override
    public void check(Task task) {
        if (alpha.size() > 1) {
            Check.that(
                    task.kind() != Task.Kind.MULTILABEL,
                    "focal alpha is one number in a multilabel task, where each class has a background of its own");
            Check.weights(alpha, task);
        }
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] derivative) {
        double low = Math.log(clip);
        double high = Math.log1p(-clip);
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            derivative[k] = 0;
            if (y[k] == 0) {
                continue;
            }
            double log = Math.clamp(logP[k], low, high);
            double rest = -Math.expm1(log);
            double factor = y[k] * factor(k);
            boolean reduced = threshold > 0 && Math.exp(log) < threshold;
            double power = reduced ? 1 : Math.pow(rest / (1 - threshold), gamma);
            sum -= factor * power * log;
            boolean flat = logP[k] < low || logP[k] > high;
            if (!flat) {
                // at p = 1 and at p = 0 the second summand tends to 0 for every gamma above 0
                double now = Math.exp(log);
                double bend = gamma == 0 || reduced || rest == 0 || now == 0
                        ? 0
                        : gamma * Math.pow(rest / (1 - threshold), gamma - 1) / (1 - threshold) * now * log;
                derivative[k] = -factor * (power - bend);
            }
        }
        return sum;
    }

    @Override
    public VoxelLoss normalizer() {
        return new FocalFactor(gamma, threshold, clip, labels);
    }

    /// {@return the factor of an outcome}
    public double factor(int outcome) {
        return switch (alpha.size()) {
            case 0 -> 1;
            case 1 -> outcome == 0 ? 1 - alpha.getFirst() : alpha.getFirst();
            default -> alpha.get(outcome);
        };
    }
}
