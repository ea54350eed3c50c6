package org.segloss.stat;

/// The estimate that belongs to the signed-rank test: the median of the means of all pairs of differences, each
/// with itself among them. A few cases that went wrong move it less than the mean.
///
/// @see <a href="https://doi.org/10.1214/aoms/1177704172">Hodges and Lehmann (1963), Estimates of location based on
///     rank tests</a>
public final class HodgesLehmann {
    private HodgesLehmann() {}

    /// @param differences finite, at least one
    public static double of(double[] differences) {
        Samples.finite("differences", differences);
        int n = differences.length;
        double[] means = new double[n * (n + 1) / 2];
        int count = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                means[count++] = (differences[i] + differences[j]) / 2;
            }
        }
        return Quantiles.median(means);
    }
}
