package org.segloss.evaluate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;
import org.segloss.grid.Shape;
import org.segloss.kernel.Halves;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Random logits with a target, in the forms in which a test needs them.
public record Problem(Task task, Shape shape, float[] logits, int[] labels) {

    public static Problem random(Task task, int batch, int voxels, long seed) {
        Random random = new Random(seed);
        Shape shape = new Shape(batch, task.channels(), 1, 1, voxels);
        float[] logits = new float[(int) shape.elements()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (3 * random.nextGaussian());
        }
        int[] labels = random.ints((long) batch * voxels, 0, task.classes()).toArray();
        return new Problem(task, shape, logits, labels);
    }

    /// Such a problem as a loss takes: a line, or an image if it has to be one, and logits where the loss isn't flat.
    ///
    /// @param voxels at least
    public static Problem random(Task task, Loss loss, int batch, int voxels, long seed) {
        int rows = Losses.edge(loss);
        int columns = Math.max(rows - rows / 4, Math.ceilDiv(voxels, rows));
        Problem line = random(task, batch, rows * columns, seed);
        Shape shape = new Shape(batch, task.channels(), 1, rows, columns);
        Problem image = new Problem(task, shape, line.logits, line.labels);
        boolean right = loss.text().contains("msSsim");
        boolean wrong = loss.text().contains("Erosion");
        return right || wrong ? image.leaning(right ? 1 : -1) : image;
    }

    /// The same problem with logits that lean to its target, or against it.
    public Problem leaning(int sign) {
        MemorySegment y = softTarget().data();
        float[] leaning = new float[logits.length];
        for (int i = 0; i < leaning.length; i++) {
            leaning[i] = logits[i] / 3 + sign * (4 * y.getAtIndex(ValueLayout.JAVA_FLOAT, i) - 2);
        }
        return new Problem(task, shape, leaning, labels);
    }

    public int voxels() {
        return (int) shape.voxels();
    }

    public Prediction prediction() {
        return Prediction.logits(MemorySegment.ofArray(logits), shape);
    }

    public Prediction doublePrediction() {
        double[] wide =
                IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        return new Prediction(
                MemorySegment.ofArray(wide), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.LOGITS);
    }

    /// The logits rounded to 16 bits, as numbers of 16 bits.
    public Prediction halfPrediction(Prediction.FloatType type) {
        short[] bits = new short[logits.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = type == Prediction.FloatType.FLOAT16
                    ? Float.floatToFloat16(logits[i])
                    : Halves.floatToBfloat16(logits[i]);
        }
        return new Prediction(MemorySegment.ofArray(bits), type, shape, Prediction.Scale.LOGITS);
    }

    /// The problem with its logits rounded to 16 bits.
    public Problem rounded(Prediction.FloatType type) {
        float[] rounded = new float[logits.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = type == Prediction.FloatType.FLOAT16
                    ? Float.float16ToFloat(Float.floatToFloat16(logits[i]))
                    : Halves.bfloat16ToFloat(Halves.floatToBfloat16(logits[i]));
        }
        return new Problem(task, shape, rounded, labels);
    }

    /// Labels where the task takes them, otherwise one-hot probabilities.
    public Target target() {
        if (task.kind() == Task.Kind.MULTILABEL) {
            return softTarget();
        }
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return Target.labels(MemorySegment.ofArray(bytes));
    }

    /// The labels as probabilities of the prediction's shape, 0 and 1.
    public Target softTarget() {
        return softTarget(0);
    }

    /// @param smoothing share of the probability that goes to all outcomes alike
    public Target softTarget(double smoothing) {
        int outcomes = task.kind() == Task.Kind.MULTICLASS ? task.classes() : 2;
        int n = (int) shape.voxels();
        float[] y = new float[(int) shape.elements()];
        for (int b = 0; b < shape.batch(); b++) {
            for (int c = 0; c < task.channels(); c++) {
                for (int i = 0; i < n; i++) {
                    int label = labels[b * n + i];
                    boolean on = task.kind() == Task.Kind.BINARY ? label == 1 : label == c;
                    y[(b * task.channels() + c) * n + i] = (float) ((on ? 1 - smoothing : 0) + smoothing / outcomes);
                }
            }
        }
        return Target.probabilities(MemorySegment.ofArray(y));
    }

    public Target targetOf(Target.Type type) {
        MemorySegment memory = Arena.ofAuto().allocate((long) labels.length * type.bytes(), 8);
        for (int i = 0; i < labels.length; i++) {
            switch (type) {
                case UINT8 -> memory.set(ValueLayout.JAVA_BYTE, i, (byte) labels[i]);
                case INT16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) labels[i]);
                case INT32 -> memory.setAtIndex(ValueLayout.JAVA_INT, i, labels[i]);
                case INT64 -> memory.setAtIndex(ValueLayout.JAVA_LONG, i, labels[i]);
                default -> throw new IllegalArgumentException(type.toString());
            }
        }
        return Target.labels(memory, type);
    }

    public float[] gradient(LossEvaluator evaluator, Target target) {
        float[] gradient = new float[logits.length];
        evaluator.evaluate(prediction(), target, MemorySegment.ofArray(gradient));
        return gradient;
    }

    public double[] doubleGradient(LossEvaluator evaluator, Target target) {
        double[] gradient = new double[logits.length];
        evaluator.evaluate(doublePrediction(), target, MemorySegment.ofArray(gradient));
        return gradient;
    }
}
