package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.segloss.plan.Precision;

/// An operation in both forms, ours and that of libtorch's autograd, and their comparison.
public final class Derivatives {
    private Derivatives() {}

    /// {@return the result, then the gradients of all features and all weights of its sum weighted by
    /// what [#upstream] gives}
    public static List<float[]> ours(
            Operators operators,
            BiFunction<List<Features>, List<Weights>, Features> operation,
            Precision precision,
            List<Values> features,
            List<Values> weights) {
        List<Features> leaves = features.stream()
                .map(values -> Features.leaf(values.tensor().to(precision).channelsLast(), operators))
                .toList();
        List<Weights> learnt = weights.stream().map(Values::weights).toList();
        Features made = operation.apply(leaves, learnt);
        List<float[]> all = new ArrayList<>(List.of(made.value().toArray()));
        Features.back(
                List.of(made), List.of(upstream(made.value().shape()).tensor().to(precision)));
        leaves.forEach(leaf -> all.add(leaf.gradient().orElseThrow().toArray()));
        learnt.forEach(weight -> all.add(weight.gradient().toArray()));
        return all;
    }

    /// {@return the same by libtorch's operators}
    static List<float[]> ours(
            BiFunction<List<Features>, List<Weights>, Features> operation,
            Precision precision,
            List<Values> features,
            List<Values> weights) {
        return ours(Operators.LIBTORCH, operation, precision, features, weights);
    }

    /// {@return the same by autograd}
    public static List<float[]> autograd(
            BiFunction<
                            List<org.bytedeco.pytorch.Tensor>,
                            List<org.bytedeco.pytorch.Tensor>,
                            org.bytedeco.pytorch.Tensor>
                    operation,
            List<Values> features,
            List<Values> weights) {
        var leaves = features.stream().map(Values::variable).toList();
        var learnt = weights.stream().map(Values::variable).toList();
        var made = operation.apply(leaves, learnt);
        List<float[]> all = new ArrayList<>(List.of(floats(made)));
        made.mul(upstream(made.shape()).tensor().data().to(torch.ScalarType.Double))
                .sum()
                .backward();
        leaves.forEach(leaf -> all.add(floats(leaf.grad())));
        learnt.forEach(weight -> all.add(floats(weight.grad())));
        return all;
    }

    /// {@return the convolution} by libtorch, padded with `(edge - 1) / 2` zeros
    public static org.bytedeco.pytorch.Tensor convolution(
            org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor kernel, long[] stride) {
        long[] padding = Arrays.stream(kernel.shape())
                .skip(2)
                .map(edge -> (edge - 1) / 2)
                .toArray();
        long[] ones = new long[stride.length];
        Arrays.fill(ones, 1);
        return stride.length == 2
                ? torch.conv2d(x, kernel, new TensorOptional(), stride, padding, ones, 1)
                : torch.conv3d(x, kernel, new TensorOptional(), stride, padding, ones, 1);
    }

    /// {@return each voxel repeated} by libtorch
    public static org.bytedeco.pytorch.Tensor upsampled(org.bytedeco.pytorch.Tensor x, int[] factors) {
        long[] size = IntStream.range(0, factors.length)
                .mapToLong(axis -> factors[axis] * x.size(2 + axis))
                .toArray();
        return factors.length == 2 ? torch.upsample_nearest2d(x, size) : torch.upsample_nearest3d(x, size);
    }

    public static Values upstream(long... shape) {
        return Values.of("upstream", shape);
    }

    public static float[] floats(org.bytedeco.pytorch.Tensor tensor) {
        return new Tensor(tensor.detach().to(torch.ScalarType.Float)).toArray();
    }

    /// @param share of the largest number, of each result
    public static void check(List<float[]> actual, List<float[]> expected, float share) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            float largest = 1e-3f;
            float error = 0;
            assertThat(actual.get(i)).hasSameSizeAs(expected.get(i));
            for (int j = 0; j < expected.get(i).length; j++) {
                largest = Math.max(largest, Math.abs(expected.get(i)[j]));
                error = Math.max(error, Math.abs(actual.get(i)[j] - expected.get(i)[j]));
            }
            assertThat(error / largest).as("result %d", i).isLessThanOrEqualTo(share);
        }
    }

    public static long[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    public static int[] ints(String text) {
        return Arrays.stream(numbers(text)).mapToInt(Math::toIntExact).toArray();
    }

    public static long[] shape(long first, long second, long... space) {
        return LongStream.concat(LongStream.of(first, second), Arrays.stream(space))
                .toArray();
    }
}
