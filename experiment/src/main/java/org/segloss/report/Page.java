package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.experiment.CaseScore;
import org.segloss.experiment.Comparison;
import org.segloss.experiment.LossFolder;
import org.segloss.experiment.Manifest;
import org.segloss.experiment.RunFolder;
import org.segloss.experiment.ScoreRow;
import org.segloss.experiment.Settings;
import org.segloss.fit.Trainer;
import org.segloss.loss.Task;
import org.segloss.metric.Metric;
import tools.jackson.databind.json.JsonMapper;

/// What a report says, ready to be laid out.
///
/// @param charts the charts' numbers as JSON that may stand in HTML
public record Page(
        String dataset,
        String headline,
        List<CaseHead> cases,
        List<Row> rows,
        List<String> classes,
        List<ClassRow> classRows,
        List<String> remarks,
        List<Curve> curves,
        Gallery gallery,
        List<Setting> settings,
        String command,
        String charts) {

    /// A test case by its name and by what of it tells it from the others.
    public record CaseHead(String id, String shortId) {}

    /// A loss's line in the table.
    ///
    /// @param note what there is instead of numbers; empty where there are numbers
    public record Row(
            String loss, boolean best, String note, String mean, String sd, String median, int n, List<Cell> cells) {}

    /// A case's Dice.
    ///
    /// @param share of the way from the lowest to the highest in the table, 0 to 1, for the shade
    /// @param best  whether no loss did better on this case
    public record Cell(String text, double share, boolean best) {
        public String style() {
            return String.format(Locale.ROOT, "--share:%.3f", share);
        }
    }

    /// A loss's other numbers: each metric as mean and SD, then the mean Dice of each class.
    public record ClassRow(String loss, List<String> metrics, List<String> classes) {}

    public record Setting(String name, String value) {}

    static Page of(RunFolder folder) throws IOException {
        Settings settings = Settings.read(folder.settings());
        Manifest manifest = Manifest.read(folder.manifest());
        if (!Files.exists(folder.comparison())) {
            throw new IOException("%s has no comparison.json: run 'segloss compare --out %s' to its end first"
                    .formatted(folder.root(), folder.root()));
        }
        Comparison comparison = Comparison.read(folder.comparison());
        List<ScoreRow> scores = ScoreRow.read(folder.scores());
        Map<String, LossFolder> folders =
                folder.losses(settings.losses(), settings.training().seed());
        var curves = new ArrayList<Curve>();
        for (String loss : settings.losses()) {
            curves.add(Curve.read(loss, folders.get(loss).training()));
        }
        List<String> classes = classes(settings, manifest);
        return new Page(
                manifest.name(),
                headline(comparison),
                heads(comparison),
                comparison.losses().stream().map(r -> row(r, comparison)).toList(),
                classes,
                comparison.losses().stream()
                        .filter(r -> !r.metrics().isEmpty())
                        .map(r -> classRow(r, classes.size(), scores))
                        .toList(),
                remarks(comparison),
                curves,
                Gallery.of(settings, manifest, comparison, folders),
                settings(settings, manifest),
                command(settings),
                json(comparison, curves));
    }

    private static List<CaseHead> heads(Comparison comparison) {
        List<String> ids = comparison.cases();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> new CaseHead(ids.get(i), comparison.shortCases().get(i)))
                .toList();
    }

    private static String headline(Comparison comparison) {
        return comparison
                .best()
                .map(best -> {
                    Comparison.Summary dice = comparison.losses().stream()
                            .filter(r -> r.loss().equals(best))
                            .findFirst()
                            .flatMap(Comparison.Result::dice)
                            .orElseThrow();
                    return "%s has the highest mean Dice, %s on %d test case%s."
                            .formatted(best, three(dice.mean()), dice.n(), dice.n() == 1 ? "" : "s");
                })
                .orElse("No loss was trained to its end.");
    }

    /// The names of the classes that are scored, if they are more than one.
    private static List<String> classes(Settings settings, Manifest manifest) {
        List<String> foreground = manifest.labels().subList(1, manifest.labels().size());
        return settings.task() == Task.Kind.BINARY || foreground.size() == 1 ? List.of() : foreground;
    }

    private static Row row(Comparison.Result result, Comparison comparison) {
        boolean best = comparison.best().equals(Optional.of(result.loss()));
        if (result.outcome() == Trainer.Status.DIVERGED) {
            String note = "diverged: no longer finite at step " + result.step();
            return new Row(result.loss(), false, note, "", "", "", 0, List.of());
        }
        Comparison.Summary dice = result.dice().orElseThrow();
        return new Row(
                result.loss(),
                best,
                "",
                three(dice.mean()),
                three(dice.sd()),
                three(dice.median()),
                dice.n(),
                comparison.cases().stream()
                        .map(id -> cell(dice.cases().getOrDefault(id, Double.NaN), id, comparison))
                        .toList());
    }

    private static Cell cell(double value, String id, Comparison comparison) {
        List<Comparison.Summary> all =
                comparison.losses().stream().flatMap(r -> r.dice().stream()).toList();
        double lowest = all.stream()
                .flatMap(d -> d.cases().values().stream())
                .mapToDouble(x -> x)
                .min()
                .orElse(0);
        double highest = all.stream()
                .flatMap(d -> d.cases().values().stream())
                .mapToDouble(x -> x)
                .max()
                .orElse(1);
        double bestHere = all.stream()
                .mapToDouble(d -> d.cases().getOrDefault(id, Double.NaN))
                .max()
                .orElse(Double.NaN);
        double share = highest > lowest ? (value - lowest) / (highest - lowest) : 0;
        return new Cell(three(value), Double.isNaN(share) ? 0 : share, all.size() > 1 && value == bestHere);
    }

    private static ClassRow classRow(Comparison.Result result, int classes, List<ScoreRow> scores) {
        List<String> metrics = result.metrics().values().stream()
                .map(m -> "%s ± %s".formatted(three(m.mean()), three(m.sd())))
                .toList();
        var byClass = new ArrayList<String>();
        for (int label = 1; label <= classes; label++) {
            String name = Integer.toString(label);
            double mean = scores.stream()
                    .filter(row -> row.loss().equals(result.loss()))
                    .map(ScoreRow::score)
                    .filter(s -> s.metric().equals(Metric.DICE) && s.label().equals(name))
                    .mapToDouble((CaseScore s) -> s.score().value())
                    .average()
                    .orElse(Double.NaN);
            byClass.add(three(mean));
        }
        return new ClassRow(result.loss(), metrics, byClass);
    }

    private static List<String> remarks(Comparison comparison) {
        var remarks = new ArrayList<String>();
        for (Comparison.Result result : comparison.losses()) {
            result.dice()
                    .ifPresent(dice -> dice.notOk()
                            .forEach((status, count) -> remarks.add("%s: %d of %d cases %s."
                                    .formatted(
                                            result.loss(),
                                            count,
                                            dice.n(),
                                            switch (status) {
                                                case OK -> "were scored";
                                                case BOTH_EMPTY -> "have no voxel of a class, and none was predicted";
                                                case REF_EMPTY -> "have no voxel of a class, but some were predicted";
                                                case PRED_EMPTY -> "have a class of which no voxel was predicted";
                                                case UNDEFINED -> "have a class whose formula is 0/0";
                                            }))));
        }
        return remarks;
    }

    private static List<Setting> settings(Settings settings, Manifest manifest) {
        Settings.Training training = settings.training();
        var network = settings.network();
        return List.of(
                new Setting("Data", "%s, %s".formatted(manifest.name(), settings.data())),
                new Setting(
                        "Cases",
                        "%d for training, %d for testing"
                                .formatted(
                                        manifest.train().size(), manifest.test().size())),
                new Setting(
                        "Task",
                        settings.task() == Task.Kind.BINARY
                                ? "binary: any label against the background"
                                : "multiclass: " + String.join(", ", manifest.labels())),
                new Setting(
                        "Network",
                        "%s in %d-D, %d levels, %d channels at the first"
                                .formatted(
                                        switch (network.architecture()) {
                                            case UNET -> "U-Net";
                                            case VNET -> "V-Net";
                                        },
                                        network.dimensions(),
                                        network.levels(),
                                        network.width())),
                new Setting(
                        "Training",
                        "%d steps of %d patches of %s voxels (z, y, x)"
                                .formatted(
                                        training.steps(),
                                        training.batch(),
                                        training.patch().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(" × ")))),
                new Setting(
                        "Optimizer",
                        "%s, learning rate %s at the start"
                                .formatted(
                                        switch (training.optimizer()) {
                                            case ADAMW -> "AdamW";
                                            case SGD -> "SGD";
                                        },
                                        training.learningRate())),
                new Setting("Seed", Long.toString(training.seed())),
                new Setting("Device", training.device()),
                new Setting("Segloss", settings.segloss()));
    }

    private static String command(Settings settings) {
        return """
                segloss compare --data %s --split dataset.json --task %s \\
                    --losses %s \\
                    --network %s --steps %d --seed %d --device %s""".formatted(
                        quoted(settings.data()),
                        settings.task().name().toLowerCase(Locale.ROOT),
                        quoted(String.join(", ", settings.losses())),
                        settings.network().architecture().name().toLowerCase(Locale.ROOT),
                        settings.training().steps(),
                        settings.training().seed(),
                        settings.training().device());
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String json(Comparison comparison, List<Curve> curves) {
        record Dots(String loss, boolean best, double mean, Map<String, Double> cases) {}
        record Charts(List<Dots> dice, List<Curve> curves) {}
        List<Dots> dice = comparison.losses().stream()
                .filter(r -> r.dice().isPresent())
                .map(r -> new Dots(
                        r.loss(),
                        comparison.best().equals(Optional.of(r.loss())),
                        r.dice().get().mean(),
                        r.dice().get().cases()))
                .toList();
        // so that no text in it can end the element that holds it
        return new JsonMapper().writeValueAsString(new Charts(dice, curves)).replace("<", "\\u003c");
    }

    /// Three decimals; a dash for what is undefined.
    static String three(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }
}
