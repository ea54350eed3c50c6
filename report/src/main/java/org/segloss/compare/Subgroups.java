package org.segloss.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.stat.Interval;
import org.segloss.stat.Quantiles;

/// The losses on parts of the test cases, by what a column says of them: one scanner, one sex, small lesions.
///
/// Numbers of more than [#MOST_NUMBERS] kinds are split where a third and two thirds of the cases lie below, or, of
/// fewer than three times [#LEAST] cases, at their median; anything else is taken as it stands. A column of more than
/// [#MOST_VALUES] texts makes no subgroups.
///
/// @param column its name
/// @param rule   how numbers were split, or why there are no subgroups; otherwise empty
/// @param without how many test cases have no value
/// @param parts  the subgroups
/// @param gaps   for each loss the largest difference of two subgroups of at least [#LEAST] independent cases; empty if
///     there are no two
public record Subgroups(String column, String rule, int without, List<Part> parts, List<Gap> gaps) {
    /// So many independent cases a subgroup needs for an interval and for a part in a gap.
    public static final int LEAST = 10;

    private static final int MOST_NUMBERS = 5;
    private static final int MOST_VALUES = 12;

    public Subgroups {
        parts = List.copyOf(parts);
        gaps = List.copyOf(gaps);
    }

    /// @param cases how many
    /// @param units how many of them are independent
    public record Part(String name, int cases, int units, List<Mean> means) {
        public boolean isLarge() {
            return units >= LEAST;
        }
    }

    /// @param mean     over the independent cases, each the mean over its cases and seeds
    /// @param interval its 95 % interval, Student's; unknown in a small subgroup
    public record Mean(String loss, double mean, Interval interval) {}

    /// @param high     the subgroup with the highest mean
    /// @param low      that with the lowest
    /// @param gap      the difference of both
    /// @param interval its interval by Welch, wide enough that those of all pairs of subgroups hold what they
    ///     should with 95 %: the largest was looked for
    public record Gap(String loss, String high, String low, double gap, Interval interval) {}

    /// @param columns the value of cases, by column
    /// @param groups  of the cases
    /// @param values  (case, loss, seed)
    static List<Subgroups> of(
            Map<String, Map<String, String>> columns,
            List<String> losses,
            List<String> cases,
            List<String> groups,
            double[][][] values) {
        var all = new ArrayList<Subgroups>();
        columns.forEach((column, ofCase) -> all.add(of(column, ofCase, losses, cases, groups, values)));
        return List.copyOf(all);
    }

    private static Subgroups of(
            String column,
            Map<String, String> ofCase,
            List<String> losses,
            List<String> cases,
            List<String> groups,
            double[][][] values) {
        List<Integer> known = IntStream.range(0, cases.size())
                .filter(i -> ofCase.containsKey(cases.get(i)))
                .boxed()
                .toList();
        List<String> texts = known.stream().map(i -> ofCase.get(cases.get(i))).toList();
        int without = cases.size() - known.size();
        var split = Split.of(texts);
        if (split.names.isEmpty()) {
            return new Subgroups(column, split.rule, without, List.of(), List.of());
        }
        var units = new ArrayList<double[][]>();
        var parts = new ArrayList<Part>();
        for (String name : split.names) {
            List<Integer> own = IntStream.range(0, known.size())
                    .filter(i -> split.of.get(i).equals(name))
                    .mapToObj(known::get)
                    .toList();
            double[][] means = units(own, groups, losses.size(), values);
            units.add(means);
            int n = means[0].length;
            parts.add(new Part(
                    name,
                    own.size(),
                    n,
                    IntStream.range(0, losses.size())
                            .mapToObj(j -> new Mean(
                                    losses.get(j),
                                    Quantiles.mean(means[j]),
                                    n >= LEAST ? Interval.student(means[j]) : new Interval(Double.NaN, Double.NaN)))
                            .toList()));
        }
        return new Subgroups(column, split.rule, without, parts, gaps(losses, parts, units));
    }

    /// (loss, unit): the mean over the cases of each group, and over their seeds.
    private static double[][] units(List<Integer> own, List<String> groups, int losses, double[][][] values) {
        Map<String, List<Integer>> members =
                own.stream().collect(Collectors.groupingBy(groups::get, TreeMap::new, Collectors.toList()));
        double[][] means = new double[losses][members.size()];
        int unit = 0;
        for (List<Integer> ofGroup : members.values()) {
            for (int j = 0; j < losses; j++) {
                int loss = j;
                means[j][unit] = Quantiles.mean(ofGroup.stream()
                        .mapToDouble(i -> Quantiles.mean(values[i][loss]))
                        .toArray());
            }
            unit++;
        }
        return means;
    }

