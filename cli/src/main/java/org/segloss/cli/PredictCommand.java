package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
        try (var progress = ConsoleProgress.on(spec.commandLine().getErr());
                var predictor = Predictor.open(checkpoint, device)) {
            for (int i = 0; i < images.size(); i++) {
                progress.at("predicting", (double) i / images.size(), "image %d of %d".formatted(i + 1, images.size()));
                Path file = images.get(i);
                Path target = many ? Predictions.file(out, Predictions.id(file), file) : out;
                Predictions.write(target, predictor.predict(Images.read(file)), task.kind());
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
