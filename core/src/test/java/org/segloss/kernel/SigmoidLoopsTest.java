package org.segloss.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigmoidLoopsTest {
    @TempDir
    Path folder;

    /// Otherwise memory would be copied, slowly, and no number would tell.
    @Test
    void eachKindOfMemoryHasItsLoops() throws IOException {
        SigmoidLoops overNative = SigmoidLoops.overNative();
        SigmoidLoops overArrays = SigmoidLoops.overArrays();
        Path file = Files.write(folder.resolve("logits"), new byte[64]);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 64, arena);
            for (MemorySegment memory :
                    new MemorySegment[] {arena.allocate(64), arena.allocate(65).asSlice(1), mapped}) {
                assertThat(overNative.take(memory)).isTrue();
                assertThat(overNative.takeLabels(memory)).isTrue();
                assertThat(overArrays.take(memory)).isFalse();
                assertThat(overArrays.takeLabels(memory)).isFalse();
            }
        }
        MemorySegment floats = MemorySegment.ofArray(new float[16]).asSlice(4).asReadOnly();
        MemorySegment bytes = MemorySegment.ofArray(new byte[16]);
        assertThat(overArrays.take(floats)).isTrue();
        assertThat(overArrays.takeLabels(bytes)).isTrue();
        assertThat(overArrays.take(bytes)).isFalse();
        assertThat(overArrays.takeLabels(floats)).isFalse();
        assertThat(overNative.take(floats)).isFalse();
        assertThat(overNative.takeLabels(bytes)).isFalse();
    }
}
