package org.segloss.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
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
import org.segloss.evaluate.Evaluation;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// What losses cost beside Dice: value and gradient on 1 x 2 x 128^3 logits, softmax, labels of large ellipsoids or of
/// many small ones.
///
/// ```
/// bash benchmarks/run LossCostBenchmark
/// bash benchmarks/run LossCostBenchmark -p loss=dice,ssim,clDice
/// ```
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx4g"})
public class LossCostBenchmark {
    private static final int EDGE = 128;

    @Param({"dice", "boundary", "hausdorff", "clDice"})
    String loss;

    @Param({"organs", "blobs"})
    String mask;

    @Param("2")
    int threads;

    private MemorySegment gradient;
    private Prediction prediction;
    private Target target;
    private LossEvaluator evaluator;

    @Setup
    public void setUp() {
        Shape shape = new Shape(1, 2, EDGE, EDGE, EDGE);
        int n = (int) shape.voxels();
        MemorySegment labels = Arena.ofAuto().allocate(n, 64);
        MemorySegment.copy(Masks.of(mask, Spacing.ONE.grid(EDGE, EDGE, EDGE)), 0, labels, ValueLayout.JAVA_BYTE, 0, n);
        MemorySegment logits = Arena.ofAuto().allocate(shape.elements() * Float.BYTES, 64);
        gradient = Arena.ofAuto().allocate(shape.elements() * Float.BYTES, 64);
        Random random = new Random(1);
        for (long i = 0; i < shape.elements(); i++) {
            boolean right = (labels.get(ValueLayout.JAVA_BYTE, i % n) == 1) == (i >= n);
            logits.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() + (right ? 2 : -2)));
        }
        prediction = Prediction.logits(logits, shape);
        target = Target.labels(labels);
        evaluator = new LossEvaluator(Loss.parse(loss), Task.multiclass(2), threads);
    }

    @Benchmark
    public Evaluation evaluate() {
        return evaluator.evaluate(prediction, target, gradient);
    }
}
