package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;

/// Series of a hospital from the first command to the last, and whose they are, which stays where it was.
class DicomCommandsTest {
    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    private Call call(int status, Object... arguments) {
        Call call = segloss(arguments);
        said.add(call.out());
        said.add(call.err());
        assertThat(call.status()).as(call.out() + call.err()).isEqualTo(status);
        return call;
    }

    private static void isAnonymous(String name, String text) {
        assertThat(text.toLowerCase(Locale.ROOT)).as(name).doesNotContain(DicomCubes.SECRET, DicomCubes.DAY);
    }

    private static void isAnonymous(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                isAnonymous(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
                if (file.toString().endsWith(".gz")) {
                    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                        isAnonymous(file.toString(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
    }

    @Test
    void nothingOfAPatientGoesBeyondASegmentation() throws IOException {
        Path data = DicomCubes.write(folder.resolve("data"));
        Path run = folder.resolve("run");
        call(0, "validate", data);
        call(0, "compare", "--data", data, "--test", 1, "--losses", "bce", "--steps", 1, "--out", run);
        call(0, "report", run);
        Path checkpoint = run.resolve("bce/fold-0/seed-1/checkpoint.safetensors");
        Path image = data.resolve("images/cube_1");

        Path predictions = folder.resolve("predictions");
        Path probabilities = folder.resolve("probabilities");
        call(
                0,
                "predict",
                "--checkpoint",
                checkpoint,
                "--image",
                data.resolve("images"),
                "--out",
                predictions,
                "--probabilities",
                probabilities);
        assertThat(predictions.resolve("cube_1.nii.gz")).exists();
        Path seg = folder.resolve("seg.dcm");
        call(0, "predict", "--checkpoint", checkpoint, "--image", image, "--out", seg);
        byte[] labels = Images.readLabels(predictions.resolve("cube_1.nii.gz")).values();
        assertThat(Images.inspectLabels(seg, image).orThrow().values().toBytes())
                .isEqualTo(labels)
                .contains((byte) 1);
        assertThat(Images.labelNames(seg)).containsExactly(Map.entry(1, "label 1"));

        Path scores = folder.resolve("tables/scores.csv");
        Call all = call(
                0,
                "evaluate",
                "--prediction",
                predictions,
                "--reference",
                data.resolve("masks"),
                "--csv",
                scores,
                "--json");
        Call one = call(
                0,
                "evaluate",
                "--prediction",
                seg,
                "--reference",
                data.resolve("masks/cube_1.dcm"),
                "--task",
                "binary",
                "--json");
        for (String metric : List.of("dice", "hd95", "assd")) {
            assertThat(one.json().at("/scores/0/" + metric))
                    .as(metric)
                    .isEqualTo(all.json().at("/scores/0/" + metric));
        }

        for (Path made : List.of(run, predictions, probabilities, scores.getParent())) {
            isAnonymous(made);
        }
        assertThat(Files.readString(seg, StandardCharsets.ISO_8859_1)).contains(DicomCubes.SECRET, DicomCubes.DAY);

        // what is wrong with a file quotes none of it
        Path slice = image.resolve("IM3");
        byte[] whole = Files.readAllBytes(slice);
        for (int end : new int[] {140, 300, 420, 600, 900, whole.length - 1}) {
            Files.write(slice, Arrays.copyOf(whole, end));
            call(2, "validate", data);
            call(2, "predict", "--checkpoint", checkpoint, "--image", image, "--out", folder.resolve("no.dcm"));
        }
        Call map = call(
                2,
                "predict",
                "--checkpoint",
                checkpoint,
                "--image",
                data.resolve("images/cube_2"),
                "--out",
                seg,
                "--probabilities",
                folder.resolve("map.dcm"));
        assertThat(map.err()).contains("map.dcm should end with .nii.gz");
        said.forEach(text -> isAnonymous("messages", text));
    }
}
