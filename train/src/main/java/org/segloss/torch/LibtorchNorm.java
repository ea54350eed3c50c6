package org.segloss.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.segloss.plan.Precision;

/// The norm by libtorch's operations: a group norm with a channel in each group, and a leaky rectifier. In float and in
/// the order of the shape, since neither takes all others everywhere; what is in between is given back at once.
final class LibtorchNorm implements Norm {
    private final Tensor features;
    private final Weights scale;
    private final Weights shift;
    private final Scalar slope;
    private final Tensor result;
    private final Tensor mean;
    private final Tensor inverse;

    LibtorchNorm(Tensor features, Weights scale, Weights shift, double slope) {
        this.features = features;
        this.scale = scale;
        this.shift = shift;
        this.slope = new Scalar(slope);
        Tensor x = plain(features);
        try (T_TensorTensorTensor_T normed = torch.native_group_norm(
                x.data(),
                new TensorOptional(scale.value().data()),
                new TensorOptional(shift.value().data()),
                samples(),
                channels(),
                voxels(),
                channels(),
                EPSILON)) {
            result = alike(torch.leaky_relu_(normed.get0(), this.slope));
            mean = Tensor.owned(normed.get1());
            inverse = Tensor.owned(normed.get2());
        }
        x.free();
    }

    private long samples() {
        return features.shape()[0];
    }

    private long channels() {
        return features.shape()[1];
    }

    private long voxels() {
        return Arrays.stream(features.shape()).skip(2).reduce(1, Math::multiplyExact);
    }

    @Override
    public Tensor apply(boolean inPlace) {
        if (inPlace) {
            features.free();
        }
        return result;
    }

    @Override
    public Tensor back(Tensor dy) {
        Tensor plainDy = plain(dy);
        Tensor y = plain(result);
        dy.free();
        // the sign of the result is that of what it was made of
        Tensor dz = new Tensor(torch.leaky_relu_backward(plainDy.data(), y.data(), slope, true));
        plainDy.free();
        y.free();
        Tensor x = plain(features);
        try (BoolPointer all = new BoolPointer(3).put(0, true).put(1, true).put(2, true);
                T_TensorTensorTensor_T gradients = torch.native_group_norm_backward(
                        dz.data(),
                        x.data(),
                        mean.data(),
                        inverse.data(),
                        new TensorOptional(scale.value().data()),
                        samples(),
                        channels(),
                        voxels(),
                        channels(),
                        all)) {
            dz.free();
            x.free();
            scale.gradient().add(1, new Tensor(gradients.get1()));
            shift.gradient().add(1, new Tensor(gradients.get2()));
            return alike(gradients.get0());
        }
    }

    private static Tensor plain(Tensor tensor) {
        Tensor floats = tensor.to(Precision.FLOAT32);
        Tensor plain = new Tensor(floats.data().contiguous());
        floats.free();
        return plain;
    }

    private Tensor alike(org.bytedeco.pytorch.Tensor numbers) {
        return new Tensor(numbers).to(features.precision()).turnedChannelsLast();
    }
}
