package org.segloss.cli;

import static org.segloss.cli.CommandLineTest.segloss;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.SummaryTable;
import org.segloss.dataset.CaseColumns;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Split;
import org.segloss.experiment.Experiment;
import org.segloss.fit.Checkpoint;
import org.segloss.format.ArrayFile;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.loss.Loss;
import org.segloss.run.Manifest;
import org.segloss.run.PredictionTask;
import org.segloss.run.RunSettings;
import org.segloss.score.ScoreRow;

/// Everything that reads a file of a user, each with a file that it reads well. Whatever else it is given, it
/// has to read it or say in words of its own what is wrong.
final class Readers {
    /// What tells programmers something, and users nothing.
    private static final Pattern INTERNAL = Pattern.compile(
            "Exception|Error:|\\bjava\\.|jackson|siegmar|snakeyaml|deserializ|Cannot |_OBJECT|_ARRAY|JsonToken|`[\\w.]+`|\\.tmp|\\bnull\\b");

    /// Reads a file.
    interface Call {
        void read(Path file) throws IOException;
    }

    /// @param file  that is read, and written before with what is to be read
    /// @param valid what it holds otherwise
    record Reader(String name, Path file, byte[] valid, Call call) {

        boolean isText() {
            return !List.of(
                            "nifti",
                            "labels",
                            "png",
                            "jpeg",
                            "tiff",
                            "ome-tiff",
                            "npy",
                            "npz",
                            "metaimage",
                            "pair",
                            "nrrd",
                            "checkpoint")
                    .contains(name);
        }

        /// Jazzer finds out which words are looked for, and writes them into files.
        private static boolean fromTheFile(String said, byte[] bytes) {
            String file = new String(bytes, StandardCharsets.ISO_8859_1);
            return INTERNAL.matcher(said).results().allMatch(word -> file.contains(word.group()));
        }

