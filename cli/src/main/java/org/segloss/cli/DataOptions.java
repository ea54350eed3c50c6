package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.segloss.cli.score.GroupOptions;
import org.segloss.cli.score.IgnoreOption;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Split;
import org.segloss.design.Contest;
import org.segloss.design.LossFamily;
import org.segloss.design.TuningGrid;
import org.segloss.experiment.Experiment;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.Machine;
import org.segloss.plan.Precision;
import org.segloss.plan.Preset;
import org.segloss.torch.Libtorch;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `compare` and `train` have in common: how networks are trained, and on which cases.
final class DataOptions {
    private static final int TEST_CASES = 10;

    @Option(
            names = "--preset",
            description =
                    "${COMPLETION-CANDIDATES}: minutes, a quarter to half an hour, or several hours for each training on two cores. Default: ${DEFAULT-VALUE}.",
            defaultValue = "quick")
    private Preset preset;

    @Option(
            names = "--split",
            paramLabel = "FILE",
            description =
                    "JSON with the ids of the cases in \"train\", \"test\" and perhaps \"val\", or with a list \"folds\" of these. Default: split.json in the data set's folder, if there is one, or the folders train, val and test, if the cases lie in such.")
    private Optional<Path> split;

    @Option(
            names = "--test",
            paramLabel = "N",
            description =
                    "Instead of a split, draw this many test cases by the seed. Default: 10 where there is no split.")
    private Optional<Integer> test;

    @Option(
            names = "--val",
            paramLabel = "N",
            description =
                    "Of the cases that would train, draw this many by the seed to validate: they decide nothing, but say whether a training had converged. With 0 its loss says so. Default: the split's, and where cases are drawn a fifth of the subjects, at most 10 cases.")
    private Optional<Integer> validation;

    @Mixin
    private GroupOptions groups;

    @Option(
            names = "--task",
            description =
                    "binary, multiclass or multilabel. With binary, any label counts as foreground. With multilabel a voxel may belong to several classes: regions of dataset.json, or masks in files of their own that overlap. Default: binary if the data set has one label besides the background, multilabel if it has regions.")
    private Optional<Task.Kind> task;

    @Mixin
    private IgnoreOption ignored;

    @Mixin
    private ReadingOptions reading;

    @Option(
            names = "--network",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "unet")
    private Architecture network;

