package org.segloss.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.process.Child;

class MemoryTest {
    @TempDir
    Path folder;

    @Test
    void anImageThatDoesNotFitIntoMemoryIsAFindingAndNotTheEndOfTheProgram() throws IOException {
        // an honest file of 50 kB
        Path nifti = folder.resolve("large.nii.gz");
        Images.write(nifti, new Labels(Geometry.identity(400, 400, 300), new byte[400 * 400 * 300]));
        // as many bytes as 6000 x 6000 gray pixels may have been packed to
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(Resources.file("gray8.png")), 40_000);
        ByteBuffer.wrap(bytes).putInt(16, 6000).putInt(20, 6000);
        Path png = Files.write(folder.resolve("large.png"), bytes);
        Path small = folder.resolve("small.nii.gz");
        Images.write(small, new Labels(Geometry.identity(40, 40, 30), new byte[40 * 40 * 30]));
        Process reading = Child.start("-Xmx64m", ReadImages.class, nifti, png, small);
        try (var said = reading.inputReader()) {
            List<String> lines = said.lines().toList();
            assertThat(lines).hasSize(3);
            // 48 000 000 voxels at 1 + 1 + 4 bytes, 36 000 000 pixels at 1 + 4
            assertThat(lines.get(0)).contains("needs about 275 MiB of memory, but 64 MiB are available", "-Xmx");
            assertThat(lines.get(1)).contains("needs about 172 MiB of memory, but 64 MiB are available", "-Xmx");
            assertThat(lines.get(2)).isEqualTo("[]");
        } finally {
            reading.destroyForcibly();
        }
    }

    @Test
    void memoryThatIsJustEnoughIsEnough() {
        assertThat(FileChecks.memory(1 << 20, 1 << 20)).isEmpty();
        assertThat(FileChecks.memory((1 << 20) + 1, 1 << 20)).hasSize(1);
    }
}