        private void restore() {
            try {
                Files.write(file, valid);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// @throws AssertionError if the bytes are neither read nor refused in words for users
        void read(byte[] bytes) {
            try {
                Files.write(file, bytes);
                call.read(file);
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                String said = String.valueOf(e.getMessage());
                // a loss has no file
                boolean names = name.equals("loss")
                        || said.contains(file.getParent().toString())
                        || said.contains("no such folder");
                // without what it quotes; a loss is quoted on lines of its own
                String own = said.lines().findFirst().orElse("").replaceAll("'[^']*'", "''");
                if (said.isBlank() || !names || !fromTheFile(own, bytes)) {
                    throw new AssertionError("%s says: %s".formatted(name, said), e);
                }
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("%s fails with %s".formatted(name, e), e);
            } finally {
                restore();
            }
        }
    }

    private final Map<String, Reader> readers = new LinkedHashMap<>();

    /// Makes the valid files: a small data set and a run on it.
    Readers(Path folder) throws IOException {
        Path data = Cubes.write(folder.resolve("data"));
        Files.writeString(data.resolve("dataset.json"), """
                {"name": "cubes", "channel_names": {"0": "CT"}, "labels": {"background": 0, "cube": 1},
                 "training": [{"image": "./images/cube_1.nii.gz", "label": "./masks/cube_1.nii.gz"}]}
                """);
        Path run = folder.resolve("run");
        CommandLineTest.Call compared =
                segloss("compare", "--data", data, "--test", 1, "--losses", "bce,dice", "--steps", 1, "--out", run);
        if (compared.status() != 0) {
            throw new IOException(compared.err());
        }
        Dataset dataset = Dataset.open(data);
        Path image = data.resolve("images/cube_1.nii.gz");
        Images.write(folder.resolve("a.nii"), Images.read(image));
        add("nifti", folder.resolve("a.nii"), Images::read);
        Images.write(folder.resolve("b.nii"), Images.readLabels(data.resolve("masks/cube_1.nii.gz")));
        add("labels", folder.resolve("b.nii"), Images::readLabels);
        Images.write(folder.resolve("a.mha"), Images.read(image));
        add("metaimage", folder.resolve("a.mha"), Images::read);
        ArrayFile.write(folder.resolve("a.npy"), ArrayFile.read(image).array(), () -> {
            throw new IllegalStateException();
        });
        add("npy", folder.resolve("a.npy"), ArrayFile::read);
        ArrayFile.write(folder.resolve("a.npz"), ArrayFile.read(image).array(), () -> {
            throw new IllegalStateException();
        });
        add("npz", folder.resolve("a.npz"), ArrayFile::read);
        Images.write(folder.resolve("p.hdr"), Images.read(image));
        add("pair", folder.resolve("p.hdr"), Images::read);
        Images.write(folder.resolve("n.nrrd"), Images.read(image));
        add("nrrd", folder.resolve("n.nrrd"), Images::read);
        Path segments = folder.resolve("s.nhdr");
        Images.write(segments, Images.readLabels(data.resolve("masks/cube_1.nii.gz")));
        Files.writeString(
                segments,
                Files.readString(segments).strip()
                        + "\nSegment0_Name:=cube\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n\n");
        add("segments", segments, file -> {
            Images.labelNames(file);
            Images.readLabels(file);
        });
        ImageIO.write(
                new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                folder.resolve("a.png").toFile());
        add("png", folder.resolve("a.png"), Images::read);
        ImageIO.write(
                new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB),
                "jpeg",
                folder.resolve("a.jpg").toFile());
        add("jpeg", folder.resolve("a.jpg"), Images::read);
        ImageIO.write(
                new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB),
                "tiff",
                folder.resolve("a.tif").toFile());
        add("tiff", folder.resolve("a.tif"), Images::read);
        Images.write(folder.resolve("a.ome.tif"), new Volume(Geometry.scaled(5, 4, 3, 0.2, 0.2, 1), 2, new float[120]));
        add("ome-tiff", folder.resolve("a.ome.tif"), Images::read);
        Path trained = run.resolve("bce/fold-0/seed-1");
        add("checkpoint", trained.resolve("checkpoint.safetensors"), Checkpoint::read);
        add("dataset.json", data.resolve("dataset.json"), _ -> Dataset.open(data));
        Path split = Files.writeString(
                folder.resolve("split.json"),
                "{\"folds\": [{\"train\": [\"cube_1\", \"cube_2\"], \"val\": [], \"test\": [\"cube_3\"]}]}");
        add("split.json", split, file -> Split.read(file, dataset));
        add("manifest", run.resolve("dataset.json"), file -> {
            Manifest manifest = Manifest.read(file);
            manifest.groups();
            manifest.foldOf(Split.read(file, dataset).getFirst().test().getFirst());
        });
        add("experiment.yaml", run.resolve("experiment.yaml"), file -> {
            RunSettings.read(file);
            Experiment.of(file);
        });
        add("task.json", trained.resolve("predictions/task.json"), file -> PredictionTask.read(file.getParent()));
        add("comparison.json", run.resolve("comparison.json"), Comparison::read);
        add("scores.csv", run.resolve("scores.csv"), ScoreRow::read);
        Path cases = Files.writeString(folder.resolve("cases.csv"), "case,group\n1,a\ncube_2,\"b\"\n3,a\n");
        add("cases.csv", cases, file -> Groups.read(file, dataset.ids()));
        Path known =
                Files.writeString(folder.resolve("known.csv"), "case,scanner,size\n1,a,2.5\ncube_2,\"b\",NA\n3,a,7\n");
        add("known.csv", known, file -> CaseColumns.read(file, dataset.ids()));
        Path summary = Files.writeString(
                folder.resolve("summary.csv"),
                "method,mean,sd,n,correlation\na,0.9,0.05,20,\n\"b\",0.8,0.1,20,0.5\nc,0.85,1e-2,20,-0.3\n");
        add("summary.csv", summary, file -> SummaryTable.read(file, ComparisonRules.standard()));
        Path loss = Files.writeString(
                folder.resolve("loss"),
                "0.5*tversky(fp=0.3, fn=0.7) + ramp(0, 1)*pow(log1p(dice(smooth=1e-5)), 2) - 1");
        add("loss", loss, file -> Loss.parse(Files.readString(file, StandardCharsets.ISO_8859_1)));
    }

    private void add(String name, Path file, Call call) throws IOException {
        readers.put(name, new Reader(name, file, Files.readAllBytes(file), call));
    }

    Iterable<Reader> all() {
        return readers.values();
    }

    Reader named(String name) {
        return Objects.requireNonNull(readers.get(name), () -> "of " + readers.keySet());
    }
}
