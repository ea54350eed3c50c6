package org.segloss.stat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The pairs of losses tested over seeds, where a loss that other seeds change far more than all the rest has no
/// part in what is thought of the rest.
///
/// A loss that learned nothing with one of two seeds would otherwise make every difference look like chance. It is
/// set apart, the noisiest first, if the mean square of its seeds is larger than that of the others by an F test at
/// 0.01 over the number of losses; at least three stay together. A pair of those that stay is tested by
/// [TrainingVariance] as if there were no other losses, any other pair as if all were alike. Each loss that is set
/// apart costs the others a degree of freedom: it is set apart more often where theirs is small by chance.
///
/// @param all    of all losses
/// @param steady of those that stay together
/// @param kept   which these are, in their order
record TrainingTests(TrainingVariance all, TrainingVariance steady, List<Integer> kept) {
    private static final double LEVEL = 0.01;

    /// @param means (loss, seed) or (loss, fold)
    static TrainingTests of(double[][] means) {
        List<Integer> kept =
                new ArrayList<>(IntStream.range(0, means.length).boxed().toList());
        Optional<Integer> outlier = outlier(means, kept);
        while (outlier.isPresent()) {
            kept.remove(outlier.get());
            outlier = outlier(means, kept);
        }
        TrainingVariance steady = TrainingVariance.of(among(means, kept)).withLessFreedom(means.length - kept.size());
        return new TrainingTests(TrainingVariance.of(means), steady, List.copyOf(kept));
    }

    private static double[][] among(double[][] means, List<Integer> kept) {
        return kept.stream().map(j -> means[j]).toArray(double[][]::new);
    }

    private static Optional<Integer> outlier(double[][] means, List<Integer> kept) {
        int seeds = means[0].length;
        if (kept.size() < 4 || seeds < 2) {
            // of three the F test would have to tell one from two, of which it knows next to nothing
            return Optional.empty();
        }
        List<Double> own = TrainingVariance.of(among(means, kept)).own();
        int noisiest = IntStream.range(0, own.size())
                .boxed()
                .max(Comparator.comparingDouble(own::get))
                .orElseThrow();
        List<Integer> others = new ArrayList<>(kept);
        others.remove(noisiest);
        TrainingVariance rest = TrainingVariance.of(among(means, others));
        double f = own.get(noisiest) * own.get(noisiest) / (rest.within() * rest.within());
        boolean apart = Distributions.fTail(f, seeds - 1.0, rest.freedom()) <= LEVEL / means.length;
        return apart ? Optional.of(kept.get(noisiest)) : Optional.empty();
    }

    TrainingVariance.Test test(int a, int b, double[] differences, int seeds) {
        return keeps(a, b)
                ? steady.test(kept.indexOf(a), kept.indexOf(b), differences, seeds)
                : all.test(a, b, differences, seeds);
    }

    TrainingVariance.Test testOfFolds(int a, int b, double[] differences, int folds) {
        return keeps(a, b)
                ? steady.testOfFolds(kept.indexOf(a), kept.indexOf(b), differences, folds)
                : all.testOfFolds(a, b, differences, folds);
    }

    TrainingVariance.Part part(int a, int b, int seeds) {
        return keeps(a, b) ? steady.part(kept.indexOf(a), kept.indexOf(b), seeds) : all.part(a, b, seeds);
    }

    private boolean keeps(int a, int b) {
        return kept.contains(a) && kept.contains(b);
    }
}
