package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.experiment.Progress;

class GeneratedDataTest {

    @Test
    void whatWasGeneratedIsUsedAgain(@TempDir Path folder) throws IOException {
        Path data = GeneratedData.in(folder, Progress.silent());
        FileTime written = Files.getLastModifiedTime(data.resolve("split.json"));
        assertThat(GeneratedData.in(folder, Progress.silent())).isEqualTo(data);
        assertThat(Files.getLastModifiedTime(data.resolve("split.json"))).isEqualTo(written);
    }
}
