package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.compare.ComparisonRules;
import org.segloss.dataset.Region;
import org.segloss.grid.Spacing;
import org.segloss.prep.Preprocessing;
import org.segloss.run.Environment;
import org.segloss.run.Manifest;
import org.segloss.run.RunFolder;
import org.segloss.run.RunSettings;
import org.segloss.score.CaseScore;
import org.segloss.score.IgnoredVoxels;
import org.segloss.score.ScoredMethods;
import org.segloss.stat.Compared;

/// Everything needed to do a run again.
///
/// @param settings in words
/// @param training every setting of the trainings as it stands in `experiment.yaml`
/// @param command  empty where only the scores are known
/// @param where    the command is given, a sentence; empty for the folder of the report
/// @param files    of the data, with their hashes
public record Reproduction(
        List<Setting> settings, List<Setting> training, String command, String where, List<Manifest.Item> files) {
    /// From the run's folder; all settings stand in the file.
    private static final String COMMAND = "segloss compare --config experiment.yaml --out ANOTHER_FOLDER";

    public record Setting(String name, String value) {}

    /// @param ignored of the test cases, as far as it is known
    static Reproduction of(
            RunFolder folder, RunSettings settings, Manifest manifest, IgnoredVoxels ignored, ComparisonRules rules)
            throws IOException {
        var all = new ArrayList<>(settings(settings, manifest));
        if (!ignored.labels().isEmpty()) {
            all.add(
                    2,
                    new Setting(
                            "Ignored",
                            "In no loss and in no score%s: %s"
                                    .formatted(
                                            ignored.cases().isEmpty() ? "" : ". In the test cases", ignored.text())));
        }
        all.addAll(rules(rules, Compared.LOSSES));
        all.add(new Setting("Empty masks", CaseScore.SCORER.policy().toString()));
        if (Files.exists(folder.environment())) {
            Environment e = Environment.read(folder.environment());
            all.add(new Setting("Machine", "%s, %d cores, %s".formatted(e.processor(), e.cores(), e.system())));
            all.add(new Setting(
                    "Software",
                    "Segloss %s, Java %s, libtorch %s".formatted(settings.text("segloss"), e.java(), e.libtorch())));
        }
        List<Setting> training = settings.training().entrySet().stream()
                .map(e -> new Setting(e.getKey(), e.getValue()))
                .toList();
        return new Reproduction(all, training, COMMAND, "", manifest.cases());
    }

    static Reproduction of(ComparisonRules rules, Compared compared) {
        return new Reproduction(rules(rules, compared), List.of(), "", "", List.of());
    }

    static Reproduction of(ScoredMethods methods, ComparisonRules rules) {
        var all = new ArrayList<Setting>();
        all.add(new Setting("References", methods.reference()));
        methods.images().ifPresent(images -> all.add(new Setting("Images", images)));
        methods.methods()
                .forEach(source -> all.add(new Setting("Method", "%s, %s".formatted(source.name(), source.folder()))));
        if (!methods.ignored().isEmpty()) {
            all.add(new Setting(
                    "Ignored",
                    "In no score: "
                            + methods.ignored().stream().map(String::valueOf).collect(Collectors.joining(", "))));
        }
        methods.remarks().forEach(remark -> all.add(new Setting("Noted", remark)));
        all.addAll(rules(rules, Compared.METHODS));
        all.add(new Setting("Empty masks", methods.policy()));
        all.add(new Setting("Segloss", methods.segloss()));
        return new Reproduction(
                all,
                List.of(),
                "segloss "
                        + methods.command().stream().map(Reproduction::quoted).collect(Collectors.joining(" ")),
                "Where it was given: its folders may be named from there.",
                List.of());
    }

    /// A word as a shell takes it.
    private static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static List<Setting> settings(RunSettings settings, Manifest manifest) throws IOException {
        Preprocessing preprocessing = settings.value("training.preprocessing", Preprocessing.class);
        String threads = settings.text("training.threads");
        return List.of(
                new Setting("Data", "%s, %s".formatted(manifest.name(), settings.data())),
                new Setting("Cases", cases(manifest, settings)),
                new Setting(
                        "Task",
                        switch (settings.task()) {
                            case BINARY -> "binary: any label against the background";
                            case MULTICLASS -> "multiclass: " + String.join(", ", manifest.labels());
                            case MULTILABEL ->
                                "multilabel: "
                                        + settings.labels().regions().stream()
                                                .map(Region::name)
                                                .collect(Collectors.joining(", "));
                        }),
                new Setting(
                        "Network",
                        "%s in %s-D, %d levels, %s channels at the first, logits on %s"
                                .formatted(
                                        Wording.network(settings.text("training.network.architecture")),
                                        settings.text("training.network.dimensions"),
                                        settings.value("training.network.strides", Object[].class).length + 1,
                                        settings.text("training.network.width"),
                                        settings.text("training.network.heads"))),
                new Setting("Preset", settings.text("preset")),
                new Setting("Voxels", voxels(preprocessing.spacing())),
                new Setting(
                        "Intensities",
                        preprocessing.intensities(settings.value("training.network.inputs", Integer.class))),
                new Setting(
                        "Training",
                        "%s steps of %s patches of %s voxels (z, y, x)"
                                .formatted(
                                        settings.text("training.steps"),
                                        settings.text("training.batch"),
                                        String.join(" × ", settings.value("training.patch", String[].class)))),
                new Setting(
                        "Optimizer",
                        "%s, learning rate %s at its highest"
                                .formatted(
                                        Wording.optimizer(settings.text("training.recipe.optimizer")),
                                        settings.text("training.recipe.learning-rate"))),
                new Setting("Patches", patches(augmentation(settings))),
                new Setting("Predicts", prediction(settings)),
                new Setting(
                        settings.seeds().size() == 1 ? "Seed" : "Seeds",
                        settings.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "))),
                new Setting(
                        "Computed on",
                        "%s, %s thread%s, %s"
                                .formatted(
                                        settings.text("training.device"),
                                        threads,
                                        threads.equals("1") ? "" : "s",
                                        settings.text("training.precision"))),
                new Setting("Segloss", settings.text("segloss")));
    }

    private static Augmentation.Plan augmentation(RunSettings settings) throws IOException {
        return settings.value("training.recipe.augmentation", Augmentation.Plan.class);
    }

    private static String patches(Augmentation.Plan augmentation) {
        String changed = augmentation.changes() ? "augmented" : "not augmented";
        return augmentation.mirrored().isEmpty()
                ? changed
                : "%s, mirrored along %s".formatted(changed, axes(augmentation.mirrored()));
    }

    private static String prediction(RunSettings settings) throws IOException {
        double averaging = settings.value("training.recipe.averaging", Double.class);
        String weights = averaging == 0
                ? "with the last weights"
                : "with the weights' running mean (%s)".formatted(Numbers.tick(averaging));
        Set<Axis> axes = augmentation(settings).mirrored();
        return axes.isEmpty() || !settings.value("training.recipe.mirrored-views", Boolean.class)
                ? weights
                : "%s, the mean of views mirrored along %s".formatted(weights, axes(axes));
    }

    private static String axes(Set<Axis> axes) {
        return axes.stream().map(axis -> axis.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }

    private static String voxels(Spacing spacing) {
        return "%s × %s × %s mm (z, y, x)"
                .formatted(Numbers.tick(spacing.z()), Numbers.tick(spacing.y()), Numbers.tick(spacing.x()));
    }

    private static String cases(Manifest manifest, RunSettings settings) {
        if (manifest.folds().size() > 1) {
            int all = manifest.folds().size();
            List<Integer> done = settings.folds(all);
            return "%d in %d folds: each fold tests what the others train%s"
                    .formatted(
                            manifest.cases().size(),
                            all,
                            done.size() < all
                                    ? "; done are "
                                            + done.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                    : "");
        }
        Manifest.Fold fold = manifest.folds().getFirst();
        return "%d for training, %d for validation, %d for testing"
                .formatted(fold.train().size(), fold.val().size(), fold.test().size());
    }

    private static List<Setting> rules(ComparisonRules rules, Compared compared) {
        return List.of(
                new Setting(
                        "Primary metric",
                        "%s, class %s; margin %s; %s"
                                .formatted(
                                        rules.metric(),
                                        rules.label(),
                                        Double.isNaN(rules.margin())
                                                ? "0.01 if the metric lies between 0 and 1, otherwise none"
                                                : Numbers.tick(rules.margin()),
                                        rules.baseline()
                                                .map(other -> "all %s beside %s".formatted(compared.many(), other))
                                                .orElse("all pairs"))),
                new Setting(
                        "Statistics",
                        "cases of one subject count as one; exact sign-flip test of signed ranks, %s's correction at 5 %%; Student's 95 %% intervals; bootstrap with %d samples, seed %d"
                                .formatted(Wording.correction(rules), rules.replicates(), rules.seed())),
                new Setting(
                        "Undefined scores",
                        "never left out: they count as the metric's worst value, or as its best where nothing was to be found and nothing was"));
    }
}
