package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.process.Child;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void anInterruptedWriteLeavesTheOldFileAndNothingElse() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("a.nii"), "old");
        Process writing = Child.start("-Xmx64m", SlowWrite.class, file);
        try (var said = writing.inputReader()) {
            assumeTrue(writing.supportsNormalTermination());
            assertThat(said.readLine()).isEqualTo("half written");
            assertThat(names()).hasSize(2);
            writing.destroy();
            writing.waitFor();
        } finally {
            writing.destroyForcibly();
        }
        assertThat(names()).containsExactly("a.nii");
        assertThat(file).hasContent("old");
    }

    private String[] names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toArray(String[]::new);
        }
    }
}
