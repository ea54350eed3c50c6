package org.segloss.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.segloss.grid.DistanceTransform;
import org.segloss.grid.Grid;

/// The distance transform of generated masks. `peers/distance_transform.py` times SciPy and edt on the same
/// masks; both print the sum of all distances, by which they can be seen to agree.
///
/// ```
/// bash benchmarks/run DistanceTransformBenchmark
/// ```
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx4g"})
public class DistanceTransformBenchmark {
    @Param("2")
    int threads;

    @Param({"512x512x300", "128x128x128"})
    String shape;

    /// A few large ellipsoids; many small ones; all but few small ones.
    @Param({"organs", "blobs", "mostlyInside"})
    String mask;

    private Grid grid;
    private byte[] voxels;
    private int state;

    @Setup
    public void setUp() {
        int[] size = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        grid = new Grid(size[0], size[1], size[2], 0.7, 0.7, 1.5);
        voxels = new byte[(int) grid.voxels()];
        int least = Math.min(size[0], Math.min(size[1], size[2]));
        switch (mask) {
            case "organs" -> draw(6, least / 10, least / 3);
            case "blobs" -> draw(voxels.length / 2000, 2, 9);
            case "mostlyInside" -> {
                draw(voxels.length / 100_000, 2, 9);
                for (int i = 0; i < voxels.length; i++) {
                    voxels[i] ^= 1;
                }
            }
            default -> throw new IllegalArgumentException("unknown mask " + mask);
        }
        double sum = 0;
        for (float distance : distance()) {
            sum += distance;
        }
        System.out.printf("checksum of %s/%s: %.6e%n", mask, shape, sum);
    }

    @Benchmark
    public float[] distance() {
        return DistanceTransform.distance(voxels, grid, threads);
    }

    @Benchmark
    public float[] signed() {
        return DistanceTransform.signed(voxels, grid, threads);
    }

    /// The union of ellipsoids with pseudo-random centres and radii, in whole numbers.
    private void draw(int count, int smallest, int largest) {
        state = 1;
        for (int i = 0; i < count; i++) {
            long z = random(grid.z());
            long y = random(grid.y());
            long x = random(grid.x());
            long rz = smallest + random(largest - smallest + 1);
            long ry = smallest + random(largest - smallest + 1);
            long rx = smallest + random(largest - smallest + 1);
            long whole = rz * ry * rx * rz * ry * rx;
            for (long k = Math.max(z - rz, 0); k <= Math.min(z + rz, grid.z() - 1); k++) {
                for (long j = Math.max(y - ry, 0); j <= Math.min(y + ry, grid.y() - 1); j++) {
                    long rest =
                            whole - (k - z) * (k - z) * (whole / (rz * rz)) - (j - y) * (j - y) * (whole / (ry * ry));
                    int row = (int) ((k * grid.y() + j) * grid.x());
                    for (long l = Math.max(x - rx, 0); l <= Math.min(x + rx, grid.x() - 1); l++) {
                        if ((l - x) * (l - x) * (whole / (rx * rx)) <= rest) {
                            voxels[row + (int) l] = 1;
                        }
                    }
                }
            }
        }
    }

    private int random(int bound) {
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF;
        return (state >> 8) % bound;
    }
}
