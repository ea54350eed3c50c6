package org.segloss.loss.ranked;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Task;

/// Online hard example mining: cross-entropy of the voxels whose true class has a probability below `threshold`.
///
/// ```
/// the mean of  -sum_c y_c log p_c  over the voxels where it is above -log threshold;
/// if these are fewer than minKept, over the minKept largest
/// ```
///
/// At least 0, without bound. The gradient of all other voxels is 0.
///
/// @param threshold above 0, at most 1
/// @param minKept   voxels of the batch that count at least, a whole number from 1
/// @see <a href="https://arxiv.org/abs/1604.03540">Shrivastava, Gupta, Girshick (2016), Training region-based object
///     detectors with online hard example mining</a>
@About(
        summary = "Cross-entropy of the voxels that are not yet sure, and of a least number of them.",
        formula = "mean of -log p_t over voxels with p_t < threshold, at least minKept of them",
        tex = "\\frac1{|S|}\\sum_{i\\in S}-\\log p_t(i),\\quad S=\\{i:\\,p_t(i)<\\tau\\}",
        range = "0 to infinity",
        use = "As topk; the share of voxels falls by itself as training goes on.",
        avoid = "Wrong labels: they stay below the threshold.",
        cost = "A selection among all voxels; 4 bytes a voxel.",
        source = "Shrivastava et al. (2016), https://arxiv.org/abs/1604.03540",
        noBackground =
                "minKept is a number of all voxels that count, and background that is not yet sure is among what it looks for;"
                        + " to leave background out, mask it out")
public record Ohem(
        @Meaning("probability of the true class below which a voxel counts")
        double threshold,

        @Meaning("how many voxels of a batch count at least")
        double minKept)
        implements RankedLoss.Worst {
    public Ohem {
        Check.that(
                threshold > 0 && threshold <= 1,
                "ohem threshold has to be above 0 and at most 1, but is %s",
                threshold);
        Check.that(
                minKept >= 1 && minKept == Math.rint(minKept) && minKept < 1e15,
                "ohem minKept has to be a whole number from 1, but is %s",
                minKept);
    }

    public Ohem() {
        this(0.7, 100_000);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.CROSS_ENTROPY;
    }

    @Override
    public double leastError() {
        return -Math.log(threshold);
    }

    @Override
    public long fewest(long n) {
        return Math.min(n, (long) minKept);
    }

    @Override
    public long most(long n) {
        return n;
    }
}
