package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.design.Contest;
import org.segloss.design.Extent;
import org.segloss.design.LossFamily;
import org.segloss.design.TuningGrid;
import org.segloss.file.Json;
import org.segloss.file.ObjectUrl;
import org.segloss.loss.Loss;
import org.segloss.plan.PlanJson;
import org.segloss.plan.Preset;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.Documents;
import org.segloss.run.RunSettings;
import org.segloss.score.Scoring;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All that was decided for an experiment, as `experiment.yaml` holds it: in the one form that plans have, but for the
/// loss and the seed of `training`, which stand once, in `losses` and `seeds`.
///
/// @param segloss  the version that runs it
/// @param data     folder of the data set, as a path or a URL
/// @param losses   the losses' texts, or those of [families][LossFamily]
/// @param folds    how often the data are split
/// @param seeds    of the trainings in each fold
/// @param preset   from which the rest follows, and the data
/// @param tune the values that numbers of the trainings may have, each loss its own; not in the file if there
/// are none
/// @param extent   how much of that is done; not in the file where it is all of it
/// @param scoring  what is made of the networks on the test cases; it may change, and is in the file where it isn't the
///                 [standard][Scoring#standard]
/// @param training how the first of the losses is trained with the first of the seeds; the others likewise
public record Settings(
        String segloss,
        String data,
        List<String> losses,
        int folds,
        List<Long> seeds,
        Preset preset,
        Map<String, List<Double>> tune,
        Extent extent,
        Scoring scoring,
        TrainingPlan training) {
    private static final String TUNE = "tune";
    private static final String EXTENT = "extent";
    private static final String SCORING = "scoring";
    private static final String TRAINING = "training";
    private static final String LOSS = "loss";
    private static final String SEED = "seed";

    public Settings {
        losses = List.copyOf(losses);
        seeds = List.copyOf(seeds);
        tune = new TuningGrid(tune).values();
        extent.check(folds, training.steps());
    }

    static Settings of(Experiment experiment, TrainingPlan plan) {
        return new Settings(
                version(),
                ObjectUrl.name(experiment.folder()),
                experiment.contest().families().stream().map(LossFamily::text).toList(),
                experiment.folds().size(),
                experiment.seeds(),
                experiment.preset(),
                experiment.contest().grid().values(),
                experiment.extent(),
                Scoring.standard(),
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
        if (!tree.has(TUNE)) {
            tree.putObject(TUNE);
        }
        if (!tree.has(EXTENT)) {
            tree.set(EXTENT, PlanJson.tree(Extent.ALL));
        }
        if (!tree.has(SCORING)) {
            tree.set(SCORING, PlanJson.tree(Scoring.standard()));
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
        JsonNode first = list.get(0);
        if (name.equals(LOSS) && first.isString()) {
            try {
                training.put(name, first(first.stringValue()).text());
                return;
            } catch (IllegalArgumentException _) {
                // whoever reads it says what is wrong with it
            }
        }
        training.set(name, first);
    }

    void write(Path file) throws IOException {
        ObjectNode tree = PlanJson.tree(this);
        ((ObjectNode) tree.get(TRAINING)).remove(List.of(LOSS, SEED));
        if (tune.isEmpty()) {
            tree.remove(TUNE);
        }
        if (extent.equals(Extent.ALL)) {
            tree.remove(EXTENT);
        }
        if (scoring.equals(Scoring.standard())) {
            tree.remove(SCORING);
        }
        Documents.writeYaml(file, tree);
    }

    /// {@return these settings, taken over by a version}
    Settings at(String version) {
        return new Settings(version, data, losses, folds, seeds, preset, tune, extent, scoring, training);
    }

    /// {@return these settings with something else made of the networks}
    Settings with(Scoring other) {
        return new Settings(segloss, data, losses, folds, seeds, preset, tune, extent, other, training);
    }

    /// {@return these settings as they would be for no more than a run that was begun by others}: where they
    /// have all of its losses, seeds and folds they have its losses, seeds and folds; where they extend its
    /// trainings they end where those do. What still differs can't be added to it
    Settings within(Settings begun) {
        List<String> sameLosses = losses.containsAll(begun.losses) ? begun.losses : losses;
        List<Long> sameSeeds = seeds.containsAll(begun.seeds) ? begun.seeds : seeds;
        boolean allFolds = folds == begun.folds && extent.of(folds).containsAll(begun.extent.of(folds));
        int ended = extent.earlier().indexOf(begun.training.steps());
        return new Settings(
                segloss,
                data,
                sameLosses,
                folds,
                sameSeeds,
                preset,
                tune,
                new Extent(
                        allFolds ? begun.extent.folds() : extent.folds(),
                        ended < 0 ? extent.earlier() : extent.earlier().subList(0, ended)),
                scoring,
                (ended < 0 ? training : training.lasting(begun.training.steps()))
                        .with(first(sameLosses.getFirst()), sameSeeds.getFirst()));
    }

    private static Loss first(String text) {
        return LossFamily.parse(text).members().getFirst();
    }

    /// {@return what is compared, and what competes for it}
    Contest contest() {
        return new Contest(losses.stream().map(LossFamily::parse).toList(), new TuningGrid(tune));
    }

    /// {@return how `other` differs, setting by setting}; the data's folder may differ, for the same data may lie
    /// elsewhere, and their hashes are compared instead, and so may what is made of the networks once they are
    /// trained
    List<Json.Difference> differences(Settings other) {
        return PlanJson.differences(this, other.with(scoring)).stream()
                .filter(difference -> !difference.name().equals("data"))
                .toList();
    }

    /// {@return what these settings add to a run}, a sentence, if they do
    Optional<String> additions(Settings begun) {
        var added = new ArrayList<String>();
        added.addAll(
                losses.stream().filter(loss -> !begun.losses.contains(loss)).toList());
        seeds.stream().filter(seed -> !begun.seeds.contains(seed)).forEach(seed -> added.add("seed " + seed));
        extent.of(folds).stream()
                .filter(fold -> !begun.extent.of(begun.folds).contains(fold))
                .forEach(fold -> added.add("fold " + fold));
        if (training.steps() > begun.training.steps()) {
            added.add("%d steps to the %d of each training"
                    .formatted(training.steps() - begun.training.steps(), begun.training.steps()));
        }
        return added.isEmpty() || !begun.differences(within(begun)).isEmpty()
                ? Optional.empty()
                : Optional.of("Adding to the run: %s. What it has stays.".formatted(String.join(", ", added)));
    }
}
