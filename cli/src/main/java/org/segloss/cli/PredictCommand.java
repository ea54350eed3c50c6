package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segloss.cli.score.InputFiles;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.dataset.ImageFiles;
import org.segloss.decide.Decision;
import org.segloss.decide.Probabilities;
import org.segloss.decide.Thresholds;
import org.segloss.file.FileProblems;
import org.segloss.file.FolderLock;
import org.segloss.file.InputFile;
import org.segloss.file.OutputFile;
import org.segloss.fit.Checkpoint;
import org.segloss.format.ArrayFile;
import org.segloss.format.Formats;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.layout.FoundCase;
import org.segloss.layout.ImageGroups;
import org.segloss.loss.Task;
import org.segloss.plan.TrainingPlan;
import org.segloss.predict.InputCheck;
import org.segloss.predict.Predictor;
import org.segloss.run.PredictionTask;
import org.segloss.run.Predictions;
import org.segloss.run.ThresholdFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "predict",
        description = "Segments an image, or each image of a folder, with a trained network.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss predict --checkpoint trained/checkpoint.safetensors --image scan.nii.gz --out scan_label.nii.gz",
            "  segloss predict --checkpoint trained/checkpoint.safetensors --image imagesTs --out predictions",
            "  segloss predict --checkpoint trained/checkpoint.safetensors --image imagesTs --out predictions --probabilities probabilities"
        })
