package org.segloss.stat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How often a comparison of one training with one other would have called a loss better or worse than itself, trained
/// with another seed: a difference that is none.
///
/// Each two trainings of one loss are compared as two losses under one seed would be: the same cases, test, interval,
/// margin and level, and training sets where there are several.
///
/// @param losses    each by itself
/// @param pairs     of trainings, of all losses: `seeds (seeds - 1) / 2` of each
/// @param different of which one was called better
/// @param tests     by how many a comparison of all losses would have corrected
/// @param corrected of which one would still have been called better, had it been the first of so many tests
/// @param share     the 95 % interval of `different / pairs`, by Clopper and Pearson. Pairs that share a training are
///     no independent witnesses, so it is that of `seeds / 2` pairs of each loss, rounded down, which share none
/// @see <a href="https://doi.org/10.1016/j.compbiomed.2024.108944">Akesson and others (2024), Random effects during
///     training</a>
/// @see <a href="https://doi.org/10.1093/biomet/26.4.404">Clopper and Pearson (1934), The use of confidence or fiducial
///     limits illustrated in the case of the binomial</a>
public record SameLoss(List<OfLoss> losses, int pairs, int different, long tests, int corrected, Interval share) {
    private static final int MOST_NAMED = 4;

    public SameLoss {
        losses = List.copyOf(losses);
    }

    /// @param different of so many pairs
    public record OfLoss(String loss, int pairs, int different) {}

    /// What is said of two trainings.
    private record Outcome(int loss, boolean different, boolean corrected) {}

    /// {@return nothing of one seed, or of so few units that no verdict could be given}
    public static Optional<SameLoss> of(PairedTable table, Rules rules) {
        int seeds = table.seeds();
        if (seeds < 2 || Design.smallestP(table.units().size()) > Rules.ALPHA) {
            return Optional.empty();
        }
        int losses = table.losses().size();
        long tests = Math.max(1, rules.baseline().isPresent() ? losses - 1 : losses * (losses - 1L) / 2);
        List<Outcome> outcomes = IntStream.range(0, losses * seeds * seeds)
                .filter(i -> i / seeds % seeds < i % seeds)
                .parallel()
                .mapToObj(i -> outcome(table, i / (seeds * seeds), i / seeds % seeds, i % seeds, rules, tests))
                .toList();
        var own = new ArrayList<OfLoss>();
        for (int j = 0; j < losses; j++) {
            int loss = j;
            own.add(new OfLoss(table.losses().get(j), seeds * (seeds - 1) / 2, (int)
                    outcomes.stream().filter(o -> o.loss == loss && o.different).count()));
        }
        int different = own.stream().mapToInt(OfLoss::different).sum();
        double apart = losses * (seeds / 2);
        return Optional.of(new SameLoss(
                own,
                outcomes.size(),
                different,
                tests,
                (int) outcomes.stream().filter(Outcome::corrected).count(),
                Interval.binomial(apart * different / outcomes.size(), apart)));
    }

    private static Outcome outcome(PairedTable table, int loss, int seed, int other, Rules rules, long tests) {
        PairedTable two = table.ofSeeds(loss, seed, other);
        double[] differences = two.differences(0, 1);
        Interval interval = Interval.student(differences);
        double p = SignedRankTest.of(differences).p();
        Optional<Pairs.Retrained> folds = two.folds() > 1
                ? Optional.of(Pairs.Retrained.of(
                        TrainingTests.of(two.meansOfFolds()).testOfFolds(0, 1, differences, two.folds())))
                : Optional.empty();
        return new Outcome(
                loss,
                isDifferent(table, interval, p, folds, rules),
                isDifferent(table, interval, Math.min(1, p * tests), folds.map(of -> of.corrected(tests)), rules));
    }

    private static boolean isDifferent(
            PairedTable table, Interval interval, double p, Optional<Pairs.Retrained> folds, Rules rules) {
        Verdict verdict = Pairs.verdict(table, interval, p, Optional.empty(), folds, rules.margin());
        return verdict == Verdict.BETTER || verdict == Verdict.WORSE;
    }

    /// {@return how often, in words}
    public String sentence(Compared compared) {
        String ofAll = tests > 1 ? " Corrected for %d pairs, as here, it is %d.".formatted(tests, corrected) : "";
        return "A single-seed comparison on these cases finds a false difference in %d of %d: so often two trainings of the same %s, with two seeds, would have been called better and worse%s. By so few trainings the share lies between %s and %s with 95 %% confidence.%s"
                .formatted(
                        different, pairs, compared.one(), named(), percent(share.low()), percent(share.high()), ofAll);
    }

    /// Of which losses, where there are several.
    private String named() {
        List<OfLoss> some = losses.stream()
                .filter(own -> own.different > 0)
                .sorted(Comparator.comparingInt(OfLoss::different).reversed())
                .toList();
        if (losses.size() < 2 || some.isEmpty()) {
            return "";
        }
        return some.stream()
                .limit(MOST_NAMED)
                .map(own -> "%s %d of %d".formatted(own.loss, own.different, own.pairs))
                .collect(Collectors.joining(", ", " (", some.size() > MOST_NAMED ? ", ...)" : ")"));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
