package org.segloss.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.compare.Comparison;
import org.segloss.compare.Convergence;
import org.segloss.compare.MetricFamily;
import org.segloss.compare.Race;
import org.segloss.stat.Compared;
import org.segloss.stat.Design;
import org.segloss.stat.Family;
import org.segloss.stat.Interval;
import org.segloss.stat.Pair;
import org.segloss.stat.Rules;
import org.segloss.stat.Standing;
import org.segloss.stat.Verdict;

/// What a comparison found, in words.
///
/// @param warning  what is to be known first: that the trainings had not converged
/// @param race     who is still in after a race, and what was saved
/// @param headline one or two sentences
/// @param groups   what is said of each other loss, by verdict
/// @param failures of one loss alone
/// @param limits   what the comparison can't tell
public record Answer(
        Optional<String> warning,
        Optional<String> race,
        String headline,
        List<Group> groups,
        List<String> failures,
        List<String> limits) {

    private static final String OPEN = "; not converged, so longer training may change it";

    /// @param style the verdict's class in the style sheet
    public record Group(String style, String sign, String title, List<Line> lines) {}

    /// @param loss that the sentence is about
    public record Line(String loss, String text) {}

    /// A loss beside the one that the answer is about; the difference is that of the other loss.
    private record Beside(
            String other,
            double difference,
            Interval interval,
            Interval overSeeds,
            Interval overFolds,
            double p,
            Verdict verdict) {}

    /// As [#of(Comparison, Compared, List)], of losses.
    static Answer of(Comparison comparison) {
        return of(comparison, Compared.LOSSES, List.of());
    }

    /// @param notes what the one who scored has to say of the scores
    static Answer of(Comparison comparison, Compared compared, List<String> notes) {
        Optional<MetricFamily> primary = comparison.families().stream().findFirst();
        if (primary.isEmpty()) {
            return new Answer(
                    Optional.empty(),
                    comparison.race().map(Race::sentence),
                    "No loss was trained to its end.",
                    List.of(),
                    List.of(),
                    missing(comparison));
        }
        MetricFamily family = primary.get();
        if (family.statistics().isEmpty()) {
            return new Answer(
                    Optional.empty(),
                    comparison.race().map(Race::sentence),
                    "There is nothing to compare: " + family.note() + ".",
                    List.of(),
                    List.of(),
                    missing(comparison));
        }
        Family statistics = family.statistics().get();
        Optional<String> baseline = comparison.rules().baseline();
        String subject = baseline.or(comparison::best).orElseThrow();
        List<Beside> others = others(statistics, subject);
        return new Answer(
                comparison.convergence().filter(Convergence::isOpen).map(Convergence::sentence),
                comparison.race().map(Race::sentence),
                headline(comparison, family, statistics, subject, others, compared),
                groups(comparison, family, statistics.units(), subject, others, compared),
                family.failureSentences(),
                Stream.concat(notes.stream(), limits(comparison, compared).stream())
                        .toList());
    }

    private static List<Beside> others(Family statistics, String subject) {
        var others = new ArrayList<Beside>();
        for (Pair pair : statistics.pairs()) {
            if (pair.a().equals(subject)) {
                others.add(new Beside(
                        pair.b(),
                        -pair.difference(),
                        turned(pair.interval()),
                        turned(pair.overSeeds()),
                        turned(pair.overFolds()),
                        pair.adjustedP(),
                        Wording.turned(pair.verdict())));
            } else if (pair.b().equals(subject)) {
                others.add(new Beside(
                        pair.a(),
                        pair.difference(),
                        pair.interval(),
                        pair.overSeeds(),
                        pair.overFolds(),
                        pair.adjustedP(),
                        pair.verdict()));
            }
        }
        return others;
    }

    static Interval turned(Interval interval) {
        return new Interval(-interval.high(), -interval.low());
    }

    private static String headline(
            Comparison comparison,
            MetricFamily family,
            Family statistics,
            String subject,
            List<Beside> others,
            Compared compared) {
        boolean baseline = comparison.rules().baseline().isPresent();
        String stillIn = comparison.race().isPresent() ? " that are still in" : "";
        Standing standing = statistics.standings().stream()
                .filter(s -> s.loss().equals(subject))
                .findFirst()
                .orElseThrow();
        String mean = "%s has %s %s, %s"
                .formatted(
                        subject,
                        baseline ? "a mean" : family.higherIsBetter() ? "the highest mean" : "the lowest mean",
                        Wording.metric(family),
                        Numbers.plain(standing.mean()));
        if (others.isEmpty()) {
            return "%s. It is the only %s%s, so there is nothing to compare it with."
                    .formatted(mean, compared.one(), stillIn.replace("are", "is"));
        }
        long worse = others.stream().filter(o -> o.verdict == Verdict.WORSE).count();
        long better = others.stream().filter(o -> o.verdict == Verdict.BETTER).count();
        if (baseline) {
            return "%s. Of the %s compared with it %d %s better and %d worse."
                    .formatted(mean, Numbers.count(others.size(), compared), better, better == 1 ? "is" : "are", worse);
        }
        if (worse == others.size()) {
            return "%s, and is better than %s."
                    .formatted(mean, others.size() == 1 ? "the other " + compared.one() : "all others" + stillIn);
        }
        if (worse > 0) {
            return "%s, and is better than %d of the %d others%s.".formatted(mean, worse, others.size(), stillIn);
        }
        if (others.stream().anyMatch(o -> o.verdict == Verdict.WITHIN_SEED_NOISE)) {
            return mean + ", but with other seeds another %s might be ahead.".formatted(compared.one());
        }
        return others.stream().anyMatch(o -> o.verdict == Verdict.WITHIN_TRAINING_SET_NOISE)
                ? mean + ", but on other training sets another %s might be ahead.".formatted(compared.one())
                : mean + ", but the test cases don't show that it is better than any other.";
    }

    private static List<Group> groups(
            Comparison comparison,
            MetricFamily family,
            int units,
            String subject,
            List<Beside> others,
            Compared compared) {
        Map<Verdict, List<Line>> lines = new EnumMap<>(Verdict.class);
        for (Beside other : others) {
            lines.computeIfAbsent(other.verdict, _ -> new ArrayList<>())
                    .add(new Line(
                            other.other,
                            sentence(other, family, units, compared)
                                    + (comparison.isOpen(subject, other.other) ? OPEN : "")));
        }
        return lines.entrySet().stream()
                .map(e -> new Group(
                        Wording.style(e.getKey()),
                        Wording.sign(e.getKey()),
                        title(e.getKey(), family, subject, compared),
                        e.getValue()))
                .toList();
    }

    private static String title(Verdict verdict, MetricFamily family, String subject, Compared compared) {
        return switch (verdict) {
            case BETTER -> "Better than " + subject;
            case WORSE -> "Worse than " + subject;
            case EQUIVALENT -> "Equivalent to %s within %s".formatted(subject, Numbers.tick(family.margin()));
            case WITHIN_SEED_NOISE -> "Different %s, but perhaps not with other seeds".formatted(here(compared));
            case WITHIN_TRAINING_SET_NOISE ->
                "Different %s, but perhaps not on other training sets".formatted(here(compared));
            case INCONCLUSIVE -> "Undecided beside " + subject;
        };
    }

    private static String here(Compared compared) {
        return compared == Compared.LOSSES ? "on these networks" : "in these predictions";
    }

    private static String sentence(Beside other, MetricFamily family, int units, Compared compared) {
        String numbers = "%s %s, 95 %% interval %s, adjusted p %s"
                .formatted(
                        Numbers.signed(other.difference),
                        Wording.metric(family.metric()),
                        Numbers.range(other.interval),
                        Numbers.p(other.p));
        return switch (other.verdict) {
            case INCONCLUSIVE -> numbers + ": " + why(other, family, units, compared);
            case WITHIN_SEED_NOISE -> numbers + "; with other seeds " + Numbers.range(other.overSeeds) + unseen(units);
            case WITHIN_TRAINING_SET_NOISE ->
                numbers + "; on other training sets " + Numbers.range(other.overFolds) + unseen(units);
            case BETTER, WORSE, EQUIVALENT -> numbers + unseen(units);
        };
    }

    private static String unseen(int units) {
        return "; failures on up to %s of cases may be unseen"
                .formatted(Design.of(units, 2, 1, 1).unseenShare());
    }

    private static String why(Beside other, MetricFamily family, int units, Compared compared) {
        if (Design.of(units, 2, 1, 1).separable() == 0) {
            return "so few independent cases can't tell any two %s apart".formatted(compared.many());
        }
        if (!other.interval.contains(0)) {
            return other.p > Rules.ALPHA
                    ? "by the test there may be no difference"
                    : "test and interval don't agree under other seeds or on other training sets";
        }
        return Double.isNaN(family.margin())
                ? "there may be no difference"
                : "there may be no difference, or one above the margin of " + Numbers.tick(family.margin());
    }

    private static List<String> limits(Comparison comparison, Compared compared) {
        var limits = new ArrayList<String>(missing(comparison));
        comparison.race().map(race -> "After the race " + race.selection()).ifPresent(limits::add);
        comparison.design().ifPresent(design -> {
            limits.addAll(design.warnings(compared));
            comparison
                    .families()
                    .getFirst()
                    .sameLoss()
                    .map(same -> same.sentence(compared))
                    .ifPresent(limits::add);
            if (design.losses() > 1) {
                Optional.of(design.scope()).filter(scope -> !scope.isEmpty()).ifPresent(limits::add);
                if (comparison
                        .families()
                        .getFirst()
                        .statistics()
                        .filter(family -> Verdict.says(family.pairs()))
                        .isPresent()) {
                    limits.add(design.unseen(compared));
                }
            }
            limits.add(design.resolution(compared));
        });
        comparison
                .convergence()
                .filter(known -> !known.isOpen())
                .map(Convergence::sentence)
                .ifPresent(limits::add);
        return limits;
    }

    private static List<String> missing(Comparison comparison) {
        return comparison.losses().stream()
                .flatMap(r -> switch (r.outcome()) {
                    case DONE, LEFT -> Stream.of();
                    case DIVERGED ->
                        Stream.of("%s diverged: no longer finite at step %d. It has no part in the comparison."
                                .formatted(r.loss(), r.step()));
                    case FAILED ->
                        Stream.of(
                                "%s failed: a training was not done to its end; the same command tries it again. It has no part in the comparison."
                                        .formatted(r.loss()));
                })
                .toList();
    }
}
