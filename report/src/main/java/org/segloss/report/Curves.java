package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.segloss.compare.Comparison;
import org.segloss.compare.Convergence;
import org.segloss.compare.Tuning;
import org.segloss.file.Json;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.RunFolder;
import org.segloss.run.RunSettings;

/// The learning curves of all trainings.
///
/// @param rule       which of a loss's trainings are drawn, if not all are; otherwise empty
/// @param validation empty if nothing was validated
/// @param key        which colour is which loss
/// @param panels     the training loss of each loss
/// @param ends       how each loss learned at the end; none where no curve of a training tells
/// @param lengths    the primary metric after fewer steps; without rows if the trainings were never extended
/// @param candidates what competed on the validation cases
/// @param choices    what was chosen of them, a sentence for each loss
/// @param numbers    all of it as JSON that may stand in HTML
public record Curves(
        String rule,
        String validation,
        List<Key> key,
        List<Panel> panels,
        Optional<Ends> ends,
        Lengths lengths,
        List<Candidate> candidates,
        List<String> choices,
        String numbers) {
    /// Trainings in a page: more lines are one grey mass, and a page of ten thousand is none that a browser shows.
    static final int MOST = 200;

    public record Key(String loss, String style) {}

    /// What the answer says of convergence, loss by loss.
    ///
    /// @param validated by the Dice of validation cases, or else by the training loss
    public record Ends(boolean validated, List<Row> rows) {

        /// @param end       of the curve
        /// @param gain      in the last fifth
        /// @param limit     where a Dice would end; empty for a training loss
        /// @param converged yes or no
        public record Row(String loss, String end, String gain, String limit, String converged) {}

        static Ends of(Convergence convergence) {
            boolean validated = convergence.validated();
            return new Ends(
                    validated,
                    convergence.losses().stream()
                            .map(own -> new Row(
                                    own.loss(),
                                    Numbers.plain(own.end()),
                                    validated ? Numbers.signed(own.gain()) : Numbers.percent(own.gain()),
                                    validated ? Numbers.plain(own.limit()) : "",
                                    own.converged() ? "yes" : "no"))
                            .toList());
        }
    }

    /// What competed on the validation cases.
    ///
    /// @param dice as text
    public record Candidate(String loss, String fold, String text, String dice, boolean chosen) {}

    private static List<Candidate> candidates(Comparison comparison, boolean severalFolds) {
        return comparison.tuning().stream()
                .flatMap(tuning -> tuning.candidates().stream())
                .map(c -> new Candidate(
                        c.loss(),
                        severalFolds ? Integer.toString(c.fold()) : "",
                        c.text(),
                        Numbers.plain(c.dice()),
                        c.chosen()))
                .toList();
    }

    /// What each loss had after how many steps.
    ///
    /// @param steps ascending; the last are those of the comparison
    public record Lengths(String metric, List<Integer> steps, List<Row> rows) {

        /// @param means as text, one for each number of steps
        public record Row(String loss, List<String> means) {}

        static Lengths of(Comparison comparison, int steps) {
            String metric = comparison.rules().metric();
            List<Comparison.Earlier> earlier = comparison.earlier();
            List<Row> rows = earlier.isEmpty()
                    ? List.of()
                    : comparison.losses().stream()
                            .map(result -> new Row(
                                    result.loss(),
                                    Stream.concat(
                                                    earlier.stream().map(then -> then.mean(result.loss(), metric)),
                                                    Stream.of(
                                                            result.metrics().containsKey(metric)
                                                                    ? result.metrics()
                                                                            .get(metric)
                                                                            .mean()
                                                                    : Double.NaN))
                                            .map(Numbers::plain)
                                            .toList()))
                            .toList();
            return new Lengths(
                    metric,
                    Stream.concat(earlier.stream().map(Comparison.Earlier::steps), Stream.of(steps))
                            .toList(),
                    rows);
        }
    }

    public record Panel(String loss, String svg) {}

    private record Training(int fold, long seed) {}

    private static List<Training> trainings(List<Integer> folds, List<Long> seeds) {
        return folds.stream()
                .flatMap(fold -> seeds.stream().map(seed -> new Training(fold, seed)))
                .toList();
    }

    private static String rule(int trainings, int drawn) {
        return drawn == trainings
                ? ""
                : "Of %d trainings with each loss %d are drawn, evenly over folds and seeds; each one's folder has its training.csv."
                        .formatted(trainings, drawn);
    }

    /// @param failed losses with a training that may have left nothing; they are not shown
    static Curves read(
            RunFolder folder, RunSettings settings, Manifest manifest, Set<String> failed, Comparison comparison)
            throws IOException {
        List<String> losses = settings.losses();
        int folds = manifest.folds().size();
        List<Training> trainings = trainings(settings.folds(folds), settings.seeds());
        List<Training> drawn = Cases.spread(trainings, Math.max(2, MOST / losses.size()));
        var all = new ArrayList<Curve>();
        for (String loss : losses) {
            if (failed.contains(loss)) {
                continue;
            }
            for (Training training : drawn) {
                String run = "%s%s"
                        .formatted(
                                folds > 1 ? "fold %d, ".formatted(training.fold) : "",
                                trainings.size() > 1 ? "seed " + training.seed : "");
                LossFolder place =
                        folder.losses(losses, training.fold, training.seed).get(loss);
                if (comparison.race().isEmpty() || Files.exists(place.training())) {
                    all.add(Curve.read(loss, run, place));
                }
            }
        }
        boolean validated = all.stream().anyMatch(curve -> !curve.validation().isEmpty());
        var key = new ArrayList<Key>();
        var panels = new ArrayList<Panel>();
        for (int i = 0; i < losses.size(); i++) {
            String loss = losses.get(i);
            if (failed.contains(loss)) {
                continue;
            }
            key.add(new Key(loss, "s" + i % 8));
            panels.add(new Panel(
                    loss,
                    CurvePlot.loss(
                                    all.stream()
                                            .filter(curve -> curve.loss().equals(loss))
                                            .toList(),
                                    i)
                            .svg()));
        }
        return new Curves(
                rule(trainings.size(), drawn.size()),
                validated ? CurvePlot.validation(all, losses).svg() : "",
                key,
                panels,
                comparison
                        .convergence()
                        .filter(known -> !known.losses().isEmpty())
                        .map(Ends::of),
                Lengths.of(comparison, settings.value("training.steps", Integer.class)),
                candidates(comparison, folds > 1),
                comparison.tuning().map(Tuning::sentences).orElse(List.of()),
                Json.inHtml(all));
    }
}
