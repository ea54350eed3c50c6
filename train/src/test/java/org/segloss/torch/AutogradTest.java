package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.LossEvaluator;
import org.segloss.loss.Prediction;
import org.segloss.loss.Target;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.net.NetworkPlan;
import org.segloss.net.Parameters;
import org.segloss.random.CounterRandom;

/// The evaluator's values and gradients against libtorch's autograd on the same formulas.
///
/// libtorch runs in double here, so the tolerance is the evaluator's: floats in, a gradient in float.
class AutogradTest {
    /// A block that has to be padded takes other loops of the evaluator than one of whole groups of lanes.
    private static final List<int[]> SPACES = List.of(new int[] {4, 5, 6}, new int[] {4, 4, 8});

    /// Formulas of (logits, one-hot target), both double, written with libtorch's operators.
    private static final Map<String, BinaryOperator<Tensor>> OF_SIGMOID = Map.of(
            "bce", AutogradTest::bce,
            "bce(clip=0.05)", AutogradTest::clippedBce,
            "dice(smooth=1)", (x, y) -> overlap(x.sigmoid(), y, 0.5, 0.5, 0.5, 1),
            "squaredDice(smooth=1)", (x, y) -> overlap(x.sigmoid(), y, 0.5, 0.5, 0.5, 2),
            "tversky(fp=0.3, fn=0.7, smooth=0.5)", (x, y) -> overlap(x.sigmoid(), y, 0.3, 0.7, 0.5, 1),
            "focal(alpha=0.25, gamma=2)", (x, y) -> focal(x, y).mean(),
            "focal(alpha=0.25, gamma=2, reduction=sum)", (x, y) -> focal(x, y).sum(),
            "bce + log1p(dice(smooth=1))",
                    (x, y) -> bce(x, y)
                            .add(overlap(x.sigmoid(), y, 0.5, 0.5, 0.5, 1).log1p()),
            "2*bce - 0.5*tversky(fp=0.3, fn=0.7, smooth=0.5)",
                    (x, y) -> times(bce(x, y), 2).add(times(overlap(x.sigmoid(), y, 0.3, 0.7, 0.5, 1), -0.5)));

    private static final Map<String, BinaryOperator<Tensor>> OF_SOFTMAX = Map.of(
            "ce", (x, y) -> times(x.log_softmax(1).mul(y).sum(1).mean(), -1),
            "dice(smooth=1)", (x, y) -> overlap(x.softmax(1), y, 0.5, 0.5, 0.5, 1),
            "squaredDice(smooth=1)", (x, y) -> overlap(x.softmax(1), y, 0.5, 0.5, 0.5, 2),
            "focal(alpha=0.25, gamma=2)", AutogradTest::softmaxFocal,
            "ce + log1p(tversky(fp=0.3, fn=0.7, smooth=0.5))",
                    (x, y) -> times(x.log_softmax(1).mul(y).sum(1).mean(), -1)
                            .add(overlap(x.softmax(1), y, 0.3, 0.7, 0.5, 1).log1p()));

    static final Iterable<String> SIGMOID_LOSSES = OF_SIGMOID.keySet();
    static final Iterable<String> SOFTMAX_LOSSES = OF_SOFTMAX.keySet();

    private static Tensor times(Tensor x, double factor) {
        return x.mul(new Scalar(factor));
    }

    private static Tensor bce(Tensor x, Tensor y) {
        return x.clamp_min(new Scalar(0))
                .sub(x.mul(y))
                .add(x.abs().neg().exp().log1p())
                .mean();
    }

    // the clamp's derivative is 0 outside
    private static Tensor clippedBce(Tensor x, Tensor y) {
        Tensor p = x.sigmoid().clamp_min(new Scalar(0.05)).clamp_max(new Scalar(0.95));
        Tensor q = p.neg().add(new Scalar(1));
        Tensor background = y.neg().add(new Scalar(1));
        return times(y.mul(p.log()).add(background.mul(q.log())).mean(), -1);
    }

    private static Tensor softmaxFocal(Tensor x, Tensor y) {
        Tensor logP = x.log_softmax(1);
        Tensor wrong = logP.exp().neg().add(new Scalar(1));
        Tensor each = y.mul(wrong).mul(wrong).mul(logP);
        // a class of three: background weighs 0.75
        Tensor background = each.narrow(1, 0, 1).mean();
        Tensor foreground = each.narrow(1, 1, 2).sum(1).mean();
        return times(background, -0.75).add(times(foreground, -0.25));
    }

