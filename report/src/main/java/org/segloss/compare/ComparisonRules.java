package org.segloss.compare;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.segloss.score.CaseScore;
import org.segloss.stat.Rules;

/// What is decided before the scores are looked at.
///
/// @param metric the primary metric, on which the answer rests; all others are secondary
/// @param label the class that it is taken of
/// @param margin a difference of the primary metric that wouldn't matter; NaN: 0.01 for metrics between 0 and 1,
///     none for others
/// @param baseline the loss that the others are compared with; none: all pairs
/// @param lowerIsBetter metrics of which that is to be known, beside those of segloss
/// @param higherIsBetter likewise
/// @param replicates of the bootstrap
/// @param seed of the bootstrap
/// @param columns by what the cases are parted into [subgroups][Subgroups]: for each column the value of each case
public record ComparisonRules(
        String metric,
        String label,
        double margin,
        Optional<String> baseline,
        List<String> lowerIsBetter,
        List<String> higherIsBetter,
        int replicates,
        long seed,
        Map<String, Map<String, String>> columns) {

    /// Without subgroups.
    public ComparisonRules(
            String metric,
            String label,
            double margin,
            Optional<String> baseline,
            List<String> lowerIsBetter,
            List<String> higherIsBetter,
            int replicates,
            long seed) {
        this(metric, label, margin, baseline, lowerIsBetter, higherIsBetter, replicates, seed, Map.of());
    }

    public ComparisonRules {
        lowerIsBetter = List.copyOf(lowerIsBetter);
        higherIsBetter = List.copyOf(higherIsBetter);
        // in their order
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        columns.forEach((column, values) -> copy.put(column, Collections.unmodifiableMap(new TreeMap<>(values))));
        columns = Collections.unmodifiableMap(copy);
        if (!Double.isNaN(margin) && !(margin > 0 && margin < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "the margin has to be a number above 0, in the metric's unit, but is %s".formatted(margin));
        }
        for (String name : lowerIsBetter) {
            if (higherIsBetter.contains(name)) {
                throw new IllegalArgumentException(
                        "of %s less can't be better and more, too: name it once".formatted(name));
            }
        }
    }

    /// {@return these rules with subgroups by these columns}; if there are none the rules stay as they are
    public ComparisonRules withColumns(Map<String, Map<String, String>> other) {
        return other.isEmpty()
                ? this
                : new ComparisonRules(
                        metric, label, margin, baseline, lowerIsBetter, higherIsBetter, replicates, seed, other);
    }

    /// {@return Dice, the mean over the classes; all pairs; 10,000 replicates}
    public static ComparisonRules standard() {
        return new ComparisonRules(
                "dice", CaseScore.MEAN, Double.NaN, Optional.empty(), List.of(), List.of(), 10_000, 1);
    }

    /// {@return these rules, by which all pairs are compared}
    public ComparisonRules withoutBaseline() {
        return with(Optional.empty());
    }

    /// {@return these rules with something else as the baseline}
    ComparisonRules beside(String other) {
        return with(Optional.of(other));
    }

    private ComparisonRules with(Optional<String> other) {
        return new ComparisonRules(metric, label, margin, other, lowerIsBetter, higherIsBetter, replicates, seed);
    }

    boolean isPrimary(String otherMetric, String otherLabel) {
        return metric.equals(otherMetric) && label.equals(otherLabel);
    }

    Rules of(double familyMargin) {
        return new Rules(familyMargin, baseline, replicates, seed);
    }
}
