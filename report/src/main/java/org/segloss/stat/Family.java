package org.segloss.stat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.loss.Check;

/// All that can be said of one metric of one class: the losses' standings, and every pair's verdict. The pairs are
/// a family: if no loss differs the probability that any verdict says so is at most 5 %.
///
/// @param units how many independent units there are
/// @param trainingSets by networks of how many the units were tested: the folds; 0 if one unit was tested by several
/// @param omnibus whether any loss differs; none with a single loss or unit. No gate: the pairs are tested anyway
/// @param standings in the order of the losses
/// @param pairs of the first loss with all later ones, then of the second ...; only those with the baseline if one
///     is named
/// @param agreement how well the ranks by the mean agree with those of bootstrap samples, Kendall's tau-b
/// @param seeds what the seeds change
/// @param folds what the training sets change; all NaN with one, or where one unit was tested by several
public record Family(
        int units,
        int trainingSets,
        Optional<Friedman> omnibus,
        List<Standing> standings,
        List<Pair> pairs,
        Agreement agreement,
        TrainingVariance seeds,
        TrainingVariance folds) {

    /// Quartiles of Kendall's tau-b over those bootstrap samples in which it is defined; NaN if there are none.
    public record Agreement(double lower, double median, double upper) {}

    /// @throws IllegalArgumentException if the baseline is none of the losses
    public static Family of(PairedTable table, Rules rules) {
        rules.baseline()
                .ifPresent(loss -> Check.that(
                        table.losses().contains(loss),
                        "the baseline %s is none of the losses: %s",
                        loss,
                        String.join(", ", table.losses())));
        Bootstrap bootstrap = Bootstrap.of(table, rules.replicates(), rules.seed());
        TrainingTests seeds = TrainingTests.of(table.meansOfSeeds());
        Optional<TrainingTests> folds =
                table.folds() > 1 ? Optional.of(TrainingTests.of(table.meansOfFolds())) : Optional.empty();
        List<Pair> pairs = new Pairs(table, rules, bootstrap, seeds, folds).all();
        int[][] samples = Arrays.stream(bootstrap.means())
                .map(means -> Ranks.best(means, table.higherIsBetter()))
                .toArray(int[][]::new);
        boolean tested = table.losses().size() > 1 && table.units().size() > 1;
        return new Family(
                table.units().size(),
                table.folds(),
                tested ? Optional.of(Friedman.of(table.means())) : Optional.empty(),
                standings(table, pairs, samples),
                pairs,
                agreement(RankingMethod.MEAN_THEN_RANK.rank(table, pairs), samples),
                seeds.all(),
                folds.map(TrainingTests::all)
                        .orElse(TrainingVariance.unknown(table.losses().size())));
    }

    private static List<Standing> standings(PairedTable table, List<Pair> pairs, int[][] samples) {
        Map<RankingMethod, int[]> ranks = new EnumMap<>(RankingMethod.class);
        for (RankingMethod method : RankingMethod.values()) {
            ranks.put(method, method.rank(table, pairs));
        }
        var standings = new ArrayList<Standing>();
        for (int j = 0; j < table.losses().size(); j++) {
            int loss = j;
            double[] sampled =
                    Arrays.stream(samples).mapToDouble(s -> s[loss]).sorted().toArray();
            Map<RankingMethod, Integer> own = new EnumMap<>(RankingMethod.class);
            ranks.forEach((method, all) -> own.put(method, all[loss]));
            double first = Arrays.stream(sampled).filter(rank -> rank == 1).count() / (double) sampled.length;
            double[] values = table.of(loss);
            standings.add(new Standing(
                    table.losses().get(loss),
                    Quantiles.mean(values),
                    Quantiles.median(values),
                    own,
                    first,
                    Interval.percentile(sampled)));
        }
        return List.copyOf(standings);
    }

    private static Agreement agreement(int[] ranks, int[][] samples) {
        double[] taus = Arrays.stream(samples)
                .mapToDouble(sample -> KendallTau.b(ranks, sample))
                .filter(tau -> !Double.isNaN(tau))
                .sorted()
                .toArray();
        return taus.length == 0
                ? new Agreement(Double.NaN, Double.NaN, Double.NaN)
                : new Agreement(Quantiles.of(taus, 0.25), Quantiles.of(taus, 0.5), Quantiles.of(taus, 0.75));
    }
}
