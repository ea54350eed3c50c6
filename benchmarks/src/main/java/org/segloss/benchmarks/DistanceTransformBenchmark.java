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

/// The distance transform of [generated masks][Masks].
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

    @Param({"organs", "blobs", "mostlyInside"})
    String mask;

    private Grid grid;
    private byte[] voxels;

    @Setup
    public void setUp() {
        int[] size = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        grid = new Grid(size[0], size[1], size[2], 0.7, 0.7, 1.5);
        voxels = Masks.of(mask, grid);
    }

    @Benchmark
    public float[] distance() {
        return DistanceTransform.distance(voxels, grid, threads);
    }

    @Benchmark
    public float[] signed() {
        return DistanceTransform.signed(voxels, grid, threads);
    }
}
