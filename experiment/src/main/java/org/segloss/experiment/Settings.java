package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.file.Json;
import org.segloss.file.ObjectUrl;
import org.segloss.loss.Loss;
import org.segloss.plan.PlanJson;
import org.segloss.plan.Preset;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.Documents;
import org.segloss.run.RunSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All that was decided for an experiment, as `experiment.yaml` holds it: in the one form that plans have, but for the
/// loss and the seed of `training`, which stand once, in `losses` and `seeds`.
///
/// @param segloss  the version that runs it
/// @param data     folder of the data set, as a path or a URL
/// @param losses   the losses' texts
/// @param folds    how often the data are split
/// @param seeds    of the trainings in each fold
/// @param preset   from which the rest follows, and the data
/// @param training how the first of the losses is trained with the first of the seeds; the others likewise
public record Settings(
        String segloss,
        String data,
        List<String> losses,
        int folds,
        List<Long> seeds,
        Preset preset,
        TrainingPlan training) {
    private static final String TRAINING = "training";
    private static final String LOSS = "loss";
    private static final String SEED = "seed";

    public Settings {
        losses = List.copyOf(losses);
        seeds = List.copyOf(seeds);
    }

    static Settings of(Experiment experiment, TrainingPlan plan) {
        return new Settings(
                version(),
                ObjectUrl.name(experiment.folder()),
                experiment.losses().stream().map(Loss::text).toList(),
                experiment.folds().size(),
                experiment.seeds(),
                experiment.preset(),
                plan.anywhere());
    }

    /// {@return the version of this program}
    static String version() {
        return Optional.ofNullable(Settings.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /// Reads `experiment.yaml`.
    ///
    /// @throws IOException if the file is none, or one of an earlier version; says what to do
    public static Settings read(Path file) throws IOException {
        ObjectNode tree = RunSettings.tree(file);
        if (tree.path(TRAINING) instanceof ObjectNode training) {
            takeOver(file, training, LOSS, tree.path("losses"), "losses");
            takeOver(file, training, SEED, tree.path("seeds"), "seeds");
        }
        try {
            return PlanJson.read(tree, Settings.class);
        } catch (IllegalArgumentException e) {
            throw RunSettings.unreadable(file, e.getMessage());
        }
    }

    /// The first of a list stands for the one that `training` would have.
    private static void takeOver(Path file, ObjectNode training, String name, JsonNode list, String listName)
            throws IOException {
        if (training.has(name)) {
            throw new IOException("%s has a %s in 'training', but all trainings are named by '%s'; remove %s.%s"
                    .formatted(file, name, listName, TRAINING, name));
        }
        training.set(name, list.get(0));
    }

    void write(Path file) throws IOException {
        ObjectNode tree = PlanJson.tree(this);
        ((ObjectNode) tree.get(TRAINING)).remove(List.of(LOSS, SEED));
        Documents.writeYaml(file, tree);
    }

    /// {@return these settings, taken over by a version}
    Settings at(String version) {
        return new Settings(version, data, losses, folds, seeds, preset, training);
    }

    /// {@return how `other` differs, setting by setting}; the data's folder may differ, for the same data may lie
    /// elsewhere, and their hashes are compared instead
    List<Json.Difference> differences(Settings other) {
        return PlanJson.differences(this, other).stream()
                .filter(difference -> !difference.name().equals("data"))
                .toList();
    }
}
