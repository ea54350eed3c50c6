package org.segloss.torch.host;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.segloss.torch.Derivatives.autograd;
import static org.segloss.torch.Derivatives.check;
import static org.segloss.torch.Derivatives.convolution;
import static org.segloss.torch.Derivatives.ints;
import static org.segloss.torch.Derivatives.numbers;
import static org.segloss.torch.Derivatives.ours;
import static org.segloss.torch.Derivatives.shape;
import static org.segloss.torch.Derivatives.upsampled;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.plan.Precision;
import org.segloss.torch.Features;
import org.segloss.torch.InScope;
import org.segloss.torch.Operators;
import org.segloss.torch.Tensor;
import org.segloss.torch.Values;

/// The convolution of repeated voxels and its way back, ours and libtorch's, against libtorch's autograd in double.
@ExtendWith(InScope.class)
class HostUpsampledConvolutionTest {
    /// Against the same with the repeated voxels in memory. Of bfloat16 the sums of weights are rounded, 2^-9 of each,
    /// and so is the kernel's gradient for each of the up to eight voxels that are made of one.
    @ParameterizedTest
    @CsvSource({
        "3 5,2 2,3 3",
        "1 4,1 2,3 3",
        "4 1,2 1,3 3",
        "1 1 1,2 2 2,3 3 3",
        "1 2 3,2 2 2,3 3 3",
        "3 5 4,2 2 2,3 3 3",
        "2 3 4,1 2 2,3 3 3",
        "2 3 4,2 1 2,3 3 3",
        "3 1 4,2 2 1,3 3 3",
        "1 5 4,2 1 1,3 3 3",
        "2 3 4,1 2 2,1 3 3",
        "1 3 4,1 2 2,1 3 3",
        "3 4 5,2 1 1,3 1 3",
        "3 4,1 2,1 3",
    })
    void aConvolutionOfRepeatedVoxelsAndFinerOnesNeedNotRepeatThem(String space, String repeated, String kernelEdges) {
        int[] factors = ints(repeated);
        long[] coarse = numbers(space);
        long[] fine = IntStream.range(0, coarse.length)
                .mapToLong(axis -> coarse[axis] * factors[axis])
                .toArray();
        long[] edges = numbers(kernelEdges);
        long[] ones = coarse.clone();
        Arrays.fill(ones, 1);
        List<Values> image = List.of(Values.of("fine", shape(2, 5, fine)));
        List<Values> kernels =
                List.of(Values.of("to coarse", shape(16, 5, ones)), Values.of("kernel", shape(8, 21, edges)));
        long[] stride = Arrays.stream(factors).asLongStream().toArray();
        List<float[]> expected = autograd(
                (x, w) -> convolution(
                        torch.cat(
                                new TensorVector(
                                        upsampled(convolution(x.getFirst(), w.get(0), stride), factors), x.getFirst()),
                                1),
                        w.get(1),
                        ones),
                image,
                kernels);
        for (Precision precision : Precision.values()) {
            float share = precision == Precision.BFLOAT16 ? 1f / 64 : 1e-5f;
            for (Operators operators : List.of(new HostOperators(), Operators.LIBTORCH)) {
                check(
                        ours(
                                operators,
                                (x, w) -> x.getFirst()
                                        .convolveBeside(x.getFirst().convolve(w.get(0), factors), factors, w.get(1)),
                                precision,
                                image,
                                kernels),
                        expected,
                        share);
            }
        }
    }

    @Test
    void voxelsAreRepeatedOnceOrTwice() {
        Features coarse = Features.toPredict(Tensor.zeros("cpu", 1, 1, 4, 4), new HostOperators());
        Features fine = Features.toPredict(Tensor.zeros("cpu", 1, 1, 4, 12), new HostOperators());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fine.convolveBeside(
                        coarse,
                        new int[] {1, 3},
                        Values.of("kernel", 1, 2, 3, 3).weights()))
                .withMessage("voxels are repeated once or twice, not [1, 3]");
    }
}
