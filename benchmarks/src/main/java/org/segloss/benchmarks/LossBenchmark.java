package org.segloss.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Binary cross-entropy plus Dice with gradient on 2 x 1 x 128^3 logits and uint8 labels: the evaluator, and the same
/// formula composed of libtorch operators with autograd, in one run of JMH with the same number of threads.
///
/// ```
/// bash benchmarks/run LossBenchmark -prof gc
/// ```
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx4g"})
public class LossBenchmark {
    private static final int EDGE = 128;
    private static final double SMOOTH = 1e-5;

    @Param("2")
    int threads;

    private float[] logits;
    private float[] gradient;
    private byte[] labels;
    private Prediction prediction;
    private Target target;
    private LossEvaluator evaluator;

    private Tensor logitsTensor;
    private Tensor labelsTensor;

    /// @throws IllegalStateException if the two don't agree: then there is nothing to compare
    @Setup
    public void setUp() {
        Shape shape = new Shape(2, 1, EDGE, EDGE, EDGE);
        int n = (int) shape.elements();
        Random random = new Random(1);
        logits = new float[n];
        labels = new byte[n];
        for (int i = 0; i < n; i++) {
            labels[i] = (byte) (random.nextInt(20) == 0 ? 1 : 0);
            logits[i] = (float) (2 * random.nextGaussian() + (labels[i] == 1 ? 1 : -2));
        }
        gradient = new float[n];
        prediction = Prediction.logits(MemorySegment.ofArray(logits), shape);
        target = Target.labels(MemorySegment.ofArray(labels));
        evaluator = new LossEvaluator(Loss.parse("bce + dice"), Task.binary(), threads);

        torch.set_num_threads(threads);
        long[] sizes = {2, 1, EDGE, EDGE, EDGE};
        logitsTensor = torch.tensor(logits).reshape(sizes).set_requires_grad(true);
        labelsTensor = torch.tensor(labels).reshape(sizes);

        double ours = segloss();
        double theirs = libtorch();
        // libtorch sums in float
        if (!(Math.abs(ours - theirs) <= 1e-5 * Math.abs(ours))) {
            throw new IllegalStateException("segloss gives %s, libtorch %s".formatted(ours, theirs));
        }
        float[] theirGradient = new float[n];
        new FloatPointer(logitsTensor.grad().data_ptr_float()).get(theirGradient);
        for (int i = 0; i < n; i++) {
            if (!(Math.abs(gradient[i] - theirGradient[i]) <= 1e-5f / n)) {
                throw new IllegalStateException("at logit %d segloss has the gradient %s, libtorch %s"
                        .formatted(i, gradient[i], theirGradient[i]));
            }
        }
    }

    @Benchmark
    public double segloss() {
        return evaluator
                .evaluate(prediction, target, MemorySegment.ofArray(gradient))
                .value();
    }

    @Benchmark
    public double seglossValueOnly() {
        return evaluator.evaluate(prediction, target).value();
    }

    @Benchmark
    public double libtorch() {
        try (var _ = new PointerScope()) {
            Scalar smooth = new Scalar(SMOOTH);
            Tensor y = labelsTensor.to(torch.ScalarType.Float);
            Tensor bce = torch.binary_cross_entropy_with_logits(logitsTensor, y);
            Tensor p = logitsTensor.sigmoid();
            long[] space = {1, 2, 3, 4};
            Tensor numerator = p.mul(y).sum(space).mul(new Scalar(2)).add(smooth);
            Tensor denominator = p.sum(space).add(y.sum(space)).add(smooth);
            Tensor dice = numerator.div(denominator).neg().add(new Scalar(1)).mean();
            Tensor loss = bce.add(dice);
            logitsTensor.mutable_grad().reset();
            loss.backward();
            return loss.item_double();
        }
    }

    /// The bandwidth bound: nothing that reads the logits and writes a gradient can be faster.
    @Benchmark
    public float copy() {
        System.arraycopy(logits, 0, gradient, 0, logits.length);
        return gradient[gradient.length - 1];
    }
}
