package org.segloss.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.segloss.torch.Derivatives.autograd;
import static org.segloss.torch.Derivatives.check;
import static org.segloss.torch.Derivatives.convolution;
import static org.segloss.torch.Derivatives.numbers;
import static org.segloss.torch.Derivatives.ours;
import static org.segloss.torch.Derivatives.shape;
import static org.segloss.torch.Derivatives.upsampled;
import static org.segloss.torch.Derivatives.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.plan.Precision;

/// Operations without a way back of ours.
@ExtendWith(InScope.class)
class OperationTest {
    /// Weighs each voxel of the first features by what a pointwise convolution with bias makes of the second.
    private static final Features.Operation WEIGHING = (x, w) -> x.get(0)
            .times(x.get(1).relu().convolve(w.get(0), w.get(1)).sigmoid().upsample(2, 2, 1))
            .plus(x.get(0));

    private static final List<Values> FEATURES =
            List.of(Values.of("fine", 2, 3, 4, 6, 5), Values.of("coarse", 2, 5, 2, 3, 5));
    private static final List<Values> WEIGHTS = List.of(Values.of("kernel", 1, 5, 1, 1, 1), Values.of("bias", 1));

    private static List<float[]> weighed(Precision precision) {
        return ours((x, w) -> Features.autograd(x, w, WEIGHING), precision, FEATURES, WEIGHTS);
    }

    @ParameterizedTest
    @EnumSource
    void anOperationsGradientsAreThoseOfAutogradInDouble(Precision precision) {
        // of bfloat16 each of some five roundings is 2^-9, and a sum over a thousand voxels is rounded once
        check(
                weighed(precision),
                autograd(
                        (x, w) -> {
                            var score = convolution(x.get(1).relu(), w.get(0), new long[] {1, 1, 1})
                                    .add(w.get(1).view(1, 1, 1, 1, 1));
                            return x.get(0)
                                    .mul(upsampled(score.sigmoid(), new int[] {2, 2, 1}))
                                    .add(x.get(0));
                        },
                        FEATURES,
                        WEIGHTS),
                precision == Precision.BFLOAT16 ? 1f / 64 : 1e-5f);
    }

    /// The same sum as [Derivatives#ours] goes back from, by central differences.
    @Test
    void anOperationsGradientsAreItsDifferenceQuotients() {
        List<float[]> all = weighed(Precision.FLOAT32);
        float[] upstream = upstream(2, 3, 4, 6, 5).numbers();
        List<Values> inputs = List.of(WEIGHTS.get(0), WEIGHTS.get(1), FEATURES.get(0));
        List<float[]> gradients = List.of(all.get(3), all.get(4), all.get(1));
        // smooth in these: the error is about h^2, that of the sum's floats 1e-5 / h
        float h = 1f / 64;
        for (int i = 0; i < inputs.size(); i++) {
            float[] numbers = inputs.get(i).numbers();
            for (int at = 0; at < numbers.length; at += 7) {
                float before = numbers[at];
                numbers[at] = before + h;
                double above = sum(weighed(Precision.FLOAT32).getFirst(), upstream);
                numbers[at] = before - h;
                double below = sum(weighed(Precision.FLOAT32).getFirst(), upstream);
                numbers[at] = before;
                double quotient = (above - below) / (2 * h);
                assertThat((double) gradients.get(i)[at])
                        .as("input %d, number %d", i, at)
                        .isEqualTo(quotient, within(2e-3 + 1e-3 * Math.abs(quotient)));
            }
        }
    }

