package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.Images;

/// Every command with the files of another format.
class FormatsTest {
    @TempDir
    Path folder;

    @Test
    void everyCommandTakesMetaImagesAsItTakesNifti() throws IOException {
        Path nifti = Cubes.write(folder.resolve("nifti"));
        Path meta = folder.resolve("meta");
        for (String part : List.of("images", "masks")) {
            try (Stream<Path> files = Files.list(nifti.resolve(part))) {
                for (Path file : files.toList()) {
                    Path copy = meta.resolve(part)
                            .resolve(file.getFileName().toString().replace(".nii.gz", ".mha"));
                    if (part.equals("images")) {
                        Images.write(copy, Images.read(file));
                    } else {
                        Images.write(copy, Images.readLabels(file));
                    }
                }
            }
        }
        Call valid = segloss("validate", meta);
        assertThat(valid.status()).as(valid.err()).isZero();
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
        assertThat(out.resolve("cube_1.mha")).exists();
        Path one = folder.resolve("one.mha");
        Path image = nifti.resolve("images/cube_1.nii.gz");
        assertThat(segloss("predict", "--checkpoint", checkpoint, "--image", image, "--out", one)
                        .status())
                .isZero();
        assertThat(Images.readLabels(one).values())
                .isEqualTo(Images.readLabels(out.resolve("cube_1.mha")).values());
        Call same = segloss("evaluate", "--prediction", out, "--reference", meta.resolve("masks"), "--json");
        Call mixed = segloss("evaluate", "--prediction", out, "--reference", nifti.resolve("masks"), "--json");
        assertThat(same.status()).as(same.err()).isZero();
        assertThat(mixed.json().path("cases")).isEqualTo(same.json().path("cases"));
        Call file = segloss(
                "evaluate", "--prediction", one, "--reference", meta.resolve("masks/cube_1.mha"), "--task", "binary");
        assertThat(file.status()).as(file.err()).isZero();

        Path damaged = meta.resolve("images/cube_2.mha");
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length - 9));
        Call invalid = segloss("validate", meta);
        assertThat(invalid.status()).isEqualTo(2);
        assertThat(invalid.out() + invalid.err()).contains("cube_2.mha", "CompressedDataSize");
    }

    private String compared(Path data, String name) throws IOException {
        Path run = folder.resolve(name);
        Call call = segloss("compare", "--data", data, "--test", 1, "--losses", "bce,dice", "--steps", 2, "--out", run);
        assertThat(call.status()).as(call.err()).isZero();
        return Files.readString(run.resolve("scores.csv"));
    }

    @Test
    void helpNamesEveryFormat() {
        assertThat(help("predict"))
                .contains("NIfTI, PNG or MetaImage", ".nii.gz, .nii, .png, .mha or .mhd")
                .doesNotContain("bundle");
        assertThat(help("evaluate")).contains("MetaImage").doesNotContain("bundle");
        assertThat(help("loss")).contains("npy, NIfTI, PNG or MetaImage");
    }

    /// On one line.
    private static String help(String command) {
        return segloss(command, "--help").out().replaceAll("\\s+", " ");
    }
}
