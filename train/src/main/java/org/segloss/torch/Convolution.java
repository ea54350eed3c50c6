package org.segloss.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// A convolution and its way back, in the plane or in space.
///
/// @param stride  along each axis
/// @param padding zeros before and behind, along each axis
record Convolution(long[] stride, long[] padding) {

    /// What a gradient of the result implies.
    ///
    /// @param features null if nobody wanted it
    /// @param bias     null if there is none
    record Gradients(Tensor features, Tensor kernel, Tensor bias) {}

    /// {@return the convolution padded with `(edge - 1) / 2` zeros}: an odd edge and stride 1 keep the size
    static Convolution centred(Tensor kernel, long[] stride) {
        return new Convolution(
                stride,
                Arrays.stream(kernel.shape())
                        .skip(2)
                        .map(edge -> (edge - 1) / 2)
                        .toArray());
    }

    /// {@return a kernel as [#apply] takes it}
    static Tensor prepared(Tensor kernel, Precision precision) {
        return kernel.to(precision).channelsLast();
    }

    /// {@return the convolution, the channels last}
    ///
    /// @param bias null for none
    Tensor apply(Tensor x, Tensor kernel, Tensor bias) {
        if (misreadByOneDnn(x, kernel)) {
            return sliced(plain(deepened(x), kernel, bias), 2);
        }
        return plain(x, kernel, bias);
    }

    private Tensor plain(Tensor x, Tensor kernel, Tensor bias) {
        TensorOptional shift = bias == null ? new TensorOptional() : new TensorOptional(bias.data());
        return new Tensor(
                        stride.length == 2
                                ? torch.conv2d(x.data(), kernel.data(), shift, stride, padding, ones(), 1)
                                : torch.conv3d(x.data(), kernel.data(), shift, stride, padding, ones(), 1))
                .channelsLast();
    }

    /// @param dy     gradient of the result
    /// @param wanted whether the features' gradient is
    Gradients back(Tensor dy, Tensor x, Tensor kernel, boolean wanted, boolean biased) {
        if (misreadByOneDnn(x, kernel)) {
            Gradients all = plainBack(deepened(dy), deepened(x), kernel, wanted, biased);
            return wanted ? new Gradients(sliced(all.features, x.shape()[2]), all.kernel, all.bias) : all;
        }
        return plainBack(dy, x, kernel, wanted, biased);
    }

    private Gradients plainBack(Tensor dy, Tensor x, Tensor kernel, boolean wanted, boolean biased) {
        try (LongArrayRefOptional unneeded = new LongArrayRefOptional();
                BoolPointer asked =
                        new BoolPointer(3).put(0, wanted).put(1, true).put(2, biased);
                T_TensorTensorTensor_T all = torch.convolution_backward(
                        dy.data(),
                        x.data(),
                        kernel.data(),
                        unneeded,
                        stride,
                        padding,
                        ones(),
                        false,
                        new long[stride.length],
                        1,
                        asked)) {
            return new Gradients(
                    wanted ? owned(all.get0()) : null, owned(all.get1()), biased ? owned(all.get2()) : null);
        }
    }

    private static Tensor owned(org.bytedeco.pytorch.Tensor inTuple) {
        return new Tensor(new org.bytedeco.pytorch.Tensor(inTuple));
    }

    private long[] ones() {
        long[] ones = new long[stride.length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /// In bfloat16, with kernels deeper than a voxel and stride 1 across slices, the kernel's gradient for a result
    /// of two slices takes in memory that oneDNN never wrote (3.7, the one in libtorch 2.10; other depths and the
    /// plane are sound).
    private boolean misreadByOneDnn(Tensor x, Tensor kernel) {
        return stride.length == 3
                && stride[0] == 1
                && x.precision() == Precision.BFLOAT16
                && x.isOnHost()
                && kernel.shape()[2] > 1
                && x.shape()[2] + 2 * padding[0] - (kernel.shape()[2] - 1) == 2;
    }

    /// {@return this volume with a slice of zeros below}, such as a convolution would think there
    private static Tensor deepened(Tensor x) {
        return new Tensor(torch.constant_pad_nd(x.data(), 0, 0, 0, 0, 0, 1)).channelsLast();
    }

    /// {@return the first slices of this volume}
    private static Tensor sliced(Tensor x, long count) {
        return new Tensor(x.data().narrow(2, 0, count)).channelsLast();
    }
}