    private static double sum(float[] values, float[] factors) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> (double) values[i] * factors[i])
                .sum();
    }

    /// oneDNN goes wrong on the way back from two slices in bfloat16.
    @ParameterizedTest
    @CsvSource({
        "1 6 6,3 3 3,1 1 1",
        "2 6 6,3 3 3,1 1 1",
        "3 6 6,3 3 3,1 1 1",
        "2 6 6,3 3 3,1 2 2",
        "4 6 6,3 3 3,2 2 2",
        "4 6 6,2 2 2,2 2 2",
        "2 6 6,1 3 3,1 1 1",
        "5 6,3 3,1 1",
        "4 6,2 2,2 2",
    })
    void aConvolutionsGradientsAreThoseOfAutogradInDouble(String space, String edges, String strides) {
        long[] stride = numbers(strides);
        int[] steps = Arrays.stream(stride).mapToInt(Math::toIntExact).toArray();
        for (int in : new int[] {1, 8}) {
            List<Values> image = List.of(Values.of("image", shape(2, in, numbers(space))));
            List<Values> kernel = List.of(Values.of("kernel", shape(16, in, numbers(edges))));
            List<float[]> expected = autograd((x, w) -> convolution(x.getFirst(), w.getFirst(), stride), image, kernel);
            for (Precision precision : Precision.values()) {
                check(
                        ours(
                                (x, w) -> Features.autograd(
                                        x, w, (y, v) -> y.getFirst().convolve(v.getFirst(), steps)),
                                precision,
                                image,
                                kernel),
                        expected,
                        precision == Precision.BFLOAT16 ? 1f / 256 : 1e-5f);
            }
        }
    }

    /// libtorch gives both terms of a sum the same gradient, in the same memory, and an earlier operation adds to it.
    @Test
    void eachOfTheFeaturesHasAGradientOfItsOwn() {
        List<Values> features = List.of(Values.of("one", 1, 2, 3, 3), Values.of("other", 1, 2, 3, 3));
        check(
                ours(
                        (x, _) -> {
                            Features earlier = x.get(0).upsample(1, 1);
                            return Features.autograd(
                                            x, List.of(), (y, _) -> y.get(0).plus(y.get(1)))
                                    .plus(earlier);
                        },
                        Precision.FLOAT32,
                        features,
                        List.of()),
                autograd((x, _) -> x.get(0).add(x.get(1)).add(x.get(0)), features, List.of()),
                1e-6f);
    }

    @Test
    void imagesAreConstantsOfAnOperation() {
        Features images = Features.toTrain(Values.of("image", 1, 2, 4, 4).tensor(), Operators.LIBTORCH);
        Weights kernel = Values.of("kernel", 3, 2, 3, 3).weights();
        Features made = Features.autograd(
                List.of(images), List.of(kernel), (x, w) -> x.getFirst().convolve(w.getFirst(), new int[] {1, 1}));
        Features.back(List.of(made), List.of(upstream(1, 3, 4, 4).tensor()));

        assertThat(images.gradient()).isEmpty();
        assertThat(kernel.gradient().norm()).isPositive();
    }

    @Test
    void ofAPredictionNothingIsRecordedAndOnlyTheResultKept() {
        List<Tensor> between = new ArrayList<>();
        Features made = remembering(Features.toPredict(FEATURES.getFirst().tensor(), Operators.LIBTORCH), between);

        assertThat(made.value().data().requires_grad()).isFalse();
        assertThat(between)
                .hasSize(1)
                .allSatisfy(tensor -> assertThat(tensor.data().isNull()).isTrue());
        assertThat(made.value().toArray()).hasSize(720);
    }

    @Test
    void aTrainingGivesUpTheRecordOnTheWayBack() {
        List<Tensor> between = new ArrayList<>();
        Features leaf = Features.leaf(FEATURES.getFirst().tensor(), Operators.LIBTORCH);
        Features made = remembering(leaf, between);
        assertThat(made.value().data().requires_grad()).isFalse();
        assertThat(between).hasSize(2);
        // a tensor between, whose numbers the record may hold, and the leaf, which it does
        assertThat(between.get(0).data().isNull()).isTrue();
        assertThat(between.get(1).data().isNull()).isFalse();

        Features.back(List.of(made), List.of(upstream(2, 3, 4, 6, 5).tensor()));
        assertThat(between.get(1).data().isNull()).isTrue();
        assertThat(made.value().data().isNull()).isTrue();
        assertThat(leaf.gradient().orElseThrow().toArray()).hasSize(720);
    }

    /// @param between gets what lives in the operation alone, then in a training its leaf
    private static Features remembering(Features features, List<Tensor> between) {
        return Features.autograd(List.of(features), List.of(), (x, _) -> {
            Tensor sigmoid = x.getFirst().sigmoid();
            between.add(sigmoid);
            if (x.getFirst() != features.value()) {
                between.add(x.getFirst());
            }
            return sigmoid.times(sigmoid);
        });
    }

    /// A rectifier of ours works in place.
    @Test
    void numbersThatTheWayBackNeedsAreNotToBeChanged() {
        Features leaf = Features.leaf(FEATURES.getFirst().tensor(), Operators.LIBTORCH);
        Features made = Features.autograd(
                        List.of(leaf), List.of(), (x, _) -> x.getFirst().sigmoid())
                .leakyRelu();
        List<Features> features = List.of(made);
        List<Tensor> gradients = List.of(upstream(2, 3, 4, 6, 5).tensor());

        assertThatThrownBy(() -> Features.back(features, gradients))
                .hasMessageContaining("has been modified by an inplace operation");
    }

    /// Of features large enough to be divided among threads.
    @ParameterizedTest
    @EnumSource
    void theBitsOfAnOperationDontDependOnThreads(Precision precision) {
        List<Values> features = List.of(Values.of("fine", 1, 8, 32, 64, 64), Values.of("coarse", 1, 16, 16, 32, 64));
        List<Values> weights = List.of(Values.of("kernel", 1, 16, 1, 1, 1), Values.of("bias", 1));
        int before = Libtorch.threads();
        List<float[]> first = List.of();
        try {
            for (int threads : new int[] {1, 2, 5}) {
                Libtorch.threads(threads);
                List<float[]> all = ours((x, w) -> Features.autograd(x, w, WEIGHING), precision, features, weights);
                if (first.isEmpty()) {
                    first = all;
                }
                for (int i = 0; i < all.size(); i++) {
                    assertThat(all.get(i))
                            .as("result %d, %d threads", i, threads)
                            .isEqualTo(first.get(i));
                }
            }
        } finally {
            Libtorch.threads(before);
        }
    }
}
