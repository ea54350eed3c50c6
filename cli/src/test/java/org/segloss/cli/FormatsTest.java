package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import tools.jackson.databind.node.MissingNode;

/// Every command with the files of another format.
class FormatsTest {
    @TempDir
    Path folder;

    /// The ways in which MetaImage stores an image, of which each case of the data set has one.
    private static final List<String> ENDINGS = List.of("1.mha", "2.mhd", "3.mhd");

    /// The cubes as MetaImages: the voxels of the first lie in the file itself, those of the second beside it and
    /// packed, those of the third beside it as they are.
    private static Path metaImages(Path nifti, Path meta) throws IOException {
        for (String part : List.of("images", "masks")) {
            for (String ending : ENDINGS) {
                Path file = nifti.resolve(part).resolve("cube_%s.nii.gz".formatted(ending.substring(0, 1)));
                Path copy = meta.resolve(part).resolve("cube_" + ending);
                if (part.equals("images")) {
                    Images.write(copy, Images.read(file));
                } else {
                    Images.write(copy, Images.readLabels(file));
                }
            }
            unpack(meta.resolve(part).resolve("cube_3.mhd"));
        }
        return meta;
    }

    /// As other programs write it.
    private static void unpack(Path header) throws IOException {
        Path packed = header.resolveSibling("cube_3.zraw");
        try (var voxels = new InflaterInputStream(Files.newInputStream(packed))) {
            Files.copy(voxels, header.resolveSibling("cube_3.raw"));
        }
        Files.delete(packed);
        String text = Files.readString(header)
                .replace("CompressedData = True\n", "CompressedData = False\n")
                .replaceFirst("CompressedDataSize = .*\n", "")
                .replace("cube_3.zraw", "cube_3.raw");
        Files.writeString(header, text);
    }

    @Test
    void everyCommandTakesMetaImagesAsItTakesNifti() throws IOException {
        Path nifti = Cubes.write(folder.resolve("nifti"));
        Path meta = metaImages(nifti, folder.resolve("meta"));
        assertThat(meta.resolve("images/cube_2.zraw")).exists();
        assertThat(meta.resolve("images/cube_3.raw")).hasSize(512 * 4);
        Call valid = segloss("validate", meta);
        assertThat(valid.status()).as(valid.err()).isZero();
        // the files beside headers are no strangers
        assertThat(valid.out()).doesNotContain("are no images");
        String scores = compared(nifti, "a");
        assertThat(scores).isNotBlank().isEqualTo(compared(meta, "b"));

        Path checkpoint;
        try (Stream<Path> all = Files.walk(folder.resolve("b"))) {
            checkpoint = all.filter(file -> file.endsWith("checkpoint.safetensors"))
                    .findFirst()
                    .orElseThrow();
        }
        try (Stream<Path> all = Files.list(checkpoint.resolveSibling("predictions"))) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.endsWith(".mha"))
                    .noneMatch(name -> name.contains(".nii"));
        }
        Path out = folder.resolve("predictions");
        Call predict = segloss("predict", "--checkpoint", checkpoint, "--image", meta.resolve("images"), "--out", out);
        assertThat(predict.status()).as(predict.err()).isZero();
        Path one = folder.resolve("one.mhd");
        for (int cube = 1; cube <= 3; cube++) {
            Path image = nifti.resolve("images/cube_%d.nii.gz".formatted(cube));
            assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", one)
                            .status())
                    .isZero();
            Labels alone = Images.readLabels(one);
            Labels amongOthers = Images.readLabels(out.resolve("cube_%d.mha".formatted(cube)));
            assertThat(alone.values()).isEqualTo(amongOthers.values());
            assertThat(alone.geometry()).isEqualTo(amongOthers.geometry());
        }
        assertThat(folder.resolve("one.zraw")).exists();
        Call same = segloss("evaluate", "--prediction", out, "--reference", meta.resolve("masks"), "--json");
        Call mixed = segloss("evaluate", "--prediction", out, "--reference", nifti.resolve("masks"), "--json");
        assertThat(same.status()).as(same.err()).isZero();
        for (String part : List.of("scores", "mean", "cases")) {
            assertThat(mixed.json().path(part))
                    .as(part)
                    .isNotEmpty()
                    .isEqualTo(same.json().path(part));
        }
        assertThat(same.json().path("scores"))
                .as("a class and the mean of each")
                .hasSize(6);
        for (String mask : List.of("nifti/masks/cube_3.nii.gz", "meta/masks/cube_3.mhd")) {
            Call file = segloss(
                    "evaluate", "--prediction", one, "--reference", folder.resolve(mask), "--task", "binary", "--json");
            assertThat(file.status()).as(file.err()).isZero();
            assertThat(file.json().at("/scores/0/dice"))
                    .isEqualTo(same.json().at("/scores/4/dice"))
                    .isNotEqualTo(MissingNode.getInstance());
        }

        Path raw = meta.resolve("images/cube_3.raw");
        Files.write(raw, Arrays.copyOf(Files.readAllBytes(raw), 512 * 4 - 1));
        assertThat(segloss("validate", meta).out()).contains("cube_3.mhd", "promises 2048 bytes", "more than 2047");
        Files.delete(raw);
        assertThat(segloss("validate", meta).out()).contains("cube_3.mhd", "cube_3.raw, which is not there");
        Call hole = segloss(
                "predict",
                "--checkpoint",
                checkpoint,
                "--image",
                meta.resolve("images"),
                "--out",
                folder.resolve("no"));
        assertThat(hole.status()).isEqualTo(2);
        assertThat(hole.err()).contains("cube_3.raw, which is not there");
        Path damaged = meta.resolve("images/cube_1.mha");
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length - 9));
        Call invalid = segloss("validate", meta);
        assertThat(invalid.status()).isEqualTo(2);
        assertThat(invalid.out() + invalid.err()).contains("cube_1.mha", "CompressedDataSize");
    }

    private String compared(Path data, String name) throws IOException {
        Path run = folder.resolve(name);
        Call call = segloss("compare", "--data", data, "--test", 1, "--losses", "bce,dice", "--steps", 2, "--out", run);
        assertThat(call.status()).as(call.err()).isZero();
        return Files.readString(run.resolve("scores.csv"));
    }

    @Test
    void helpNamesEveryFormat() {
        for (ImageFormat format : Formats.IMAGES.list()) {
            for (String command : List.of("predict", "evaluate", "loss")) {
                assertThat(help(command)).contains(solid(format.name())).doesNotContain("bundle");
            }
        }
        for (ImageFormat format : Formats.LABELS.list()) {
            assertThat(help("predict")).contains(format.endings());
            assertThat(help("evaluate")).contains(format.endings());
        }
        assertThat(help("predict")).contains(solid(Formats.IMAGES.names()), solid(Formats.LABELS.endings()));
        assertThat(help("loss")).contains(solid(Formats.ARRAYS.names()));
    }

    private static String help(String command) {
        return solid(segloss(command, "--help").out());
    }

    /// Lines break behind the dot of an ending too.
    private static String solid(String text) {
        return text.replaceAll("\\s+", "");
    }
}
