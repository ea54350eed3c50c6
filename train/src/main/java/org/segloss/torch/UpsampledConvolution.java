package org.segloss.torch;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/// The convolution, of edge 3 and stride 1, of an image each voxel of which is repeated along some axes, without the
/// repetition.
///
/// Along such an axis two neighbours of the kernel always meet the same voxel `x[c]` of the image:
///
///     y[2c - 1] = (k[0] + k[1]) x[c - 1] + k[2] x[c]
///     y[2c]     = k[0] x[c - 1] + (k[1] + k[2]) x[c]
///
/// So a kernel of edge 2 with an output for each of the two, and zeros around the image, gives all of `y`, and one more
/// voxel at each end, with 4 products where 6 would be: in space with 64 in place of 216. The form is the sub-pixel
/// convolution that Shi, Caballero, Theis, Huszar, Aitken, Ledig and Wang (2016, arXiv:1609.07009) find in such layers.
///
/// @param factors how often a voxel is repeated along each axis: once or twice
record UpsampledConvolution(int... factors) {
    UpsampledConvolution {
        if (Arrays.stream(factors).anyMatch(factor -> factor != 1 && factor != 2)) {
            throw new IllegalArgumentException("voxels are repeated once or twice, not " + Arrays.toString(factors));
        }
    }

    /// @param kernel `(out, in, 3...)`
    Tensor apply(Tensor x, Tensor kernel) {
        return woven(x.convolve(folded(kernel), ones(), ones()), kernel.shape()[0]);
    }

    private long[] ones() {
        long[] ones = new long[axes()];
        Arrays.fill(ones, 1);
        return ones;
    }

    private int axes() {
        return factors.length;
    }

    /// {@return the kernel `(outputs out, in, taps...)`}
    private Tensor folded(Tensor kernel) {
        // sums of neighbours, k[0], k[0] + k[1], k[1] + k[2] and k[2], are of y[2c], y[2c - 1], y[2c] and y[2c - 1]
        var sums = sumsOfNeighbours(kernel).data();
        long[] apart = new long[2 + 2 * axes()];
        long[] order = new long[2 + 2 * axes()];
        long[] together = new long[2 + axes()];
        long[] outputs = new long[axes()];
        apart[0] = sums.shape()[0];
        apart[1] = sums.shape()[1];
        order[axes()] = 0;
        order[axes() + 1] = 1;
        together[0] = apart[0];
        together[1] = apart[1];
        for (int axis = 0; axis < axes(); axis++) {
            apart[2 + 2 * axis] = sums.shape()[2 + axis] / factors[axis];
            apart[3 + 2 * axis] = factors[axis];
            outputs[axis] = 3 + 2 * axis;
            order[axis] = outputs[axis];
            order[2 + axes() + axis] = 2 + 2 * axis;
            together[0] *= factors[axis];
            together[2 + axis] = apart[2 + 2 * axis];
        }
        return new Tensor(sums.view(apart).flip(outputs).permute(order).reshape(together));
    }

    /// {@return the sum of each weight and the next, those beyond the ends being 0, along axes of repeated voxels}
    private Tensor sumsOfNeighbours(Tensor kernel) {
        long[] window = IntStream.of(factors).asLongStream().toArray();
        long[] zeros = LongStream.of(window).map(edge -> edge - 1).toArray();
        LongOptional sum = new LongOptional(1);
        return new Tensor(
                axes() == 2
                        ? torch.avg_pool2d(kernel.data(), window, ones(), zeros, false, true, sum)
                        : torch.avg_pool3d(kernel.data(), window, ones(), zeros, false, true, sum));
    }

    /// {@return the outputs, `out` channels each, as neighbours, without the voxel too much at each end}
    private Tensor woven(Tensor outputs, long out) {
        int axes = axes();
        long[] shape = outputs.shape();
        long[] apart = new long[2 + 2 * axes];
        long[] order = new long[2 + 2 * axes];
        long[] together = new long[2 + axes];
        apart[0] = shape[0];
        together[0] = shape[0];
        for (int axis = 0; axis < axes; axis++) {
            apart[1 + axis] = shape[2 + axis];
            apart[1 + axes + axis] = factors[axis];
            order[1 + 2 * axis] = 1 + axis;
            order[2 + 2 * axis] = 1 + axes + axis;
            together[1 + axis] = shape[2 + axis] * factors[axis];
        }
        apart[1 + 2 * axes] = out;
        order[1 + 2 * axes] = 1 + 2L * axes;
        together[1 + axes] = out;
        var woven = outputs.data()
                .movedim(1, -1)
                .reshape(apart)
                .permute(order)
                .reshape(together)
                .movedim(-1, 1);
        for (int axis = 0; axis < axes; axis++) {
            if (factors[axis] == 2) {
                woven = woven.narrow(2 + axis, 1, woven.shape()[2 + axis] - 2);
            }
        }
        return new Tensor(woven);
    }
}
