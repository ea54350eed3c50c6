package org.segloss.torch;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.segloss.plan.Precision;

/// A convolution and its way back, in the plane or in space.
///
/// @param stride  along each axis
/// @param padding zeros before and behind, along each axis
public record Convolution(long[] stride, long[] padding) {
    private static final int MISREAD_DEPTH = 2;

    /// What a gradient of the result implies.
    ///
    /// @param features if anybody wants it
    public record Gradients(Optional<Tensor> features, Tensor kernel) {}

    /// {@return the convolution of stride 1}, padded with `(edge - 1) / 2` zeros: an odd edge keeps the size
    public static Convolution centred(Tensor kernel) {
        long[] ones = new long[kernel.shape().length - 2];
        Arrays.fill(ones, 1);
        return centred(kernel, ones);
    }

    /// {@return the convolution}, padded alike
    static Convolution centred(Tensor kernel, long[] stride) {
        return new Convolution(
                stride,
                Arrays.stream(kernel.shape())
                        .skip(2)
                        .map(edge -> (edge - 1) / 2)
                        .toArray());
    }

    /// {@return a kernel as [#apply] takes it}
    public static Tensor prepared(Tensor kernel, Precision precision) {
        // of one input both orders are the same, and oneDNN is to see that of the shape: taken for the other,
        // volumes of one slice come out of memory that it never wrote
        return kernel.to(precision).channelsLast();
    }

    /// {@return the convolution, the channels last}
    public Tensor apply(Tensor x, Tensor kernel, Optional<Tensor> bias) {
        TensorOptional shift =
                bias.map(numbers -> new TensorOptional(numbers.data())).orElseGet(TensorOptional::new);
        return new Tensor(
                        stride.length == 2
                                ? torch.conv2d(x.data(), kernel.data(), shift, stride, padding, ones(), 1)
                                : torch.conv3d(x.data(), kernel.data(), shift, stride, padding, ones(), 1))
                .turnedChannelsLast();
    }

    /// {@return the convolution as [#apply] makes it}, for libtorch's autograd to go back through
    Tensor recorded(Tensor x, Tensor kernel, Optional<Tensor> bias) {
        Tensor prepared = prepared(kernel, x.precision());
        if (!misreadByOneDnn(x, kernel)) {
            return apply(x, prepared, bias);
        }
        return sliced(apply(deepened(x), prepared, bias), MISREAD_DEPTH);
    }

    /// @param dy     gradient of the result
    /// @param wanted whether the features' gradient is
    public Gradients back(Tensor dy, Tensor x, Tensor kernel, boolean wanted) {
        if (!misreadByOneDnn(x, kernel)) {
            return plainBack(dy, x, kernel, wanted);
        }
        Tensor deepDy = deepened(dy);
        Tensor deepX = deepened(x);
        Gradients all = plainBack(deepDy, deepX, kernel, wanted);
        deepDy.free();
        deepX.free();
        return new Gradients(all.features.map(features -> sliced(features, x.shape()[2])), all.kernel);
    }

    private Gradients plainBack(Tensor dy, Tensor x, Tensor kernel, boolean wanted) {
        try (LongArrayRefOptional unneeded = new LongArrayRefOptional();
                BoolPointer asked =
                        new BoolPointer(3).put(0, wanted).put(1, true).put(2, false);
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
                    wanted ? Optional.of(Tensor.owned(all.get0())) : Optional.empty(), Tensor.owned(all.get1()));
        }
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
                && x.shape()[2] + 2 * padding[0] - kernel.shape()[2] + 1 == MISREAD_DEPTH;
    }

    /// {@return this volume with a slice of zeros below}, such as a convolution would think there
    private static Tensor deepened(Tensor x) {
        return new Tensor(torch.constant_pad_nd(x.data(), 0, 0, 0, 0, 0, 1)).turnedChannelsLast();
    }

    /// {@return the first slices of this volume, which is used up}
    private static Tensor sliced(Tensor x, long count) {
        Tensor first = new Tensor(x.data().narrow(2, 0, count));
        x.free();
        return first.turnedChannelsLast();
    }
}