final class PredictCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "FILE",
            description =
                    "checkpoint.safetensors of a training. Given several times, for example once for each fold, the mean of the networks' probabilities decides.")
    private List<Path> checkpoints;

    @Option(names = "--image", required = true, paramLabel = "FILE|DIR", description = "${bundle:images.names}.")
    private Path image;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE|DIR",
            description = "For a file a file that ends with ${bundle:labels.endings}; for a folder a folder.")
    private Path out;

    @Option(
            names = "--decide",
            paramLabel = "argmax|threshold|dice",
            defaultValue = "argmax",
            description =
                    "How labels are made of probabilities: argmax, the most probable class; threshold, for each class the one in thresholds.json beside the checkpoint, which 'segloss compare --decide threshold' chooses (of several checkpoints their mean); dice, the set with the largest expected Dice of the image. Default: ${DEFAULT-VALUE}.")
    private String decide;

    @Option(
            names = "--probabilities",
            paramLabel = "FILE|DIR",
            description =
                    "Also writes what the labels were made of: a channel for each class from the background on, in NIfTI along the fourth axis; in a binary task that of the foreground alone. As float32, since NIfTI has no float16. For a file a file that ends with .nii.gz, .nii, .mha, .mhd or .npy; for a folder a folder. 'segloss evaluate --probabilities' reads them.")
    private Optional<Path> probabilities;

    @Option(names = "--device", description = "cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.", defaultValue = "cpu")
    private String device;

    @Override
    public Integer call() throws IOException {
        Decision decision = decision();
        InputFile.checkThere(image);
        Optional<Thresholds> thresholds =
                decision == Decision.THRESHOLD ? Optional.of(ThresholdFile.mean(checkpoints)) : Optional.empty();
        TrainingPlan trained = Checkpoint.read(checkpoints.getFirst()).plan();
        Task task = trained.task();
        InputCheck check = InputCheck.of(trained);
        boolean many = Files.isDirectory(image) && !Formats.IMAGES.isImageFolder(image);
        if (many) {
            // once for all: it is no fault of an image
            FolderLock.take(out).close();
            if (probabilities.isPresent()) {
                FolderLock.take(probabilities.get()).close();
            }
        }
        List<Input> images = images(many, check.channels());
        Map<Input, Path> targets = targets(images, many);
        Map<Input, Path> maps = maps(images, targets, many);
        check(images, targets, maps, check, task);
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var predictor = Predictor.open(checkpoints, device)) {
            if (many) {
                PredictionTask.of(task.kind(), trained.labels()).write(out);
            }
            for (int i = 0; i < images.size(); i++) {
                int before = i;
                Input file = images.get(i);
                Volume read = fitted(file, file.files().read(), check);
                Probabilities found = predictor.probabilities(
                        read,
                        (done, all) -> progress.at(
                                "predicting",
                                (before + (double) done / all) / images.size(),
                                "image %d of %d".formatted(before + 1, images.size())));
                if (maps.containsKey(file)) {
                    Predictions.writeProbabilities(maps.get(file), found, read.geometry(), file.first());
                }
                var labels = new Labels(read.geometry(), decision.labels(found, thresholds, trained.labels()));
                Predictions.write(targets.get(file), labels, task.kind(), trained.labels(), Optional.of(file.first()));
            }
        }
        // a folder says it in task.json
        String hint = many ? "" : " (for evaluate: --task %s)".formatted(task.kind());
        spec.commandLine()
                .getOut()
                .println("%d prediction%s: %s%s".formatted(images.size(), images.size() == 1 ? "" : "s", out, hint));
        probabilities.ifPresent(place -> spec.commandLine().getOut().println("Probabilities: " + place));
        return 0;
    }

    private Decision decision() {
        try {
            return Decision.parse(decide);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--decide: " + e.getMessage(), e);
        }
    }

    /// Finds out what is wrong with the images, and whether their predictions can be written, before the
    /// first one is
    /// predicted.
    ///
    /// @throws IOException that names all images that can't be predicted
    private void check(List<Input> images, Map<Input, Path> targets, Map<Input, Path> maps, InputCheck check, Task task)
            throws IOException {
        var problems = new FileProblems();
        for (Input file : images) {
            try {
                Volume stored = file.files().read();
                Geometry grid = fitted(file, stored, check).geometry();
                Images.checkHolds(file.first(), targets.get(file), stored.geometry());
                for (Path written : Images.written(targets.get(file))) {
                    OutputFile.checkWritable(written);
                }
                if (maps.containsKey(file)) {
                    Predictions.checkHoldsProbabilities(maps.get(file), task.channels(), grid);
                    for (Path written : ArrayFile.written(maps.get(file))) {
                        OutputFile.checkWritable(written);
                    }
                }
                check.doubt(grid)
                        .ifPresent(why ->
                                spec.commandLine().getErr().println("Warning: %s: %s".formatted(file.first(), why)));
            } catch (IOException e) {
                problems.add(e);
            } catch (IllegalArgumentException e) {
                problems.add(new IOException(e.getMessage(), e));
            }
        }
        problems.check(images.size(), "images can't be predicted");
    }

    private static Volume fitted(Input file, Volume image, InputCheck check) throws IOException {
        try {
            return check.fitted(image);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file.first(), e.getMessage()), e);
        }
    }

    /// {@return the file that each image's prediction goes to}
    ///
    /// @throws IOException if that is a file of an image itself, or the same for two images
    private Map<Input, Path> targets(List<Input> images, boolean many) throws IOException {
        InputFiles inputs = files(images);
        var targets = new LinkedHashMap<Input, Path>();
        var origins = new HashMap<Path, Path>();
        for (Input file : images) {
            Path target = many ? Predictions.file(out, file.id(), file.first()) : OutputFile.target(out);
            inputs.check("the prediction of " + file.first(), "--out", Images.written(target));
            Path other = origins.put(target, file.first());
            if (other != null) {
                throw new IOException("the predictions of %s and %s would both go to %s; rename one of the images"
                        .formatted(other, file.first(), target));
            }
            targets.put(file, target);
        }
        return targets;
    }

    /// {@return the file that each image's probabilities go to, if they are asked for}
    ///
    /// @throws IOException if that is a file of an image, or of a prediction
    private Map<Input, Path> maps(List<Input> images, Map<Input, Path> targets, boolean many) throws IOException {
        var maps = new LinkedHashMap<Input, Path>();
        if (probabilities.isEmpty()) {
            return maps;
        }
        InputFiles inputs = files(images);
        for (Input file : images) {
            Path map = many
                    ? Predictions.probabilities(probabilities.get(), file.id())
                    : OutputFile.target(probabilities.get());
            Path whole = map.toAbsolutePath().normalize();
            if (targets.values().stream()
                    .anyMatch(t -> t.toAbsolutePath().normalize().equals(whole))) {
                throw new IOException(
                        "the probabilities and the prediction of %s would both go to %s; give another --probabilities"
                                .formatted(file.first(), map));
            }
            if (Formats.ARRAYS.named(map).isPresent()) {
                inputs.check("the probabilities of " + file.first(), "--probabilities", ArrayFile.written(map));
            }
            maps.put(file, map);
        }
        return maps;
    }

    /// An image that is predicted.
    ///
    /// @param id that its prediction in a folder is named by
    private record Input(String id, ImageFiles files) {
        Path first() {
            return files.first();
        }
    }

    private static InputFiles files(List<Input> images) throws IOException {
        return InputFiles.of(
                images.stream().flatMap(one -> one.files().files().stream()).toList());
    }

    /// {@return what is predicted}: of a folder all images
    ///
    /// @param channels that the network takes, and that may be in files of their own
    private List<Input> images(boolean many, int channels) throws IOException {
        List<FoundCase> found = many ? ImageGroups.of(image, channels) : List.of(ImageGroups.with(image, channels));
        if (found.isEmpty()) {
            throw new IOException("%s has no file that ends with %s".formatted(image, Formats.IMAGES.endings()));
        }
        return found.stream()
                .map(one -> new Input(one.id(), new ImageFiles(one.images())))
                .toList();
    }
}
