package org.segloss.loss.ranked;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Task;

/// Cross-entropy of the worst voxels: the mean over those `percent` of the voxels of a batch that have the largest.
///
/// ```
/// k = max(1, floor(n percent / 100));   1/k sum of the k largest  -sum_c y_c log p_c
/// ```
///
/// At least 0, without bound. In a binary or multilabel task each channel of a voxel is one of the `n`. Of equal
/// voxels at the border the first are taken. The gradient of all other voxels is 0.
///
/// @param percent above 0, at most 100; with 100 it is the cross-entropy
/// @see <a href="https://arxiv.org/abs/1605.06885">Wu, Shen, van den Hengel (2016), Bridging category-level and
///     instance-level semantic image segmentation</a>
@About(
        name = "topk",
        summary = "Cross-entropy of the worst voxels of a batch.",
        formula = "1/k sum of the k largest -sum_c y_c log p_c",
        tex = "\\frac1k\\sum_{i=1}^{k}e_i,\\quad e_1\\ge e_2\\ge\\dots,\\quad e=-\\sum_c y_c\\log p_c",
        range = "0 to infinity",
        use = "Many easy voxels; thin or small structures.",
        avoid = "Wrong labels: they are the worst voxels.",
        cost = "A selection among all voxels; 4 bytes a voxel.",
        source = "Wu et al. (2016), https://arxiv.org/abs/1605.06885",
        noBackground = "percent is a share of all voxels that count, background among them; to leave background out,"
                + " mask it out")
public record TopK(@Meaning("how many of 100 voxels count") double percent) implements RankedLoss.Worst {
    public TopK {
        Check.that(percent > 0 && percent <= 100, "topk percent has to be above 0 and at most 100, but is %s", percent);
    }

    public TopK() {
        this(10);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.CROSS_ENTROPY;
    }

    @Override
    public double leastError() {
        return 0;
    }

    @Override
    public long fewest(long n) {
        return Math.max(1, (long) Math.floor(n * percent / 100));
    }

    @Override
    public long most(long n) {
        return fewest(n);
    }
}
