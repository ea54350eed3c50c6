package org.segloss.loss;

/// A loss that depends on the order of the voxels' errors, the [Measure] of each.
public sealed interface RankedLoss extends WholeLoss {

    /// The Lovász extension of one minus the Jaccard index, of each channel by itself.
    ///
    /// ```
    /// errors e sorted, largest first; G foreground voxels, of which f(i) are among the first i
    /// J(i) = 1 - (G - f(i)) / (G + i - f(i)),   J(0) = 0
    /// loss = sum_i (J(i) - J(i-1)) e_i
    /// ```
    ///
    /// Its measure is [Measure#ABSOLUTE], or [Measure#HINGE], of which an error of 0 has no derivative; [#over]
    /// must not take classes together. An evaluator refuses others.
    non-sealed interface Extension extends RankedLoss {}

    /// The mean of the largest errors of a batch, those of all its samples and channels together. Its measure is
    /// [Measure#CROSS_ENTROPY].
    ///
    /// ```
    /// the mean of the k largest,   k = the number of errors above leastError, but from fewest to most
    /// ```
    ///
    /// It is 0 where `k` is.
    non-sealed interface Worst extends RankedLoss {

        /// {@return the error above which a voxel counts}; not asked for where [#fewest] is [#most]
        double leastError();

        /// {@return how many of `n` voxels count at least}; less than 0 is taken for 0, and more than `n` for `n`
        long fewest(long n);

        /// {@return how many of `n` voxels count at most}; less than [#fewest] is taken for that, and more than `n`
        /// for `n`
        long most(long n);
    }
}
