package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.segloss.plan.Precision;

/// An operation in both forms, ours and that of libtorch's autograd, and their comparison.
final class Derivatives {
    private Derivatives() {}

    /// {@return the result, then the gradients of all features and all weights of its sum weighted by
    /// what [#upstream] gives}
    static List<float[]> ours(
            BiFunction<List<Features>, List<Weights>, Features> operation,
            Precision precision,
            List<Values> features,
            List<Values> weights) {
        List<Features> leaves = features.stream()
                .map(values -> Features.leaf(values.tensor().to(precision).channelsLast()))
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

    /// {@return the same by autograd}
    static List<float[]> autograd(
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

    static Values upstream(long... shape) {
        return Values.of("upstream", shape);
    }

    static float[] floats(org.bytedeco.pytorch.Tensor tensor) {
        return new Tensor(tensor.detach().to(torch.ScalarType.Float)).toArray();
    }

    /// @param share of the largest number, of each result
    static void check(List<float[]> actual, List<float[]> expected, float share) {
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

    static long[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    static int[] ints(String text) {
        return Arrays.stream(numbers(text)).mapToInt(Math::toIntExact).toArray();
    }

    static long[] shape(long first, long second, long... space) {
        return LongStream.concat(LongStream.of(first, second), Arrays.stream(space))
                .toArray();
    }
}
