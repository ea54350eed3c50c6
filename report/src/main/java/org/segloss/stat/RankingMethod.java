package org.segloss.stat;

import java.util.Arrays;
import java.util.List;

/// How the losses are put in order. Tied losses share the best of their ranks.
///
/// @see <a href="https://doi.org/10.1038/s41598-021-82017-6">Wiesenfarth et al. (2021), Methods and open-source
///     toolkit for analyzing and visualizing challenge results</a>
public enum RankingMethod {
    /// By the mean over the units: the headline.
    MEAN_THEN_RANK,
    /// By the median over the units.
    MEDIAN_THEN_RANK,
    /// By the mean over the units of the rank on each.
    RANK_THEN_MEAN,
    /// By the median over the units of the rank on each.
    RANK_THEN_MEDIAN,
    /// By how many others a loss beats with an adjusted p of at most 0.05.
    TEST_BASED;

    /// @param pairs for [#TEST_BASED]
    int[] rank(PairedTable table, List<Pair> pairs) {
        return switch (this) {
            case MEAN_THEN_RANK -> Ranks.best(each(table.means(), Quantiles::mean), table.higherIsBetter());
            case MEDIAN_THEN_RANK -> Ranks.best(each(table.means(), Quantiles::median), table.higherIsBetter());
            case RANK_THEN_MEAN -> Ranks.best(each(ranks(table), Quantiles::mean), false);
            case RANK_THEN_MEDIAN -> Ranks.best(each(ranks(table), Quantiles::median), false);
            case TEST_BASED -> Ranks.best(wins(table, pairs), true);
        };
    }

    private interface Summary {
        double of(double[] values);
    }

    private static double[] each(double[][] values, Summary summary) {
        double[] all = new double[values[0].length];
        for (int j = 0; j < all.length; j++) {
            int loss = j;
            all[j] = summary.of(
                    Arrays.stream(values).mapToDouble(row -> row[loss]).toArray());
        }
        return all;
    }

    private static double[][] ranks(PairedTable table) {
        return Arrays.stream(table.means())
                .map(row -> Arrays.stream(Ranks.best(row, table.higherIsBetter()))
                        .asDoubleStream()
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double[] wins(PairedTable table, List<Pair> pairs) {
        double[] wins = new double[table.losses().size()];
        for (Pair pair : pairs) {
            if (pair.adjustedP() <= Rules.ALPHA && pair.test().rankBiserial() != 0) {
                // the direction that the test found, which the mean of outliers may not have
                boolean first = pair.test().rankBiserial() > 0 == table.higherIsBetter();
                wins[table.losses().indexOf(first ? pair.a() : pair.b())]++;
            }
        }
        return wins;
    }
}
