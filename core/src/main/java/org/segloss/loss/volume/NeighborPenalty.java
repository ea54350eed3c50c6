package org.segloss.loss.volume;

import java.util.Arrays;
import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// How far the logits of a voxel are from the labels around it; a part of [Nacl][org.segloss.loss.compound.Nacl].
///
/// ```
/// mean of |u - z| or (u - z)²,   u the share of a voxel's neighbourhood that has the class
/// ```
///
/// At least 0, without bound. The neighbourhood is 3 voxels wide, in two or three dimensions, with equal weights or
/// those of a Gaussian that reaches over four sigma; beyond the edge there is no class, and a voxel that doesn't count
/// is not of the neighbourhood: at the edge the shares of all classes add up to less than 1, as by a
/// convolution that is padded with zeros, and at a masked margin to 1.
///
/// @param distance of logit and share
/// @param kernel   of the neighbourhood
/// @param sigma    of the Gaussian, in voxels, above 0
/// @param over     classes and samples
/// @see <a href="https://arxiv.org/abs/2304.06796">Murugesan et al. (2023), Trust your neighbours: penalty-based
///     constraints for model calibration</a>
@About(
        summary = "The distance of logits from the share of their class in the neighbourhood.",
        formula = "mean of |u - z|, u the share of a voxel's neighbourhood that has the class",
        tex = "\\frac1{CN}\\sum|u-z|,\\quad u\\text{ the share of the neighbourhood that has the class}",
        range = "0 to infinity",
        use = "As a part of nacl.",
        avoid = "Alone: it holds logits near 0 and 1.",
        cost = "A filter of the target for each class; 24 bytes a voxel and class.",
        source = "Murugesan et al. (2023), https://arxiv.org/abs/2304.06796")
public record NeighborPenalty(
        @Meaning("l1 or l2") Distance distance,

        @Meaning("weights of the neighbourhood: mean, or gaussian")
        Kernel kernel,

        @Meaning("of the Gaussian, in voxels") double sigma,
        Reduction over)
        implements VolumeLoss {

    /// Of two numbers.
    public enum Distance {
        L1,
        L2
    }

    /// The weights of a neighbourhood.
    public enum Kernel {
        MEAN,
        GAUSSIAN
    }

    public NeighborPenalty {
        Check.that(
                sigma > 0 && sigma <= 100, "neighborPenalty sigma has to be above 0 and at most 100, but is %s", sigma);
    }

    public NeighborPenalty() {
        this(Distance.L1, Kernel.MEAN, 1, Reduction.ALL);
    }

    @Override
    public void check(Task task) {
        Check.that(
                task.kind() == Task.Kind.MULTICLASS,
                "nacl and neighborPenalty compare the logits of classes that exclude one another, but this task is %s",
                task.kind());
    }

    @Override
    public Measure measure(Task task) {
        return Measure.LOGIT;
    }

    @Override
    public double at(Field field) {
        double[] z = field.values();
        double[] share = shares(field);
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            double apart = field.counts()[i] ? z[i] - share[i] : 0;
            sum += distance == Distance.L1 ? Math.abs(apart) : apart * apart;
            z[i] = (distance == Distance.L1 ? Math.signum(apart) : 2 * apart) / field.kept();
        }
        return sum / field.kept();
    }

    /// {@return the share of each voxel's neighbourhood that has the class}, of what is known of it
    private double[] shares(Field field) {
        double[] share = Filter.separable(field.target(), field.grid(), weights(), field.threads());
        if (field.kept() < share.length) {
            double[] unknown = new double[share.length];
            Arrays.setAll(unknown, i -> field.counts()[i] ? 0 : 1);
            unknown = Filter.separable(unknown, field.grid(), weights(), field.threads());
            for (int i = 0; i < share.length; i++) {
                share[i] /= field.counts()[i] ? 1 - unknown[i] : 1;
            }
        }
        return share;
    }

    private double[] weights() {
        return kernel == Kernel.MEAN ? new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0} : Filter.gaussian(sigma);
    }
}
