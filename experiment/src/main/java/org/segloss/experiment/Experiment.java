package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.segloss.dataset.Case;
import org.segloss.dataset.ClassLabels;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Reading;
import org.segloss.dataset.Split;
import org.segloss.dataset.StoredCases;
import org.segloss.design.Contest;
import org.segloss.design.Extent;
import org.segloss.design.LossFamily;
import org.segloss.design.TuningGrid;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.file.ObjectUrl;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.Machine;
import org.segloss.plan.Overrides;
import org.segloss.plan.Preset;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Fingerprint;
import org.segloss.run.Manifest;
import org.segloss.run.RunSettings;

/// Which losses are to be compared, on which data, and how.
///
/// @param folder of the data set
/// @param groups which cases are of one subject
/// @param folds  one split, or those of a cross-validation
/// @param losses at least one, no two alike; each must make sense for the task
/// @param preset how much is made of a training
/// @param overrides what is said about it instead
/// @param repeated the plan of a run that is done again; then the preset and what is said instead decide nothing
/// @param steps  of each training
/// @param seeds  a training for each, in each fold: it decides the initial weights and the batches, both
/// equal for all
///               losses
/// @param machine what it computes on
/// @param extent how much of that is done
/// @param contest what is compared, for which the losses may compete
public record Experiment(
        Path folder,
        Dataset dataset,
        Groups groups,
        List<Split> folds,
        Task.Kind kind,
        List<Loss> losses,
        Architecture architecture,
        Preset preset,
        Overrides overrides,
        Optional<TrainingPlan> repeated,
        int steps,
        List<Long> seeds,
        Machine machine,
        Extent extent,
        Contest contest) {

    public Experiment {
        losses = List.copyOf(losses);
        if (losses.isEmpty()) {
            throw new IllegalArgumentException("there is no loss to compare");
        }
        var seen = new HashSet<Loss>();
        for (Loss loss : losses) {
            if (!seen.add(loss)) {
                throw new IllegalArgumentException("the loss %s is listed twice".formatted(loss.text()));
            }
        }
        folds = List.copyOf(folds);
        if (folds.isEmpty()) {
            throw new IllegalArgumentException("there is no split");
        }
        for (Split fold : folds) {
            if (fold.train().isEmpty() || fold.test().isEmpty()) {
                throw new IllegalArgumentException("the split has %d training and %d test cases; both need at least one"
                        .formatted(fold.train().size(), fold.test().size()));
            }
            groups.check(fold);
        }
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("there is no seed; each loss needs at least one training");
        }
        if (new HashSet<>(seeds).size() < seeds.size()) {
            throw new IllegalArgumentException("a seed is there twice among %s".formatted(seeds));
        }
        if (kind == Task.Kind.MULTILABEL && dataset.classes().regions().isEmpty()) {
            throw new IllegalArgumentException(
                    "a data set with one label a voxel can't be a multilabel task: that has regions in its dataset.json, or masks that overlap, each in a file of its own");
        }
        extent.check(folds.size(), steps);
        if (contest.competes()
                && folds.stream().anyMatch(fold -> fold.validation().isEmpty())) {
            throw new IllegalArgumentException(
                    "what is best is chosen on validation cases, but the split has none; draw some, or name some in its list 'val'");
        }
        Task task = task(kind, dataset);
        // refuses a loss that makes no sense for the task, before anything is trained
        losses.forEach(loss -> new LossEvaluator(loss, task));
    }

    /// An experiment of which all is done.
    public Experiment(
            Path folder,
            Dataset dataset,
            Groups groups,
            List<Split> folds,
            Task.Kind kind,
            List<Loss> losses,
            Architecture architecture,
            Preset preset,
            Overrides overrides,
            Optional<TrainingPlan> repeated,
            int steps,
            List<Long> seeds,
            Machine machine) {
        this(
                folder,
                dataset,
                groups,
                folds,
                kind,
                losses,
                architecture,
                preset,
                overrides,
                repeated,
                steps,
                seeds,
                machine,
                Extent.ALL,
                Contest.of(losses));
    }

    /// {@return the experiment of a run}, from its `experiment.yaml`, whose numbers may have been changed, and the
    /// `dataset.json` beside it.
    ///
    /// @throws IOException if one of the files is missing or bad, or the data are no longer where they were
    public static Experiment of(Path config) throws IOException {
        Settings settings = Settings.read(config);
        try {
            return of(config, settings);
        } catch (IllegalArgumentException e) {
            throw RunSettings.unreadable(config, e.getMessage());
        }
    }

    private static Experiment of(Path config, Settings settings) throws IOException {
        Path folder = folder(settings.data());
        Manifest manifest = Manifest.read(config.resolveSibling("dataset.json"));
        Dataset dataset = Dataset.open(
                folder, Reading.again(manifest.layout(), settings.training().labels()));
        Contest contest = settings.contest();
        return new Experiment(
                folder,
                dataset,
                manifest.groups(),
                Split.read(config.resolveSibling("dataset.json"), dataset),
                settings.training().task().kind(),
                contest.losses(),
                settings.training().network().architecture(),
                settings.preset(),
                Overrides.NONE,
                Optional.of(settings.training()),
                settings.training().steps(),
                settings.seeds(),
                settings.training().machine(),
                settings.extent(),
                contest);
    }

    private static Path folder(String name) {
        try {
            return ObjectUrl.folder(name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("data: '%s' can't be the name of a folder".formatted(name), e);
        }
    }

    /// {@return this experiment, and what its machine leaves open as it was at the beginning}
    public Experiment goingOn(Machine begun) {
        return with(seeds, machine.goingOn(begun), extent, contest);
    }

    /// {@return this experiment with other losses, and with other seeds}
    public Experiment with(List<LossFamily> families, List<Long> otherSeeds) {
        return with(otherSeeds, machine, extent, new Contest(families, contest.grid()));
    }

    /// {@return this experiment, where each loss has its own values of some numbers}
    public Experiment tuned(TuningGrid grid) {
        return with(seeds, machine, extent, new Contest(contest.families(), grid));
    }

    /// {@return this experiment, of which no more than some folds are done}
    ///
    /// @param some counted from 0; none for all
    public Experiment only(List<Integer> some) {
        return with(seeds, machine, new Extent(some, extent.earlier()), contest);
    }

    /// {@return this experiment of a run, whose trainings go on to more steps}; itself if they do already
    ///
    /// @throws IllegalArgumentException if they have more by now
    public Experiment extended(int more) {
        TrainingPlan plan = repeated.orElseThrow();
        if (more == plan.steps()) {
            return this;
        }
        if (more < plan.steps()) {
            throw new IllegalArgumentException(
                    "the trainings have %d steps by now, and can be extended to more, not to %d"
                            .formatted(plan.steps(), more));
        }
        var earlier = new ArrayList<>(extent.earlier());
        earlier.add(plan.steps());
        return with(
                Optional.of(plan.lasting(more)), more, seeds, machine, new Extent(extent.folds(), earlier), contest);
    }

    private Experiment with(List<Long> seeds, Machine machine, Extent extent, Contest contest) {
        return with(repeated, steps, seeds, machine, extent, contest);
    }

    private Experiment with(
            Optional<TrainingPlan> repeated,
            int steps,
            List<Long> seeds,
            Machine machine,
            Extent extent,
            Contest contest) {
        return new Experiment(
                folder,
                dataset,
                groups,
                folds,
                kind,
                contest.losses(),
                architecture,
                preset,
                overrides,
                repeated,
                steps,
                seeds,
                machine,
                extent,
                contest);
    }

    /// {@return the splits of the folds that are done}
    public List<Split> done() {
        return extent.of(folds.size()).stream().map(folds::get).toList();
    }

    /// {@return what is learned of a data set}
    public static Task task(Task.Kind kind, Dataset dataset) {
        Task task =
                switch (kind) {
                    case BINARY -> Task.binary();
                    case MULTICLASS -> Task.multiclass(dataset.labels().size());
                    case MULTILABEL -> Task.multilabel(dataset.classes().channels());
                };
        return task.ignoring(dataset.ignored());
    }

    public Task task() {
        return task(kind, dataset);
    }

    private ClassLabels classes() {
        return kind == Task.Kind.MULTILABEL
                ? dataset.classes()
                : dataset.classes().exclusive();
    }

    /// Reads cases with the labels that the task has.
    ///
    /// @throws IOException that says of every bad case what is wrong with it
    public StoredCases cases(List<String> ids) throws IOException {
        return JobCases.read(dataset, kind, ids);
    }

    /// {@return this experiment without those of some losses that can't be trained on its patches}
    ///
    /// @param optional losses that may be left out
    /// @param leftOut  told why one was, as a sentence
    public Experiment trainable(Set<Loss> optional, Consumer<String> leftOut) throws IOException {
        if (losses.stream().noneMatch(optional::contains)) {
            return this;
        }
        List<String> training =
                folds.stream().flatMap(fold -> fold.train().stream()).distinct().toList();
        Fingerprint images = Fingerprint.of(dataset, cases(training).of(training));
        List<LossFamily> kept = contest.families().stream()
                .filter(family -> !optional.contains(family.members().getFirst())
                        || isTrainable(family.members().getFirst(), images, leftOut))
                .toList();
        return with(kept, seeds);
    }

    private boolean isTrainable(Loss loss, Fingerprint images, Consumer<String> leftOut) {
        try {
            automatic(List.of(loss), images);
            return true;
        } catch (IllegalArgumentException e) {
            leftOut.accept("Left out: " + e.getMessage());
            return false;
        }
    }

    private TrainingPlan automatic(List<Loss> some, Fingerprint images) {
        return TrainingPlan.automatic(
                preset, overrides, some, task(), architecture, images, steps, seeds.getFirst(), machine);
    }

    /// {@return how the first loss is trained with the first seed}; the others likewise
    ///
    /// @param training all cases that train in any fold: they decide the patch
    public TrainingPlan plan(List<Case> training) {
        Fingerprint images = Fingerprint.of(dataset, training);
        return repeated.map(plan ->
                        plan.suiting(losses, task(), images, seeds.getFirst()).on(machine))
                .orElseGet(() -> automatic(losses, images))
                .naming(classes());
    }
}