    private static List<Gap> gaps(List<String> losses, List<Part> parts, List<double[][]> units) {
        int[] large = IntStream.range(0, parts.size())
                .filter(i -> parts.get(i).isLarge())
                .toArray();
        if (large.length < 2) {
            return List.of();
        }
        int pairs = large.length * (large.length - 1) / 2;
        var gaps = new ArrayList<Gap>();
        for (int j = 0; j < losses.size(); j++) {
            int high = large[0];
            int low = large[0];
            for (int i : large) {
                double mean = parts.get(i).means.get(j).mean;
                high = mean > parts.get(high).means.get(j).mean ? i : high;
                low = mean < parts.get(low).means.get(j).mean ? i : low;
            }
            if (high == low) {
                // all alike: any two
                low = large[1];
            }
            gaps.add(new Gap(
                    losses.get(j),
                    parts.get(high).name,
                    parts.get(low).name,
                    parts.get(high).means.get(j).mean - parts.get(low).means.get(j).mean,
                    Interval.welch(units.get(high)[j], units.get(low)[j], pairs)));
        }
        return gaps;
    }

    /// {@return the loss whose gap is the largest}
    public Optional<Gap> largest() {
        return gaps.stream().reduce((a, b) -> b.gap > a.gap ? b : a);
    }

    /// {@return the largest gap of each column, or why none is stated}; columns that have none for the same
    /// reason are in one sentence
    public static List<String> sentences(List<Subgroups> columns) {
        List<Subgroups> split =
                columns.stream().filter(of -> !of.parts.isEmpty()).toList();
        List<String> small = split.stream()
                .filter(of -> of.gaps.isEmpty())
                .map(Subgroups::column)
                .toList();
        var sentences = new ArrayList<String>();
        split.stream()
                .filter(of -> small.size() == 1 || !of.gaps.isEmpty())
                .forEach(of -> sentences.add(of.sentence()));
        if (small.size() > 1) {
            sentences.add("%s: no two subgroups of any of them have %d independent cases, so no gap is stated."
                    .formatted(String.join(", ", small), LEAST));
        }
        return sentences;
    }

    /// {@return the largest gap, or why none is stated, in a sentence}
    public String sentence() {
        if (parts.isEmpty()) {
            return "%s: %s.".formatted(column, rule);
        }
        return largest()
                .map(gap -> String.format(
                        Locale.ROOT,
                        "%s: the largest gap is that of %s, %.3f between %s and %s (interval %.3f to %.3f, for all pairs of subgroups)%s.",
                        column,
                        gap.loss,
                        gap.gap,
                        gap.high,
                        gap.low,
                        gap.interval.low(),
                        gap.interval.high(),
                        gap.interval.contains(0) ? ": it may be chance" : ""))
                .orElseGet(() -> "%s: no two subgroups have %d independent cases (%s), so no gap is stated."
                        .formatted(
                                column,
                                LEAST,
                                parts.stream()
                                        .map(part -> "%s %d".formatted(part.name, part.units))
                                        .collect(Collectors.joining(", "))));
    }

    /// @param of    the subgroup of each value
    /// @param names of the subgroups in order; empty if there are none
    private record Split(List<String> of, List<String> names, String rule) {

        static Split of(List<String> texts) {
            var different = new TreeSet<>(texts);
            double[] numbers = texts.stream().mapToDouble(Split::number).toArray();
            boolean numeric = Arrays.stream(numbers).allMatch(Double::isFinite);
            if (numeric && Arrays.stream(numbers).distinct().count() > MOST_NUMBERS) {
                return ofNumbers(numbers);
            }
            if (different.size() < 2) {
                return none(different.isEmpty() ? "no test case has a value" : "all test cases have the same value");
            }
            if (different.size() > MOST_VALUES) {
                return none(
                        "%d different texts make no subgroups; %d at most do".formatted(different.size(), MOST_VALUES));
            }
            List<String> names = numeric
                    ? different.stream()
                            .sorted(Comparator.comparingDouble(Split::number))
                            .toList()
                    : List.copyOf(different);
            return new Split(texts, names, "");
        }

        private static Split none(String why) {
            return new Split(List.of(), List.of(), why);
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException _) {
                return Double.NaN;
            }
        }

        private static Split ofNumbers(double[] numbers) {
            double[] sorted = numbers.clone();
            Arrays.sort(sorted);
            boolean thirds = numbers.length >= 3 * LEAST;
            double[] cuts = thirds
                    ? new double[] {Quantiles.of(sorted, 1 / 3.0), Quantiles.of(sorted, 2 / 3.0)}
                    : new double[] {Quantiles.median(sorted)};
            Map<Integer, String> names = new LinkedHashMap<>();
            names.put(0, "up to " + text(cuts[0]));
            if (thirds) {
                names.put(1, "%s to %s".formatted(text(cuts[0]), text(cuts[1])));
            }
            names.put(cuts.length, "above " + text(cuts[cuts.length - 1]));
            List<Integer> places = Arrays.stream(numbers)
                    .mapToObj(number -> (int)
                            Arrays.stream(cuts).filter(cut -> number > cut).count())
                    .toList();
            List<String> taken = names.entrySet().stream()
                    .filter(e -> places.contains(e.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            return taken.size() < 2
                    ? none("nearly all test cases have the same value")
                    : new Split(
                            places.stream().map(names::get).toList(),
                            taken,
                            thirds ? "split into thirds of the test cases" : "split at the median of the test cases");
        }

        private static String text(double number) {
            return String.format(Locale.ROOT, "%.4g", number)
                    .replaceFirst("(\\.\\d*?)0+$", "$1")
                    .replaceFirst("\\.$", "");
        }
    }
}
