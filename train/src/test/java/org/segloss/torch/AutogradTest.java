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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.net.Network;
import org.segloss.net.Parameters;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
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

    /// The networks in libtorch's operators, by their descriptions, with autograd and in double.
    ///
    /// @param strides from each level to the next
    private record Reference(Map<String, Tensor> weights, List<List<Integer>> strides) {

        /// {@return the logits of two heads}
        List<Tensor> unet(Tensor x, boolean residual, boolean attentive) {
            List<Tensor> fine = new ArrayList<>();
            for (int level = 0; level <= strides.size(); level++) {
                String name = "down" + level;
                List<Integer> stride = level == 0 ? List.of(1, 1, 1) : strides.get(level - 1);
                Tensor first = leaky(norm(name + ".0", convolution(name + ".0", x, stride)));
                Tensor second = norm(name + ".1", convolution(name + ".1", first, List.of(1, 1, 1)));
                x = leaky(
                        residual
                                ? second.add(norm(name + ".around", convolution(name + ".around", x, stride)))
                                : second);
                fine.add(x);
            }
            List<Tensor> features = new ArrayList<>();
            for (int level = strides.size() - 1; level >= 0; level--) {
                String name = "up" + level;
                Tensor skipped = attentive ? gated(level, fine.get(level), x) : fine.get(level);
                x = torch.cat(new TensorVector(upsampled(level, x), skipped), 1);
                for (int i = 0; i < 2; i++) {
                    x = leaky(norm(name + "." + i, convolution(name + "." + i, x, List.of(1, 1, 1))));
                }
                features.add(x);
            }
            return heads(features);
        }

        List<Tensor> vnet(Tensor x) {
            List<Tensor> fine = new ArrayList<>();
            for (int level = 0; level <= strides.size(); level++) {
                String name = "down" + level;
                List<Integer> stride = level == 0 ? List.of(1, 1, 1) : strides.get(level - 1);
                x = prelu(name + ".entry", norm(name + ".entry", convolution(name + ".entry", x, stride)));
                x = residual(name, level, x, x);
                fine.add(x);
            }
            List<Tensor> features = new ArrayList<>();
            for (int level = strides.size() - 1; level >= 0; level--) {
                Tensor coarse = upsampled(level, x);
                x = residual("up" + level, level, torch.cat(new TensorVector(coarse, fine.get(level)), 1), coarse);
                features.add(x);
            }
            return heads(features);
        }

        private Tensor residual(String name, int level, Tensor x, Tensor shortcut) {
            int last = Math.min(level, 2);
            for (int i = 0; i <= last; i++) {
                Tensor normed = norm(name + "." + i, convolution(name + "." + i, x, List.of(1, 1, 1)));
                x = prelu(name + "." + i, i == last ? normed.add(shortcut) : normed);
            }
            return x;
        }

        private List<Tensor> heads(List<Tensor> features) {
            List<Tensor> logits = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String name = i == 0 ? "head" : "head" + i;
                logits.add(biased(name, features.get(features.size() - 1 - i)));
            }
            return logits;
        }

        private Tensor gated(int level, Tensor fine, Tensor coarse) {
            String name = "up" + level + ".gate";
            Tensor theta = convolution(name + ".theta", fine, strides.get(level));
            Tensor phi = biased(name + ".phi", coarse);
            Tensor attention = biased(name + ".psi", theta.add(phi).relu()).sigmoid();
            return fine.mul(repeated(level, attention));
        }

        private Tensor biased(String name, Tensor x) {
            return convolution(name, x, List.of(1, 1, 1))
                    .add(weights.get(name + ".bias").view(1, -1, 1, 1, 1));
        }

        private Tensor upsampled(int level, Tensor x) {
            return repeated(level, convolution("up" + level, x, List.of(1, 1, 1)));
        }

        private Tensor repeated(int level, Tensor narrow) {
            long[] size = new long[3];
            for (int axis = 0; axis < 3; axis++) {
                size[axis] = narrow.size(2 + axis) * strides.get(level).get(axis);
            }
            return torch.upsample_nearest3d(narrow, size);
        }

        private Tensor convolution(String name, Tensor x, List<Integer> stride) {
            Tensor kernel = weights.get(name + ".kernel");
            long[] padding = new long[3];
            long[] strideOfAxes = new long[3];
            for (int axis = 0; axis < 3; axis++) {
                padding[axis] = (kernel.size(2 + axis) - 1) / 2;
                strideOfAxes[axis] = stride.get(axis);
            }
            return torch.conv3d(x, kernel, new TensorOptional(), strideOfAxes, padding, new long[] {1, 1, 1}, 1);
        }

        private Tensor norm(String name, Tensor x) {
            return torch.group_norm(
                    x,
                    x.size(1),
                    new TensorOptional(weights.get(name + ".scale")),
                    new TensorOptional(weights.get(name + ".shift")),
                    1e-5,
                    false);
        }

        private Tensor prelu(String name, Tensor x) {
            return torch.prelu(x, weights.get(name + ".slope"));
        }

        private static Tensor leaky(Tensor x) {
            return torch.leaky_relu(x, new Scalar(0.01));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNetworksLogitsAndGradientsAreThoseOfAutogradInDouble(Architecture architecture) {
        List<List<Integer>> strides = List.of(List.of(1, 2, 2), List.of(2, 2, 2), List.of(2, 1, 2));
        List<Integer> cube = List.of(3, 3, 3);
        List<List<Integer>> kernels = List.of(List.of(1, 3, 3), cube, cube, List.of(3, 1, 3));
        NetworkPlan plan = new NetworkPlan(architecture, 3, 2, 1, 4, strides, kernels, 2);
        Shape shape = new Shape(2, 1, 8, 12, 16);
        try (Network network = new Network(plan, 5, "cpu", Precision.FLOAT32);
                Scope _ = new Scope()) {
            Parameters parameters = network.parameters();
            // a norm with scale 1 and shift 0 would hide which is which
            for (Map.Entry<String, float[]> entry :
                    parameters.split(parameters.values()).entrySet()) {
                perturb(entry.getKey(), entry.getValue(), parameters);
            }
            var image = org.segloss.torch.Tensor.of(logits(new Shape(2, 2, 8, 12, 16)), 2, 2, 8, 12, 16);
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
            Reference reference = new Reference(weights, strides);
            Tensor x = image.data().to(torch.ScalarType.Double);
            List<Tensor> expected =
                    switch (architecture) {
                        case UNET -> reference.unet(x, false, false);
                        case RESUNET -> reference.unet(x, true, false);
                        case ATTUNET -> reference.unet(x, false, true);
                        case VNET -> reference.vnet(x);
                    };
            List<org.segloss.torch.Tensor> upstream = new ArrayList<>();
            Tensor sum = torch.zeros(1).to(torch.ScalarType.Double);
            for (Tensor head : expected) {
                long[] size = head.shape();
                var factors = org.segloss.torch.Tensor.of(
                        logits(new Shape(2, 1, (int) size[2], (int) size[3], (int) size[4])), size);
                upstream.add(factors.copy());
                sum = sum.add(
                        head.mul(factors.data().to(torch.ScalarType.Double)).sum());
            }
            sum.backward();

            List<Features> outputs = network.outputs(image);
            for (int head = 0; head < 2; head++) {
                assertThat(distance(outputs.get(head).value().toArray(), floats(expected.get(head))))
                        .isLessThan(1e-5);
            }
            assertThat(network.apply(image).toArray())
                    .isEqualTo(outputs.getFirst().value().toArray());
            Features.back(outputs, upstream);
            // a float's 6e-8 times some hundred roundings on the way there and back
            parameters
                    .split(parameters.gradient())
                    .forEach((name, gradient) -> assertThat(
                                    distance(gradient, floats(weights.get(name).grad())))
                            .as(name)
                            .isLessThan(1e-5));
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
