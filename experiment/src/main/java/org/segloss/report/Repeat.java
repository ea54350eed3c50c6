package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.experiment.CaseScore;
import org.segloss.experiment.ComparisonRules;
import org.segloss.experiment.Environment;
import org.segloss.experiment.Manifest;
import org.segloss.experiment.RunFolder;
import org.segloss.experiment.Settings;
import org.segloss.grid.Spacing;
import org.segloss.loss.Task;
import org.segloss.plan.Recipe;

/// Everything needed to do a run again.
///
/// @param command empty where only the scores are known
/// @param files   of the data, with their hashes
public record Repeat(List<Setting> settings, String command, List<Manifest.Item> files) {
    /// From the run's folder; all settings stand in the file.
    private static final String COMMAND = "segloss compare --config experiment.yaml --out ANOTHER_FOLDER";

    public record Setting(String name, String value) {}

    static Repeat of(RunFolder folder, Settings settings, Manifest manifest, ComparisonRules rules) throws IOException {
        var all = new ArrayList<>(settings(settings, manifest));
        all.addAll(rules(rules));
        all.add(new Setting("Empty masks", CaseScore.SCORER.policy().toString()));
        if (Files.exists(folder.environment())) {
            Environment e = Environment.read(folder.environment());
            all.add(new Setting("Machine", "%s, %d cores, %s".formatted(e.processor(), e.cores(), e.system())));
            all.add(new Setting(
                    "Software",
                    "Segloss %s, Java %s, libtorch %s".formatted(settings.segloss(), e.java(), e.libtorch())));
        }
        return new Repeat(all, COMMAND, manifest.cases());
    }

    static Repeat of(ComparisonRules rules) {
        return new Repeat(rules(rules), "", List.of());
    }

    private static List<Setting> settings(Settings settings, Manifest manifest) {
        Settings.Training training = settings.training();
        var network = settings.network();
        return List.of(
                new Setting("Data", "%s, %s".formatted(manifest.name(), settings.data())),
                new Setting("Cases", cases(manifest)),
                new Setting(
                        "Task",
                        settings.task() == Task.Kind.BINARY
                                ? "binary: any label against the background"
                                : "multiclass: " + String.join(", ", manifest.labels())),
                new Setting(
                        "Network",
                        "%s in %d-D, %d levels, %d channels at the first, logits on %d"
                                .formatted(
                                        switch (network.architecture()) {
                                            case UNET -> "U-Net";
                                            case RESUNET -> "residual U-Net";
                                            case VNET -> "V-Net";
                                        },
                                        network.dimensions(),
                                        network.levels(),
                                        network.width(),
                                        network.heads())),
                new Setting("Preset", settings.preset().name().toLowerCase(Locale.ROOT)),
                new Setting("Voxels", voxels(settings.preprocessing().spacing())),
                new Setting("Intensities", settings.preprocessing().intensities(network.inputs())),
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
                        "%s, learning rate %s at its highest"
                                .formatted(
                                        switch (training.recipe().optimizer()) {
                                            case ADAMW -> "AdamW";
                                            case SGD -> "SGD";
                                        },
                                        training.recipe().learningRate())),
                new Setting("Patches", patches(training.recipe())),
                new Setting("Predicts", prediction(training.recipe())),
                new Setting(settings.seeds().size() == 1 ? "Seed" : "Seeds", seeds(settings, ", ")),
                new Setting(
                        "Computed on",
                        "%s, %d thread%s, %s"
                                .formatted(
                                        training.device(),
                                        training.threads(),
                                        training.threads() == 1 ? "" : "s",
                                        training.precision().name().toLowerCase(Locale.ROOT))),
                new Setting("Segloss", settings.segloss()));
    }

    private static String patches(Recipe recipe) {
        String changed = recipe.augmentation().changes() ? "augmented" : "not augmented";
        return recipe.augmentation().mirrored().isEmpty()
                ? changed
                : "%s, mirrored along %s"
                        .formatted(changed, axes(recipe.augmentation().mirrored()));
    }

    private static String prediction(Recipe recipe) {
        String weights = recipe.averaging() == 0
                ? "with the last weights"
                : "with the weights' running mean (%s)".formatted(Numbers.tick(recipe.averaging()));
        return recipe.views().isEmpty()
                ? weights
                : "%s, the mean of views mirrored along %s".formatted(weights, axes(recipe.views()));
    }

    private static String axes(Set<Axis> axes) {
        return axes.stream().map(axis -> axis.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }

    private static String voxels(Spacing spacing) {
        return "%s × %s × %s mm (z, y, x)"
                .formatted(Numbers.tick(spacing.z()), Numbers.tick(spacing.y()), Numbers.tick(spacing.x()));
    }

    private static String cases(Manifest manifest) {
        if (manifest.folds().size() > 1) {
            return "%d in %d folds: each fold tests what the others train"
                    .formatted(manifest.cases().size(), manifest.folds().size());
        }
        Manifest.Fold fold = manifest.folds().getFirst();
        return "%d for training, %d for validation, %d for testing"
                .formatted(fold.train().size(), fold.val().size(), fold.test().size());
    }

    private static String seeds(Settings settings, String between) {
        return settings.seeds().stream().map(String::valueOf).collect(Collectors.joining(between));
    }

    private static List<Setting> rules(ComparisonRules rules) {
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
                                                .map(loss -> "all losses beside " + loss)
                                                .orElse("all pairs"))),
                new Setting(
                        "Statistics",
                        "cases of one subject count as one; exact sign-flip test of signed ranks, Holm at 5 %%; Student's 95 %% intervals; bootstrap with %d samples, seed %d"
                                .formatted(rules.replicates(), rules.seed())),
                new Setting(
                        "Undefined scores",
                        "never left out: they count as the metric's worst value, or as its best where nothing was to be found and nothing was"));
    }
}
