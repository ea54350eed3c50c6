package org.segloss.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.segloss.stat.Quantiles;

/// A case on which one loss alone fails.
///
/// A loss fails on a case, under one seed, if its value is the worst that the metric has, or if it lies so far behind
/// the median of the other losses' values on the same case that
///
/// ```
/// d < Q1 - 3 (Q3 - Q1)   and   d < -10 margin,   d = value - median of the others, turned so that more is better
/// ```
///
/// where `Q1` and `Q3` are the quartiles of that loss's `d` over all cases and seeds: Tukey's rule for what is far
/// out. A case that is hard for all is no failure of any; one on which two losses fail or more is none of one alone.
///
/// @param value the loss's
/// @param others the median of the other losses' values
public record Failure(String loss, String caseId, long seed, double value, double others) {
    private static final double FAR_OUT = 3;
    private static final double MARGINS = 10;
    private static final int MOST_NAMED = 3;

    /// @param values (case, loss, seed)
    static List<Failure> of(
            List<String> losses,
            List<String> cases,
            List<Long> seeds,
            double[][][] values,
            MetricScale scale,
            double margin) {
        if (losses.size() < 2) {
            return List.of();
        }
        double[][][] behind = Arrays.stream(values)
                .map(ofCase -> behind(ofCase, scale.higherIsBetter()))
                .toArray(double[][][]::new);
        double[] limits = new double[losses.size()];
        for (int j = 0; j < limits.length; j++) {
            limits[j] = Math.min(farOut(behind, j), Double.isNaN(margin) ? 0 : -MARGINS * margin);
        }
        var failures = new ArrayList<Failure>();
        for (int i = 0; i < cases.size(); i++) {
            for (int s = 0; s < seeds.size(); s++) {
                int alone = -1;
                int failed = 0;
                for (int j = 0; j < limits.length; j++) {
                    if (values[i][j][s] == scale.worst() || behind[i][j][s] < limits[j]) {
                        alone = j;
                        failed++;
                    }
                }
                if (failed == 1) {
                    double value = values[i][alone][s];
                    double by = behind[i][alone][s];
                    failures.add(new Failure(
                            losses.get(alone),
                            cases.get(i),
                            seeds.get(s),
                            value,
                            scale.higherIsBetter() ? value - by : value + by));
                }
            }
        }
        return List.copyOf(failures);
    }

    /// {@return (loss, seed): how much better a value is than the median of the others}
    private static double[][] behind(double[][] ofCase, boolean higherIsBetter) {
        double[][] behind = new double[ofCase.length][ofCase[0].length];
        double[] others = new double[ofCase.length - 1];
        for (int s = 0; s < ofCase[0].length; s++) {
            for (int j = 0; j < ofCase.length; j++) {
                for (int k = 0; k < others.length; k++) {
                    others[k] = ofCase[k < j ? k : k + 1][s];
                }
                double d = ofCase[j][s] - Quantiles.median(others);
                behind[j][s] = higherIsBetter ? d : -d;
            }
        }
        return behind;
    }

    private static double farOut(double[][][] behind, int loss) {
        double[] sorted = Arrays.stream(behind)
                .flatMapToDouble(ofCase -> Arrays.stream(ofCase[loss]))
                .sorted()
                .toArray();
        double lower = Quantiles.of(sorted, 0.25);
        return lower - FAR_OUT * (Quantiles.of(sorted, 0.75) - lower);
    }

    /// {@return a sentence for each loss that fails alone}
    ///
    /// @param severalSeeds whether the seed is named
    static List<String> sentences(List<Failure> failures, boolean severalSeeds) {
        Map<String, List<Failure>> byLoss = new LinkedHashMap<>();
        failures.forEach(failure ->
                byLoss.computeIfAbsent(failure.loss, _ -> new ArrayList<>()).add(failure));
        var sentences = new ArrayList<String>();
        byLoss.forEach((loss, own) -> {
            List<String> named = own.stream()
                    .limit(MOST_NAMED)
                    .map(failure -> failure.text(severalSeeds))
                    .toList();
            sentences.add("%s alone fails on %s%s."
                    .formatted(
                            loss,
                            String.join(", ", named),
                            own.size() > MOST_NAMED ? ", and %d more".formatted(own.size() - MOST_NAMED) : ""));
        });
        return sentences;
    }

    private String text(boolean severalSeeds) {
        return String.format(
                Locale.ROOT,
                "%s%s (%.3f, the others %.3f)",
                caseId,
                severalSeeds ? " with seed " + seed : "",
                value,
                others);
    }
}
