package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

/// Our losses on the inputs of [org.segloss.golden.GoldenFile], and how close they come to its numbers.
@SuppressWarnings("exports") // Jackson is of no module here, and tests are for no one else
public final class Golden {
    private Golden() {}

    /// {@return the numbers of nested lists, the last index fastest}
    public static double[] numbers(JsonNode node) {
        List<Double> all = new ArrayList<>();
        collect(node, all);
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> all) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, all));
        } else {
            all.add(node.asDouble());
        }
    }

    /// {@return the lengths of nested lists, outermost first}
    public static List<Integer> dimensions(JsonNode node) {
        List<Integer> sizes = new ArrayList<>();
        for (JsonNode at = node; at.isArray(); at = at.get(0)) {
            sizes.add(at.size());
        }
        return sizes;
    }

    /// {@return the shape of these sizes (batch, class, space...)}, of which space may have up to three
    /// dimensions
    public static Shape shape(List<Integer> sizes) {
        int[] space = {1, 1, 1};
        for (int i = 2; i < sizes.size(); i++) {
            space[i + 3 - sizes.size()] = sizes.get(i);
        }
        return new Shape(sizes.get(0), sizes.get(1), space[0], space[1], space[2]);
    }

    /// A value, and its derivatives by the prediction's numbers.
    public record Result(double value, double[] gradient) {

        public Result plus(Result other) {
            double[] sum = gradient.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other.gradient[i];
            }
            return new Result(value + other.value, sum);
        }
    }

    public static Result evaluate(
            String text, Task task, Prediction.Scale scale, Shape shape, double[] prediction, Target target) {
        double[] gradient = new double[prediction.length];
        double value = new LossEvaluator(Loss.parse(text), task, 2)
                .evaluate(
                        new Prediction(MemorySegment.ofArray(prediction), Prediction.FloatType.FLOAT64, shape, scale),
                        target,
                        MemorySegment.ofArray(gradient))
                .value();
        return new Result(value, gradient);
    }

    public static Target labels(double[] y) {
        byte[] bytes = new byte[y.length];
        for (int i = 0; i < y.length; i++) {
            bytes[i] = (byte) y[i];
        }
        return Target.labels(MemorySegment.ofArray(bytes));
    }

    public static Target probabilities(double[] y) {
        return Target.probabilities(MemorySegment.ofArray(y), Target.Type.FLOAT64);
    }

    /// {@return labels as 0 and 1 for each of the shape's channels}; a single channel is that of label 1
    public static double[] oneHot(double[] labels, Shape shape) {
        int n = (int) shape.voxels();
        double[] y = new double[(int) shape.elements()];
        for (int i = 0; i < y.length; i++) {
            int label = (int) labels[i / n / shape.classes() * n + i % n];
            int channel = shape.classes() == 1 ? 1 : i / n % shape.classes();
            y[i] = label == channel ? 1 : 0;
        }
        return y;
    }

    public static void assertClose(
            Result actual, double value, double[] gradient, double tolerance, double gradientTolerance) {
        assertThat(actual.value()).isCloseTo(value, within(tolerance));
        assertThat(actual.gradient()).as("gradient").containsExactly(gradient, within(gradientTolerance));
    }
}