    @Mixin
    private OverrideOptions overrides;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description =
                    "Training steps. Default: by the preset. quick takes in 3-D 5 for each training case, but from 240 to 800, in 2-D 600, and on the generated phantom "
                            + GeneratedData.STEPS + ".")
    private Optional<Integer> steps;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Decides the initial weights and the batches, the same for every loss, and the cases of --test or the folds. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(names = "--device", description = "cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.", defaultValue = "cpu")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads of the network's arithmetic, on which its rounding depends. Default: those that the run in the folder began with, for a new one as many as there are processors.")
    private Optional<Integer> threads;

    @Option(
            names = "--precision",
            description =
                    "${COMPLETION-CANDIDATES}: the numbers of the network's features. Default: that which the run in the folder began with, for a new one bfloat16 where the processor has instructions for it, else float32.")
    private Optional<Precision> precision;

    /// @throws IllegalArgumentException if libtorch has no such device
    void checkDevice() {
        Libtorch.require(device);
    }

    /// As [#checkDevice], but for what this machine may lack and others have.
    void checkDeviceElsewhere() {
        if (!device.matches("cuda(:\\d+)?")) {
            checkDevice();
        }
    }

    /// Takes a device in place of `--device`.
    void computeOn(String other) {
        device = other;
    }

    /// Takes for the phantom what every loss converges with in a few minutes, where nobody says otherwise.
    void useGenerated() {
        if (preset == Preset.QUICK) {
            steps = Optional.of(steps.orElse(GeneratedData.STEPS));
            overrides.learnAt(GeneratedData.LEARNING_RATE);
        }
    }

    /// An experiment with one training for each loss.
    Experiment experiment(Path folder, List<Loss> losses) throws IOException {
        return experiment(
                folder, _ -> losses.stream().map(LossFamily::of).toList(), Optional.empty(), Optional.empty());
    }

    /// @param losses of a task
    /// @param folds how many parts the cases are dealt out to
    /// @param seeds how many, or which ones between commas
    Experiment experiment(
            Path folder, Function<Task, List<LossFamily>> losses, Optional<Integer> folds, Optional<String> seeds)
            throws IOException {
        GroupOptions.exclude(
                "--split", split.isPresent(), "--test", test.isPresent(), "the split says which cases test");
        GroupOptions.exclude("--folds", folds.isPresent(), "--split", split.isPresent(), "in turn each fold tests");
        GroupOptions.exclude("--folds", folds.isPresent(), "--test", test.isPresent(), "in turn each fold tests");
        List<Long> trained = seeds(seeds);
        Dataset dataset = Dataset.open(folder, reading.with(ignored.labels()));
        Task.Kind kind = task.orElseGet(() -> usual(dataset));
        Groups together = groups.of(folder, dataset.ids());
        List<Split> splits = folds.isPresent()
                ? Split.folds(together, folds.get(), validated(), seed)
                : splits(folder, dataset, together);
        int training = splits.stream().mapToInt(s -> s.train().size()).min().orElse(1);
        Contest contest = new Contest(losses.apply(Experiment.task(kind, dataset)), TuningGrid.NONE);
        return new Experiment(
                        folder,
                        dataset,
                        together,
                        splits,
                        kind,
                        contest.losses(),
                        network,
                        preset,
                        overrides.over(preset.recipe(dataset.dimensions()), dataset.dimensions()),
                        Optional.empty(),
                        steps.orElse(preset.steps(dataset.dimensions(), training)),
                        trained,
                        new Machine(device, threads(), precision))
                .with(contest.families(), trained);
    }

    private OptionalInt threads() {
        if (threads.isPresent() && threads.get() < 1) {
            throw new IllegalArgumentException("--threads takes a number from 1 on, not " + threads.get());
        }
        return threads.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /// @param given how many, or which ones between commas
    List<Long> seeds(Optional<String> given) {
        if (given.isEmpty()) {
            return List.of(seed);
        }
        String text = given.get().replace(" ", "");
        if (text.matches("[1-9]\\d{0,3}")) {
            return LongStream.range(seed, seed + Integer.parseInt(text)).boxed().toList();
        }
        if (text.matches("-?\\d{1,18}(,-?\\d{1,18})+")) {
            return Arrays.stream(text.split(",")).map(Long::valueOf).toList();
        }
        throw new IllegalArgumentException(
                "--seeds takes how many seeds there are, such as 3, or which, such as 1,2,7; '%s' is neither"
                        .formatted(given.get()));
    }

    private List<Split> splits(Path folder, Dataset dataset, Groups together) throws IOException {
        Path own = folder.resolve("split.json");
        if (split.isPresent() || test.isEmpty() && Files.exists(own)) {
            return read(split.orElse(own), dataset, together);
        }
        Optional<Split> named = Split.named(dataset.cases());
        if (test.isEmpty() && named.isPresent()) {
            return named(folder, named.get(), together);
        }
        int all = dataset.cases().size();
        if (test.isEmpty() && all <= TEST_CASES) {
            throw new IllegalArgumentException(
                    "%s has %d cases and no split.json: say with --test N how many of them are for testing"
                            .formatted(folder, all));
        }
        return List.of(Split.draw(together, test.orElse(TEST_CASES), validated(), seed));
    }

    private static Task.Kind usual(Dataset dataset) {
        if (!dataset.classes().regions().isEmpty()) {
            return Task.Kind.MULTILABEL;
        }
        return dataset.labels().size() == 2 ? Task.Kind.BINARY : Task.Kind.MULTICLASS;
    }

    private OptionalInt validated() {
        return validation.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /// Where the folders have nothing to validate, some of what would train does.
    private List<Split> named(Path folder, Split sides, Groups together) {
        if (sides.validation().isEmpty()) {
            return List.of(sides.validating(together, validated(), seed, 0));
        }
        if (validation.isPresent()) {
            throw new IllegalArgumentException(
                    "%s has a folder of cases that validate; leave out --val, or take the folder away"
                            .formatted(folder));
        }
        return List.of(sides);
    }

    /// A file's splits as they are: what it lets train trains, unless `--val` says otherwise.
    private List<Split> read(Path file, Dataset dataset, Groups together) throws IOException {
        List<Split> splits = Split.read(file, dataset);
        if (validation.isEmpty()) {
            return splits;
        }
        if (splits.stream().anyMatch(s -> !s.validation().isEmpty())) {
            throw new IllegalArgumentException(
                    "%s says which cases validate, in \"val\"; leave out --val, or change the file".formatted(file));
        }
        return IntStream.range(0, splits.size())
                .mapToObj(fold -> splits.get(fold).validating(together, validated(), seed, fold))
                .toList();
    }
}