    // -a (1 - p)^2 log p of the true outcome's p, with a = 0.25 in the foreground and 0.75 outside
    private static Tensor focal(Tensor x, Tensor y) {
        Tensor sign = times(y, 2).sub(new Scalar(1));
        Tensor logP = torch.log_sigmoid(x.mul(sign));
        Tensor wrong = logP.exp().neg().add(new Scalar(1));
        Tensor factor = times(y, -0.5).add(new Scalar(0.75));
        return factor.mul(wrong).mul(wrong).mul(logP).neg();
    }

    // 1 - (TP + s) / (TP + fp FP + fn FN + s) of each sample and class, then the mean
    private static Tensor overlap(Tensor p, Tensor y, double fp, double fn, double smooth, int power) {
        Tensor both = sum(p.mul(y));
        Tensor predicted = sum(power == 2 ? p.mul(p) : p);
        Tensor expected = sum(y);
        Tensor below = both.add(times(predicted.sub(both), fp)).add(times(expected.sub(both), fn));
        Tensor ratio = both.add(new Scalar(smooth)).div(below.add(new Scalar(smooth)));
        return ratio.neg().add(new Scalar(1)).mean();
    }

    private static Tensor sum(Tensor x) {
        return x.flatten(2, -1).sum(2);
    }

    private static float[] logits(Shape shape) {
        CounterRandom random = CounterRandom.of(3, "logits");
        float[] logits = new float[(int) shape.elements()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (4 * random.nextGaussian());
        }
        return logits;
    }

