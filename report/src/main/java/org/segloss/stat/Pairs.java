package org.segloss.stat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The pairs of a table's losses, tested.
record Pairs(PairedTable table, Rules rules, Bootstrap bootstrap, SeedTests seeds) {

    /// A pair before its p-values are adjusted.
    private record Raw(int a, int b, double[] differences, SignedRankTest test, SeedVariance.Test overSeeds) {}

    List<Pair> all() {
        var raw = new ArrayList<Raw>();
        for (int a = 0; a < table.losses().size(); a++) {
            for (int b = a + 1; b < table.losses().size(); b++) {
                if (isWanted(a, b)) {
                    raw.add(raw(a, b));
                }
            }
        }
        double[] holm = adjusted(raw, r -> r.test.p());
        double[] seedsHolm = table.seeds() > 1
                ? adjusted(raw, r -> r.overSeeds.p())
                : raw.stream().mapToDouble(_ -> Double.NaN).toArray();
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < raw.size(); i++) {
            pairs.add(pair(raw.get(i), holm[i], seedsHolm[i]));
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
        return new Raw(a, b, differences, SignedRankTest.of(differences), seeds.test(a, b, differences, table.seeds()));
    }

    private static double[] adjusted(List<Raw> raw, ToDoubleFunction<Raw> p) {
        // an unknown p decides nothing
        return Holm.adjust(raw.stream()
                .mapToDouble(p)
                .map(each -> Double.isNaN(each) ? 1 : each)
                .toArray());
    }

    private Pair pair(Raw raw, double holm, double seedsHolm) {
        double[] differences = raw.differences;
        double margin = Double.isNaN(rules.margin()) ? 0 : rules.margin();
        int up = (int) Arrays.stream(differences).filter(d -> d > margin).count();
        int down = (int) Arrays.stream(differences).filter(d -> d < -margin).count();
        boolean higher = table.higherIsBetter();
        Interval interval = Interval.student(differences);
        Interval hierarchical = hierarchical(raw);
        return new Pair(
                table.losses().get(raw.a),
                table.losses().get(raw.b),
                Quantiles.mean(differences),
                interval,
                differences.length < 2
                        ? Interval.UNKNOWN
                        : Interval.bca(differences, Bootstrap.differences(bootstrap.means(), raw.a, raw.b)),
                HodgesLehmann.of(differences),
                raw.test,
                holm,
                higher ? up : down,
                higher ? down : up,
                differences.length - up - down,
                raw.overSeeds.interval(),
                hierarchical,
                raw.overSeeds.p(),
                seedsHolm,
                verdict(interval, holm, raw, hierarchical, seedsHolm));
    }

    private Interval hierarchical(Raw raw) {
        if (table.seeds() == 1 || raw.differences.length < 2) {
            return Interval.UNKNOWN;
        }
        double[] sorted = Bootstrap.differences(bootstrap.overSeeds(), raw.a, raw.b);
        Arrays.sort(sorted);
        return Interval.percentile(sorted);
    }

    private Verdict verdict(Interval interval, double holm, Raw raw, Interval hierarchical, double seedsHolm) {
        boolean oneSeed = table.seeds() == 1;
        if (Design.smallestP(raw.differences.length) > Rules.ALPHA) {
            // so few that they could never tell losses apart can't tell that they are equal either
            return Verdict.INCONCLUSIVE;
        }
        if (interval.isWithin(rules.margin())
                && (oneSeed || raw.overSeeds.interval().isWithin(rules.margin()))) {
            return Verdict.EQUIVALENT;
        }
        if (holm > Rules.ALPHA || interval.contains(0)) {
            return Verdict.INCONCLUSIVE;
        }
        if (!oneSeed && (seedsHolm > Rules.ALPHA || hierarchical.contains(0))) {
            return Verdict.WITHIN_SEED_NOISE;
        }
        return interval.low() > 0 == table.higherIsBetter() ? Verdict.BETTER : Verdict.WORSE;
    }
}
