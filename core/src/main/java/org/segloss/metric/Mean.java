package org.segloss.metric;

import java.util.List;

/// A mean over cases, and what it rests on.
///
/// @param value     [Scorer#mean]; NaN where a score other than one of two empty masks has no value
/// @param used      scores with a value
/// @param na        scores without one
/// @param penalised those of the used ones whose value is the policy's or the worst, because one mask was empty
public record Mean(double value, int used, int na, int penalised) {

    /// @param scores of the metric, one a case
    public static Mean of(Metric metric, List<Score> scores) {
        int na = (int) scores.stream().filter(s -> Double.isNaN(s.value())).count();
        int penalised = (int) scores.stream()
                .filter(s -> metric.whereEmpty() != Metric.WhereEmpty.FORMULA && !Double.isNaN(s.value()))
                .filter(s -> s.status() == Score.Status.PRED_EMPTY || s.status() == Score.Status.REF_EMPTY)
                .count();
        return new Mean(Scorer.mean(metric, scores).value(), scores.size() - na, na, penalised);
    }

    /// {@return the counts, for example `9 used / 1 NA / 2 penalised`}
    public String counts() {
        return "%d used / %d NA / %d penalised".formatted(used, na, penalised);
    }
}
