package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

class LargeVolumeTest {

    /// Four times 512^3 voxels and a few: offsets beyond 2^31 bytes, and a last block that is not full.
    @Test
    void offsetsBeyondAnIntAreRight() throws Exception {
        assumeThat(availableMemory()).as("GiB of available memory").isGreaterThan(7);
        int edge = (1 << 29) + 37;
        Shape shape = new Shape(1, 1, 1, 1, edge);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment logits = arena.allocate(4L * edge);
            MemorySegment gradient = arena.allocate(4L * edge);
            MemorySegment labels = arena.allocate(edge);
            for (long i = edge - 3; i < edge; i++) {
                logits.setAtIndex(ValueLayout.JAVA_FLOAT, i, 3);
                labels.set(ValueLayout.JAVA_BYTE, i, (byte) 1);
            }
            double p = 1 / (1 + Math.exp(-3));
            double n = edge;
            double sumP = 0.5 * (n - 3) + 3 * p;

            double value = new LossEvaluator(Loss.parse("bce + dice(smooth=0)"), Task.binary())
                    .evaluate(Prediction.logits(logits, shape), Target.labels(labels), gradient)
                    .value();

            double bce = (Math.log(2) * (n - 3) - 3 * Math.log(p)) / n;
            double denominator = sumP + 3;
            assertThat(value).isCloseTo(bce + 1 - 2 * 3 * p / denominator, within(1e-6));
            // dice: -2 y / d + 2 TP / d^2, times p (1 - p)
            double first = 0.5 / n + 0.25 * 6 * p / (denominator * denominator);
            double last = (p - 1) / n + p * (1 - p) * (-2 / denominator + 6 * p / (denominator * denominator));
            assertThat((double) gradient.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isCloseTo(first, within(1e-6 * first));
            assertThat((double) gradient.getAtIndex(ValueLayout.JAVA_FLOAT, edge - 4))
                    .isCloseTo(first, within(1e-6 * first));
            assertThat((double) gradient.getAtIndex(ValueLayout.JAVA_FLOAT, edge - 1))
                    .isCloseTo(last, within(-2e-6 * last));
        }
    }

    /// {@return GiB, as Linux says; 0 elsewhere}
    private static long availableMemory() throws Exception {
        Path file = Path.of("/proc/meminfo");
        Matcher matcher =
                Pattern.compile("MemAvailable:\\s+(\\d+) kB").matcher(Files.exists(file) ? Files.readString(file) : "");
        return matcher.find() ? Long.parseLong(matcher.group(1)) >> 20 : 0;
    }
}
