package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.run.Progress;

class GeneratedDataTest {

    @Test
    void whatWasGeneratedIsUsedAgainAndWhatWasHalfGeneratedIsSweptAway(@TempDir Path folder) throws IOException {
        Path half = folder.resolve(".phantom.123e4567-e89b-42d3-a456-426614174000.tmp");
        Files.createDirectories(half.resolve("imagesTr"));
        Files.writeString(half.resolve("imagesTr/phantom_000.nii.gz"), "half");
        Path data = GeneratedData.in(folder, Progress.silent());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(data);
        }
        FileTime written = Files.getLastModifiedTime(data.resolve("split.json"));
        assertThat(GeneratedData.in(folder, Progress.silent())).isEqualTo(data);
        assertThat(Files.getLastModifiedTime(data.resolve("split.json"))).isEqualTo(written);
    }

    @Test
    void trainingsOnThePhantomAreLongEnoughToConvergeUnlessSomebodySaysOtherwise(@TempDir Path folder)
            throws IOException {
        assertThat(settings(folder)).contains("steps: 800", "learning-rate: 0.001");
        assertThat(settings(folder, "--steps", 7, "--learning-rate", 0.01))
                .contains("steps: 7\n", "learning-rate: 0.01\n");
        assertThat(settings(folder, "--optimizer", "sgd")).contains("steps: 800", "learning-rate: 0.01\n");
        assertThat(settings(folder, "--preset", "standard")).contains("steps: 4000", "learning-rate: 0.003");
    }

    private static String settings(Path folder, Object... more) throws IOException {
        Call call = segloss(Stream.concat(
                        Stream.of("compare", "--out", folder, "--losses", "bce", "--prepare", "--restart"),
                        Stream.of(more))
                .toArray());
        assertThat(call.status()).as(call.err()).isZero();
        return Files.readString(folder.resolve("experiment.yaml"));
    }
}
