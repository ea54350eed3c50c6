package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
}
