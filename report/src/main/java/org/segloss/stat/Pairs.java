package org.segloss.stat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The pairs of a table's losses, tested.
/// @param folds none if there is one training set, or one unit was tested by several
record Pairs(PairedTable table, Rules rules, Bootstrap bootstrap, TrainingTests seeds, Optional<TrainingTests> folds) {

    /// A pair before its p-values are adjusted.
    private record Raw(
            int a,
            int b,
            double difference,
            Interval interval,
            Interval bca,
            double hodgesLehmann,
            SignedRankTest test,
            int up,
            int down,
            TrainingVariance.Test overSeeds,
            Interval hierarchical,
            TrainingVariance.Test overFolds) {}

    List<Pair> all() {
        int losses = table.losses().size();
        List<Raw> raw = IntStream.range(0, losses * losses)
                .filter(i -> i / losses < i % losses && isWanted(i / losses, i % losses))
                .parallel()
                .mapToObj(i -> raw(i / losses, i % losses))
                .toList();
        double[] adjusted = adjusted(raw, r -> r.test.p());
        double[] seedsAdjustedP = table.seeds() > 1
                ? adjusted(raw, r -> r.overSeeds.p())
                : raw.stream().mapToDouble(_ -> Double.NaN).toArray();
        double[] foldsAdjustedP = folds.isPresent()
                ? adjusted(raw, r -> r.overFolds.p())
                : raw.stream().mapToDouble(_ -> Double.NaN).toArray();
        List<BayesianSignedRank> posteriors = BayesianSignedRank.of(
                raw.size(), i -> upwards(raw.get(i)), rules.margin(), rules.replicates(), rules.seed());
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < raw.size(); i++) {
            pairs.add(pair(raw.get(i), adjusted[i], posteriors.get(i), seedsAdjustedP[i], foldsAdjustedP[i]));
        }
        return List.copyOf(pairs);
    }

    private boolean isWanted(int a, int b) {
        return rules.baseline()
                .map(loss -> table.losses().get(a).equals(loss)
                        || table.losses().get(b).equals(loss))
                .orElse(true);
    }

    private Raw raw(int a, int b) {
        double[] differences = table.differences(a, b);
        double margin = Double.isNaN(rules.margin()) ? 0 : rules.margin();
        boolean several = differences.length > 1;
        return new Raw(
                a,
                b,
                Quantiles.mean(differences),
                Interval.student(differences),
                several ? Interval.bca(differences, Bootstrap.differences(bootstrap.means(), a, b)) : Interval.UNKNOWN,
                HodgesLehmann.of(differences),
                SignedRankTest.of(differences),
                (int) Arrays.stream(differences).filter(d -> d > margin).count(),
                (int) Arrays.stream(differences).filter(d -> d < -margin).count(),
                seeds.test(a, b, differences, table.seeds()),
                several && table.seeds() > 1 ? hierarchical(a, b) : Interval.UNKNOWN,
                folds.map(tests -> tests.testOfFolds(a, b, differences, table.folds()))
                        .orElse(TrainingVariance.Test.UNKNOWN));
    }

    /// The units' differences, above 0 where the first loss is better.
    private double[] upwards(Raw raw) {
        return table.higherIsBetter() ? table.differences(raw.a, raw.b) : table.differences(raw.b, raw.a);
    }

    private double[] adjusted(List<Raw> raw, ToDoubleFunction<Raw> p) {
        int losses = table.losses().size() + rules.left();
        // of pairs with a baseline any number can be equal, whatever the others are
        boolean baseline = rules.baseline().isPresent();
        double[] known = new double[baseline ? losses - 1 : losses * (losses - 1) / 2];
        // an unknown p decides nothing, nor does one of a loss that left
        Arrays.fill(known, 1);
        for (int i = 0; i < raw.size(); i++) {
            double each = p.applyAsDouble(raw.get(i));
            known[i] = Double.isNaN(each) ? 1 : each;
        }
        double[] adjusted = baseline ? Holm.adjust(known) : Shaffer.adjust(known, losses);
        return Arrays.copyOf(adjusted, raw.size());
    }

    private Interval hierarchical(int a, int b) {
        double[] sorted = Bootstrap.differences(bootstrap.overSeeds(), a, b);
        Arrays.sort(sorted);
        return Interval.percentile(sorted);
    }

    private Pair pair(
            Raw raw, double adjustedP, BayesianSignedRank posterior, double seedsAdjustedP, double foldsAdjustedP) {
        boolean higher = table.higherIsBetter();
        return new Pair(
                table.losses().get(raw.a),
                table.losses().get(raw.b),
                raw.difference,
                raw.interval,
                raw.bca,
                raw.hodgesLehmann,
                raw.test,
                adjustedP,
                posterior,
                higher ? raw.up : raw.down,
                higher ? raw.down : raw.up,
                raw.test.n() - raw.up - raw.down,
                raw.overSeeds.interval(),
                raw.hierarchical,
                raw.overSeeds.p(),
                seedsAdjustedP,
                raw.overFolds.interval(),
                raw.overFolds.p(),
                foldsAdjustedP,
                verdict(raw, adjustedP, seedsAdjustedP, foldsAdjustedP));
    }

    private Verdict verdict(Raw raw, double adjustedP, double seedsAdjustedP, double foldsAdjustedP) {
        return verdict(
                table,
                raw.interval,
                adjustedP,
                table.seeds() == 1
                        ? Optional.empty()
                        : Optional.of(new Retrained(raw.overSeeds.interval(), raw.hierarchical, seedsAdjustedP)),
                folds.map(_ -> new Retrained(raw.overFolds.interval(), raw.overFolds.interval(), foldsAdjustedP)),
                rules.margin());
    }

    /// What is known of a difference if the losses are trained anew.
    ///
    /// @param interval 95 %
    /// @param narrow   the one that must not hold 0; it may be narrower
    /// @param p        adjusted
    record Retrained(Interval interval, Interval narrow, double p) {
        static Retrained of(TrainingVariance.Test test) {
            return new Retrained(test.interval(), test.interval(), test.p());
        }

        /// {@return this as the first of so many tests}
        Retrained corrected(long tests) {
            return new Retrained(interval, narrow, Math.min(1, p * tests));
        }

        boolean isNoise() {
            return p > Rules.ALPHA || narrow.contains(0);
        }
    }

    /// @param seeds none if there is one
    /// @param folds none if nothing is known of other training sets
    static Verdict verdict(
            PairedTable table,
            Interval interval,
            double p,
            Optional<Retrained> seeds,
            Optional<Retrained> folds,
            double margin) {
        if (Design.smallestP(table.units().size()) > Rules.ALPHA) {
            // so few that they could never tell losses apart can't tell that they are equal either
            return Verdict.INCONCLUSIVE;
        }
        if (interval.isWithin(margin)
                && seeds.stream().allMatch(s -> s.interval.isWithin(margin))
                && folds.stream().allMatch(f -> f.interval.isWithin(margin))) {
            return Verdict.EQUIVALENT;
        }
        if (p > Rules.ALPHA || interval.contains(0)) {
            return Verdict.INCONCLUSIVE;
        }
        if (seeds.filter(Retrained::isNoise).isPresent()) {
            return Verdict.WITHIN_SEED_NOISE;
        }
        if (folds.filter(Retrained::isNoise).isPresent()) {
            return Verdict.WITHIN_TRAINING_SET_NOISE;
        }
        return interval.low() > 0 == table.higherIsBetter() ? Verdict.BETTER : Verdict.WORSE;
    }
}
