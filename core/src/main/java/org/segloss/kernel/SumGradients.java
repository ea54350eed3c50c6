package org.segloss.kernel;

/// The derivatives of a loss by the sums of [Kernels#overlapSums] and [Kernels#extraSums] of one class. One object
/// serves for all blocks, so that nothing is left to the collector.
public final class SumGradients {
    /// By the sum of `p y`.
    public double py;

    /// By the sum of `p`.
    public double p;

    /// By the sum of `p p`.
    public double pp;

    /// By the sum of `(1 - p)² y`.
    public double falseNegatives;

    /// By the sum of `p² (1 - y)`.
    public double falsePositives;

    /// By the sum of `|p - y|`.
    public double absolute;

    public SumGradients() {}

    /// {@return whether those of [Kernels#extraSums] play a part}
    public boolean hasExtra() {
        return falseNegatives != 0 || falsePositives != 0 || absolute != 0;
    }

    /// Takes those of [Kernels#extraSums], and leaves 0 there.
    public void takeExtra(SumGradients from) {
        falseNegatives = from.falseNegatives;
        falsePositives = from.falsePositives;
        absolute = from.absolute;
        from.falseNegatives = 0;
        from.falsePositives = 0;
        from.absolute = 0;
    }
}