    private static byte[] labels(Shape shape, int classes) {
        CounterRandom random = CounterRandom.of(4, "labels");
        byte[] labels = new byte[(int) (shape.batch() * shape.voxels())];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) random.nextInt(classes);
        }
        return labels;
    }

    /// 1 where the label is that of the channel; one channel of a binary task stands for label 1.
    private static float[] oneHot(byte[] labels, Shape shape) {
        float[] oneHot = new float[(int) shape.elements()];
        int voxels = (int) shape.voxels();
        for (int i = 0; i < oneHot.length; i++) {
            int channel = i / voxels % shape.classes();
            int label = labels[i / (voxels * shape.classes()) * voxels + i % voxels];
            oneHot[i] = label == (shape.classes() == 1 ? 1 : channel) ? 1 : 0;
        }
        return oneHot;
    }

    private static Tensor doubles(float[] values, Shape shape) {
        return org.segloss.torch.Tensor.of(values, shape.batch(), shape.classes(), shape.z(), shape.y(), shape.x())
                .data()
                .to(torch.ScalarType.Double);
    }

    private static void check(String text, Task task, Shape shape, BinaryOperator<Tensor> formula) {
        float[] logits = logits(shape);
        byte[] labels = labels(shape, task.classes());
        float[] gradient = new float[logits.length];
        double value = new LossEvaluator(Loss.parse(text), task)
                .evaluate(
                        Prediction.logits(MemorySegment.ofArray(logits), shape),
                        Target.labels(MemorySegment.ofArray(labels)),
                        MemorySegment.ofArray(gradient))
                .value();
        try (Scope _ = new Scope()) {
            Tensor x = doubles(logits, shape).requires_grad_(true);
            Tensor loss = formula.apply(x, doubles(oneHot(labels, shape), shape));
            loss.backward();
            float[] expected = new org.segloss.torch.Tensor(x.grad()).to("cpu").toArray();

            double longest = 0;
            for (float g : expected) {
                longest = Math.max(longest, Math.abs(g));
            }
            assertThat(value).isEqualTo(loss.item_double(), within(1e-5 * Math.abs(loss.item_double())));
            for (int i = 0; i < gradient.length; i++) {
                assertThat((double) gradient[i]).as("voxel %d", i).isEqualTo(expected[i], within(1e-5 * longest));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SIGMOID_LOSSES")
    void valueAndGradientOfABinaryTaskAreThoseOfAutograd(String text) {
        for (int[] space : SPACES) {
            check(text, Task.binary(), new Shape(2, 1, space[0], space[1], space[2]), OF_SIGMOID.get(text));
        }
    }

    @ParameterizedTest
    @FieldSource("SOFTMAX_LOSSES")
    void valueAndGradientOfAMulticlassTaskAreThoseOfAutograd(String text) {
        for (int[] space : SPACES) {
            check(text, Task.multiclass(3), new Shape(2, 3, space[0], space[1], space[2]), OF_SOFTMAX.get(text));
        }
    }

    /// The U-Net in libtorch's operators, written by its description: for a level two convolutions of edge 3,
    /// each with an instance norm and a leaky rectifier, the first of them with stride 2 on the way down; on
    /// the way up a pointwise convolution, nearest-neighbour upsampling and the finer level's channels behind.
    private static Tensor unet(Map<String, Tensor> weights, Tensor x, int levels) {
        List<Tensor> fine = new ArrayList<>();
        for (int level = 0; level < levels; level++) {
            x = twice(weights, "down" + level, x, level == 0 ? 1 : 2);
            fine.add(x);
        }
        for (int level = levels - 2; level >= 0; level--) {
            Tensor narrow = convolution(x, weights.get("up" + level + ".kernel"), 1, 0);
            long[] size = fine.get(level).shape();
            Tensor upsampled = torch.upsample_nearest3d(narrow, size[2], size[3], size[4]);
            x = twice(weights, "up" + level, torch.cat(new TensorVector(upsampled, fine.get(level)), 1), 1);
        }
        return convolution(x, weights.get("head.kernel"), 1, 0)
                .add(weights.get("head.bias").view(1, -1, 1, 1, 1));
    }

    private static Tensor twice(Map<String, Tensor> weights, String name, Tensor x, int stride) {
        for (int i = 0; i < 2; i++) {
            Tensor convolved = convolution(x, weights.get(name + "." + i + ".kernel"), i == 0 ? stride : 1, 1);
            Tensor normed = torch.group_norm(
                    convolved,
                    convolved.size(1),
                    new TensorOptional(weights.get(name + "." + i + ".scale")),
                    new TensorOptional(weights.get(name + "." + i + ".shift")),
                    1e-5,
                    false);
            x = torch.leaky_relu(normed, new Scalar(0.01));
        }
        return x;
    }

    private static Tensor convolution(Tensor x, Tensor kernel, long stride, long padding) {
        return torch.conv3d(
                x,
                kernel,
                new TensorOptional(),
                new long[] {stride, stride, stride},
                new long[] {padding, padding, padding},
                new long[] {1, 1, 1},
                1);
    }

    @Test
    void theNetworksValuesAndGradientsAreThoseOfAutogradInDouble() {
        NetworkPlan plan = new NetworkPlan(NetworkPlan.Architecture.UNET, 3, 1, 1, 4, 3, 1);
        Shape shape = new Shape(2, 1, 4, 8, 12);
        byte[] labels = labels(shape, 2);
        try (Network network = new Network(plan, 5, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            Parameters parameters = network.parameters();
            // a norm with scale 1 and shift 0 would hide which is which
            for (Map.Entry<String, float[]> entry :
                    parameters.split(parameters.values()).entrySet()) {
                perturb(entry.getKey(), entry.getValue(), parameters);
            }
            var image = org.segloss.torch.Tensor.of(logits(shape), 2, 1, 4, 8, 12);
            Map<String, Tensor> weights = new LinkedHashMap<>();
            parameters
                    .split(parameters.values())
                    .forEach((name, values) -> weights.put(
                            name,
                            org.segloss.torch.Tensor.of(
                                            values, parameters.shapes().get(name))
                                    .data()
                                    .to(torch.ScalarType.Double)
                                    .requires_grad_(true)));
            Tensor expectedLogits = unet(weights, image.data().to(torch.ScalarType.Double), 3);
            bce(expectedLogits, doubles(oneHot(labels, shape), shape)).backward();

            List<Features> outputs = network.outputs(image);
            var ours = org.segloss.torch.Tensor.zeros("cpu", 2, 1, 4, 8, 12);
            new LossEvaluator(Loss.parse("bce"), Task.binary())
                    .evaluate(
                            Prediction.logits(
                                    outputs.getFirst().value().toHost().memory(), shape),
                            Target.labels(MemorySegment.ofArray(labels)),
                            ours.memory());
            Features.back(outputs, List.of(ours));

            assertThat(distance(outputs.getFirst().value().toArray(), floats(expectedLogits)))
                    .isLessThan(1e-5);
            assertThat(network.apply(image).toArray())
                    .isEqualTo(outputs.getFirst().value().toArray());
            // a float's 6e-8 times some hundred roundings on the way there and back
            parameters
                    .split(parameters.gradient())
                    .forEach((name, gradient) -> assertThat(
                                    distance(gradient, floats(weights.get(name).grad())))
                            .as(name)
                            .isLessThan(1e-4));
        }
    }

    private static void perturb(String name, float[] values, Parameters parameters) {
        if (!name.endsWith("kernel")) {
            CounterRandom random = CounterRandom.of(7, name);
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) random.nextGaussian() / 2;
            }
            Map<String, float[]> all = parameters.split(parameters.values());
            all.put(name, values);
            parameters.load(all);
        }
    }

    private static float[] floats(Tensor tensor) {
        return new org.segloss.torch.Tensor(tensor.detach().to(torch.ScalarType.Float)).toArray();
    }

    private static double distance(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double norm = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            norm += expected[i] * expected[i];
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }
        assertThat(norm).isPositive();
        return Math.sqrt(difference / norm);
    }
}
