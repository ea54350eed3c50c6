package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.segloss.compare.Comparison;
import org.segloss.compare.MetricFamily;
import org.segloss.dataset.Region;
import org.segloss.file.InputFile;
import org.segloss.metric.Score;
import org.segloss.run.Manifest;
import org.segloss.run.Outcome;
import org.segloss.run.RunFolder;
import org.segloss.run.RunSettings;
import org.segloss.score.CaseScore;
import org.segloss.score.IgnoredVoxels;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoredMethods;
import org.segloss.stat.Compared;
import org.segloss.stat.Standing;

/// What a report says, ready to be laid out.
///
/// @param compared what is compared, in words
/// @param title   the data set's name
/// @param lead    what was compared, in numbers
/// @param figures none if there is nothing to compare
/// @param table   none then, too
/// @param cases   of the primary metric
/// @param race    how it was decided which losses are compared; none where all are
/// @param subgroups by columns of a table of the cases; empty if there is none
/// @param curves  of all trainings; none where only the scores are known
/// @param images  what there is to see of the cases
/// @param missing why there is nothing to see; empty if there is
public record Page(
        Compared compared,
        String title,
        String lead,
        Answer answer,
        Optional<Figures> figures,
        Optional<MetricTable> table,
        Optional<CaseTable> cases,
        Optional<RaceSection> race,
        List<SubgroupTable> subgroups,
        Optional<Curves> curves,
        Optional<Images> images,
        String missing,
        Reproduction reproduction) {

    /// In the table of cases, without a run; who has more has the table of scores.
    private static final int MOST_CASES = 1000;

    /// @param confusable whether there are classes that can be taken for one another
    /// @param ignored    what of the test cases' references says that nothing is known
    /// @param note       of the predictions that are shown, if they are not all
    public record Images(Gallery gallery, Viewer viewer, boolean confusable, IgnoredVoxels ignored, String note) {}

    static Page of(RunFolder folder) throws IOException {
        RunSettings settings = RunSettings.read(folder.settings());
        Manifest manifest = Manifest.read(folder.manifest());
        if (!Files.exists(folder.comparison())) {
            throw new IOException("%s has no comparison.json: run 'segloss compare --out %s' to its end first"
                    .formatted(folder.root(), folder.root()));
        }
        Comparison comparison = Comparison.read(folder.comparison());
        List<ScoreRow> scores = ScoreRow.readOfRun(folder.scores());
        // pictures are chosen from all
        Page page;
        try {
            page = of(
                    Compared.LOSSES,
                    List.of(),
                    manifest.name(),
                    comparison,
                    scores,
                    classes(settings, manifest),
                    Integer.MAX_VALUE);
        } catch (RuntimeException e) {
            throw Comparison.inconsistent(folder.comparison(), e);
        }
        Optional<Images> images = Optional.empty();
        String missing = "There is no trained network to show predictions of.";
        if (page.cases.isPresent()) {
            try {
                images = Optional.of(images(folder, settings, manifest, page.cases.get(), comparison));
            } catch (MissingImages e) {
                // another data set may lie there by now, without these cases
                missing = "The images are no longer in %s: %s".formatted(settings.data(), e.getMessage());
            }
        }
        return new Page(
                page.compared,
                page.title,
                page.lead + trainings(settings, manifest),
                page.answer,
                page.figures,
                page.table,
                page.cases,
                page.race,
                page.subgroups,
                Optional.of(Curves.read(folder, settings, manifest, failed(comparison), comparison)),
                images,
                images.isPresent() ? "" : missing,
                Reproduction.of(
                        folder,
                        settings,
                        manifest,
                        images.map(Images::ignored)
                                .orElse(new IgnoredVoxels(settings.ignored(), Collections.emptySortedMap())),
                        comparison.rules()));
    }

    /// The page of methods of which the predictions are known.
    static Page of(ScoredMethods methods, Comparison comparison, List<ScoreRow> scores) {
        Page page = of(
                Compared.METHODS, methods.limits(), title(methods), comparison, scores, List.of(), Integer.MAX_VALUE);
        Optional<Images> images = Optional.empty();
        String missing = "";
        if (page.cases.isPresent() && methods.images().isPresent()) {
            boolean confusable = scores.stream()
                            .map(ScoreRow::label)
                            .filter(label -> !label.equals(CaseScore.MEAN))
                            .distinct()
                            .count()
                    > 1;
            try {
                images = Optional.of(images(
                        () -> new MethodCases(methods, page.cases.get().losses()),
                        page.cases.get(),
                        comparison,
                        confusable,
                        scores.stream().map(ScoreRow::seed).distinct().sorted().toList()));
            } catch (IOException e) {
                missing = "The cases can't be shown: " + InputFile.message(e);
            }
        } else if (methods.images().isEmpty()) {
            missing = "Give --images, the folder of the images, to see the cases.";
        }
        return new Page(
                page.compared,
                page.title,
                page.lead,
                page.answer,
                page.figures,
                page.table,
                page.cases,
                page.race,
                page.subgroups,
                Optional.empty(),
                images,
                missing,
                Reproduction.of(methods, comparison.rules()));
    }

    /// The name of the data set's folder.
    private static String title(ScoredMethods methods) {
        Path reference = Path.of(methods.reference()).toAbsolutePath().normalize();
        Path folder = reference.getParent();
        return folder == null || folder.getFileName() == null
                ? reference.toString()
                : folder.getFileName().toString();
    }

    private static Set<String> failed(Comparison comparison) {
        return comparison.losses().stream()
                .filter(result -> result.outcome() == Outcome.Ending.FAILED)
                .map(Comparison.Result::loss)
                .collect(Collectors.toSet());
    }

    /// The page of scores alone.
    static Page of(String title, Comparison comparison, List<ScoreRow> table) {
        return of(Compared.LOSSES, List.of(), title, comparison, table, List.of(), MOST_CASES);
    }

    private static Page of(
            Compared compared,
            List<String> notes,
            String title,
            Comparison comparison,
            List<ScoreRow> table,
            List<String> classes,
            int mostCases) {
        // sums of the same numbers in another order may differ in their last digit
        List<ScoreRow> scores = table.stream()
                // of which nothing is known there is nothing to show
                .filter(row -> row.status() != Score.Status.ALL_IGNORED)
                // all but the table of decisions is by the first
                .filter(row -> comparison
                        .decisions()
                        .filter(found -> !row.decision().equals(found.names().getFirst()))
                        .isEmpty())
                .sorted(Comparator.comparing(ScoreRow::caseId).thenComparingLong(ScoreRow::seed))
                .toList();
        Optional<MetricFamily> primary = comparison.families().stream()
                .findFirst()
                .filter(family -> family.statistics().isPresent());
        List<String> order = primary.stream()
                .flatMap(family -> family.statistics().get().standings().stream())
                .sorted(Comparator.comparingInt(RankPlot::rank))
                .map(Standing::loss)
                .toList();
        return new Page(
                compared,
                title,
                lead(comparison, compared),
                Answer.of(comparison, compared, notes),
                primary.map(family -> Figures.of(
                        comparison, compared, family, family.statistics().get(), scores)),
                primary.map(_ -> MetricTable.of(comparison, order, classes)),
                primary.map(family -> CaseTable.of(
                        scores.stream()
                                .filter(row -> row.metric().equals(family.metric())
                                        && row.label().equals(family.label()))
                                .toList(),
                        order,
                        family.higherIsBetter(),
                        mostCases)),
                comparison.race().map(RaceSection::of),
                primary.map(family -> SubgroupTable.of(family, order)).orElse(List.of()),
                Optional.empty(),
                Optional.empty(),
                "",
                Reproduction.of(comparison.rules(), compared));
    }

    private static String lead(Comparison comparison, Compared compared) {
        var parts = new ArrayList<String>();
        parts.add(Numbers.count(comparison.losses().size(), compared));
        int cases = comparison.groups().size();
        if (cases > 0) {
            parts.add(Numbers.count(cases, "test case"));
        }
        comparison
                .design()
                .filter(design -> design.units() < cases)
                .ifPresent(design -> parts.add(design.units() + " independent"));
        return String.join(" · ", parts);
    }

    private static String trainings(RunSettings settings, Manifest manifest) throws IOException {
        int folds = settings.folds(manifest.folds().size()).size();
        int seeds = settings.seeds().size();
        return " · %s%s · %s steps each"
                .formatted(
                        folds < manifest.folds().size()
                                ? "%d of %d folds · "
                                        .formatted(folds, manifest.folds().size())
                                : folds > 1 ? Numbers.count(folds, "fold") + " · " : "",
                        Numbers.count(seeds, "seed"),
                        settings.text("training.steps"));
    }

    /// The names of the classes that are scored.
    private static List<String> classes(RunSettings settings, Manifest manifest) {
        return switch (settings.task()) {
            case BINARY -> List.of("any label");
            case MULTICLASS -> manifest.labels().subList(1, manifest.labels().size());
            case MULTILABEL ->
                settings.labels().scored().stream().map(Region::name).toList();
        };
    }

    private static Images images(
            RunFolder folder, RunSettings settings, Manifest manifest, CaseTable table, Comparison comparison)
            throws IOException {
        return images(
                () -> new Cases(folder, settings, manifest, table.losses()),
                table,
                comparison,
                classes(settings, manifest).size() > 1,
                settings.seeds());
    }

    /// Finds the cases.
    private interface Finding {
        CaseSource find() throws IOException;
    }

    private static Images images(
            Finding finding, CaseTable table, Comparison comparison, boolean confusable, List<Long> seeds)
            throws IOException {
        List<String> ids = table.cases();
        CaseSource cases;
        IgnoredVoxels unknown;
        try {
            cases = finding.find();
            for (String id : ids) {
                cases.check(id);
            }
            unknown = cases.ignoredVoxels();
        } catch (IOException e) {
            throw new MissingImages(e);
        }
        String metric = Wording.metric(comparison.families().getFirst());
        String note = seeds.size() > 1
                ? "Shown are the predictions of seed %d; scores are the means over all seeds."
                        .formatted(seeds.getFirst())
                : "";
        return new Images(
                Gallery.of(cases, ids, table), Viewer.of(cases, ids, table, metric), confusable, unknown, note);
    }

    /// The data set is not as it was.
    private static final class MissingImages extends IOException {
        private static final long serialVersionUID = 1;

        MissingImages(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
