package org.segloss.stat;

import java.util.ArrayList;
import java.util.List;

/// How much of the differences between losses another seed would change.
///
/// From the two-way table of the losses' means under each seed. With one seed all numbers are NaN: unknown.
///
/// @param ofLosses for each loss the SD of its means over the seeds
/// @param between the SD of the losses' means
/// @param within the SD that a loss's mean has because of the seed, after what a seed does to all losses alike is
///     taken off: the root of the mean square of the interaction loss x seed
/// @param ratio `between / within`: far above 1 the losses' order will hold under other seeds
/// @param freedom degrees of freedom of `within`: `(losses - 1) * (seeds - 1)`
public record SeedVariance(List<Double> ofLosses, double between, double within, double ratio, int freedom) {

    static SeedVariance of(PairedTable table) {
        int losses = table.losses().size();
        int seeds = table.seeds();
        double[][] mean = new double[losses][seeds];
        for (double[][] unit : table.values()) {
            for (int j = 0; j < losses; j++) {
                for (int s = 0; s < seeds; s++) {
                    mean[j][s] += unit[j][s] / table.units().size();
                }
            }
        }
        double[] ofLoss = new double[losses];
        double[] ofSeed = new double[seeds];
        var sds = new ArrayList<Double>();
        for (int j = 0; j < losses; j++) {
            ofLoss[j] = Quantiles.mean(mean[j]);
            sds.add(Quantiles.sd(mean[j]));
            for (int s = 0; s < seeds; s++) {
                ofSeed[s] += mean[j][s] / losses;
            }
        }
        double grand = Quantiles.mean(ofLoss);
        double squares = 0;
        for (int j = 0; j < losses; j++) {
            for (int s = 0; s < seeds; s++) {
                double rest = mean[j][s] - ofLoss[j] - ofSeed[s] + grand;
                squares += rest * rest;
            }
        }
        int freedom = (losses - 1) * (seeds - 1);
        double between = Quantiles.sd(ofLoss);
        double within = Math.sqrt(squares / freedom);
        return new SeedVariance(List.copyOf(sds), between, within, between / within, freedom);
    }

    /// What a difference of two losses is worth, units and seeds both being samples.
    ///
    /// @param interval 95 %
    /// @param p two-sided
    record Test(Interval interval, double p) {}

    /// Student's test with the sum of two variances, that between units and that between seeds, and Satterthwaite's
    /// degrees of freedom.
    ///
    /// ```
    /// variance = sd(differences)^2 / units + 2 * within^2 / seeds
    /// ```
    ///
    /// The second is pooled over the losses: of two or three seeds a pair alone would often seem to agree by
    /// chance.
    Test test(double[] differences, int seeds) {
        if (freedom == 0 || differences.length < 2) {
            return new Test(Interval.UNKNOWN, Double.NaN);
        }
        double mean = Quantiles.mean(differences);
        double sd = Quantiles.sd(differences);
        double units = sd * sd / differences.length;
        double other = 2 * within * within / seeds;
        double variance = units + other;
        if (variance == 0) {
            return new Test(new Interval(mean, mean), mean == 0 ? 1 : 0);
        }
        double degrees = variance * variance / (units * units / (differences.length - 1) + other * other / freedom);
        double error = Math.sqrt(variance);
        return new Test(Interval.student(mean, error, degrees), Distributions.studentTails(mean / error, degrees));
    }
}
