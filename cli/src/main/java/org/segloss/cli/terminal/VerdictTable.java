package org.segloss.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.compare.Comparison;
import org.segloss.compare.Convergence;
import org.segloss.compare.MetricFamily;
import org.segloss.compare.Subgroups;
import org.segloss.compare.Tuning;
import org.segloss.stat.Compared;
import org.segloss.stat.Design;
import org.segloss.stat.Pair;
import org.segloss.stat.RankingMethod;
import org.segloss.stat.Standing;
import org.segloss.stat.Verdict;

/// The primary metric's answer: where each loss stands, and what is to be said of each pair.
public final class VerdictTable {
    private VerdictTable() {}

    /// As [#of(Comparison, Compared)], of losses.
    public static List<String> of(Comparison comparison) {
        return of(comparison, Compared.LOSSES);
    }

    /// {@return lines: that the trainings had not converged, the losses, or methods, from the best on, then the
    /// pairs with difference, 95 % interval, adjusted p, posterior, verdict and the share of cases on which
    /// failures may be unseen, then where one loss alone fails, and what no verdict excludes}
    public static List<String> of(Comparison comparison, Compared compared) {
        Optional<MetricFamily> family = comparison.families().stream().findFirst();
        if (family.isEmpty()) {
            return List.of("There is nothing to compare.");
        }
        var lines = new ArrayList<String>();
        // first of all: what ranks how fast losses learn says nothing of where they end
        comparison.convergence().filter(Convergence::isOpen).ifPresent(known -> {
            lines.add(known.sentence());
            lines.add("");
        });
        lines.addAll(of(comparison, family.get(), compared));
        comparison
                .tuning()
                .map(Tuning::sentences)
                .filter(said -> !said.isEmpty())
                .ifPresent(said -> {
                    lines.add("");
                    lines.add("Chosen on the validation cases before anything was tested:");
                    lines.addAll(said);
                });
        if (!comparison.earlier().isEmpty()) {
            lines.add("");
            lines.addAll(earlier(comparison, compared));
        }
        List<String> notes = new ArrayList<>(family.get().failureSentences());
        family.get().sameLoss().map(same -> same.sentence(compared)).ifPresent(notes::add);
        comparison
                .design()
                .filter(design ->
                        design.losses() > 1 && family.get().statistics().isPresent())
                .ifPresent(design -> {
                    Optional.of(design.scope())
                            .filter(scope -> !scope.isEmpty())
                            .ifPresent(notes::add);
                    if (Verdict.says(family.get().statistics().get().pairs())) {
                        notes.add(design.unseen(compared));
                    }
                });
        comparison
                .convergence()
                .filter(known -> !known.isOpen())
                .map(Convergence::sentence)
                .ifPresent(notes::add);
        notes.addAll(Subgroups.sentences(family.get().subgroups()));
        if (!notes.isEmpty()) {
            lines.add("");
            lines.addAll(notes);
        }
        return lines;
    }

    private static List<String> of(Comparison comparison, MetricFamily family, Compared compared) {
        String metric = "%s of %s".formatted(family.metric(), family.label());
        if (family.statistics().isEmpty()) {
            return List.of("%s: %s".formatted(metric, family.note()));
        }
        var statistics = family.statistics().get();
        var lines = new ArrayList<String>();
        lines.add("%s on %d cases, %d independent (%s is better):"
                .formatted(metric, family.cases(), statistics.units(), family.higherIsBetter() ? "more" : "less"));
        var losses = new TextTable();
        losses.add(List.of(compared.one(), "mean", "rank", "ranks in 95 % of samples"));
        statistics.standings().stream()
                .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                .forEach(s -> losses.add(List.of(
                        s.loss(),
                        number(s.mean()),
                        Integer.toString(rank(s)),
                        "%.0f to %.0f"
                                .formatted(s.rankRange().low(), s.rankRange().high()))));
        lines.addAll(losses.lines());
        if (!statistics.pairs().isEmpty()) {
            lines.add("");
            var pairs = new TextTable();
            pairs.add(List.of(
                    compared.one(),
                    "beside",
                    "difference",
                    "95 % interval",
                    "adjusted p",
                    "P better/%sworse".formatted(Double.isNaN(family.margin()) ? "" : "equivalent/"),
                    "verdict",
                    "unseen failures on"));
            String unseen = "up to %s of cases"
                    .formatted(Design.of(statistics.units(), 2, 1, 1).unseenShare());
            statistics.pairs().forEach(p -> pairs.add(cells(comparison, p, family.margin(), unseen)));
            lines.addAll(pairs.lines());
        }
        return lines;
    }

    /// What the losses had before their trainings were extended.
    private static List<String> earlier(Comparison comparison, Compared compared) {
        String metric = comparison.rules().metric();
        var table = new TextTable();
        var head = new ArrayList<>(List.of(compared.one()));
        comparison.earlier().forEach(then -> head.add("after %d steps".formatted(then.steps())));
        head.add("now");
        table.add(head);
        comparison.losses().forEach(result -> {
            var row = new ArrayList<>(List.of(result.loss()));
            comparison.earlier().forEach(then -> row.add(number(then.mean(result.loss(), metric))));
            row.add(
                    result.metrics().containsKey(metric)
                            ? number(result.metrics().get(metric).mean())
                            : "-");
            table.add(row);
        });
        var lines = new ArrayList<>(List.of("The mean %s before the trainings were extended:".formatted(metric)));
        lines.addAll(table.lines());
        return lines;
    }

    private static int rank(Standing standing) {
        return standing.ranks().get(RankingMethod.MEAN_THEN_RANK);
    }

    static String verdict(Verdict verdict) {
        return switch (verdict) {
            case BETTER -> "better";
            case WORSE -> "worse";
            case EQUIVALENT -> "equivalent";
            case WITHIN_SEED_NOISE -> "within seed noise";
            case WITHIN_TRAINING_SET_NOISE -> "within training-set noise";
            case INCONCLUSIVE -> "inconclusive";
        };
    }

    private static List<String> cells(Comparison comparison, Pair pair, double margin, String unseen) {
        String verdict = verdict(pair.verdict()) + (pair.verdict() == Verdict.EQUIVALENT ? " within " + margin : "");
        return List.of(
                pair.a(),
                pair.b(),
                number(pair.difference()),
                "%s to %s"
                        .formatted(
                                number(pair.interval().low()),
                                number(pair.interval().high())),
                String.format(Locale.ROOT, "%.2g", pair.adjustedP()),
                pair.posterior().text(),
                comparison.isOpen(pair.a(), pair.b()) ? verdict + ", not converged" : verdict,
                pair.verdict().says() ? unseen : "");
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
