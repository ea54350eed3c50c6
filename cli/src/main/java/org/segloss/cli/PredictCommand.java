package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.experiment.PredictionTask;
import org.segloss.experiment.Predictions;
import org.segloss.fit.Checkpoint;
import org.segloss.io.Images;
import org.segloss.loss.Task;
import org.segloss.predict.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "predict",
        description = "Segments an image, or each image of a folder, with a trained network.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss predict --checkpoint trained/checkpoint.safetensors --image scan.nii.gz --out scan_label.nii.gz",
            "  segloss predict --checkpoint trained/checkpoint.safetensors --image imagesTs --out predictions"
        })
final class PredictCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "FILE",
            description = "checkpoint.safetensors of a training.")
    private Path checkpoint;

    @Option(names = "--image", required = true, paramLabel = "FILE|DIR", description = "NIfTI or PNG.")
    private Path image;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE|DIR",
            description = "For a file a file, .nii.gz, .nii or .png; for a folder a folder.")
    private Path out;

    @Option(names = "--device", description = "cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}.", defaultValue = "cpu")
    private String device;

    @Override
    public Integer call() throws IOException {
        Task task = Checkpoint.read(checkpoint).task();
        boolean many = Files.isDirectory(image);
        List<Path> images = many ? images() : List.of(image);
        List<Path> targets = images.stream()
                .map(file -> many ? Predictions.file(out, Predictions.id(file), file) : out)
                .toList();
        check(images, targets);
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var predictor = Predictor.open(checkpoint, device)) {
            for (int i = 0; i < images.size(); i++) {
                progress.at("predicting", (double) i / images.size(), "image %d of %d".formatted(i + 1, images.size()));
                Predictions.write(targets.get(i), predictor.predict(Images.readFinite(images.get(i))), task.kind());
            }
            if (many) {
                PredictionTask.of(task).write(out);
            }
        }
        spec.commandLine()
                .getOut()
                .println("%d prediction%s: %s".formatted(images.size(), images.size() == 1 ? "" : "s", out));
        return 0;
    }

    /// All of it before the first output: a folder is predicted whole or not at all.
    private static void check(List<Path> images, List<Path> targets) throws IOException {
        Map<Path, Path> byTarget = new HashMap<>();
        Set<Path> inputs =
                images.stream().map(p -> p.toAbsolutePath().normalize()).collect(Collectors.toSet());
        for (int i = 0; i < images.size(); i++) {
            Path target = targets.get(i).toAbsolutePath().normalize();
            if (inputs.contains(target)) {
                throw new IOException("--out would overwrite the image %s; give another --out".formatted(target));
            }
            Path other = byTarget.put(target, images.get(i));
            if (other != null) {
                throw new IOException("%s and %s would both be predicted to %s; rename one of them"
                        .formatted(other, images.get(i), target));
            }
            Images.readFinite(images.get(i));
        }
    }

    private List<Path> images() throws IOException {
        try (Stream<Path> files = Files.list(image)) {
            List<Path> images = files.filter(Predictions::isImage).sorted().toList();
            if (images.isEmpty()) {
                throw new IOException(image + " has no .nii.gz, .nii or .png file");
            }
            return images;
        }
    }
}
