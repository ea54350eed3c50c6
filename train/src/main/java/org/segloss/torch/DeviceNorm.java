package org.segloss.torch;

import java.util.Arrays;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// The norm by libtorch's operations, in float: a group norm with a channel in each group, and a leaky rectifier.
final class DeviceNorm implements Norm {
    private final Tensor features;
    private final Tensor x;
    private final Weights scale;
    private final Weights shift;
    private final Scalar slope;
    private final T_TensorTensorTensor_T normed;

    DeviceNorm(Tensor features, Weights scale, Weights shift, double slope) {
        this.features = features;
        this.scale = scale;
        this.shift = shift;
        this.slope = new Scalar(slope);
        // neither takes another order of memory everywhere
        x = new Tensor(features.to(Precision.FLOAT32).data().contiguous());
        normed = torch.native_group_norm(
                x.data(),
                new TensorOptional(scale.value().data()),
                new TensorOptional(shift.value().data()),
                samples(),
                channels(),
                voxels(),
                channels(),
                EPSILON);
    }

    private long samples() {
        return x.shape()[0];
    }

    private long channels() {
        return x.shape()[1];
    }

    private long voxels() {
        return Arrays.stream(x.shape()).skip(2).reduce(1, Math::multiplyExact);
    }

    @Override
    public Tensor apply(boolean inPlace) {
        return like(torch.leaky_relu(normed.get0(), slope));
    }

    @Override
    public Tensor back(Tensor dy) {
        var dz = torch.leaky_relu_backward(dy.to(Precision.FLOAT32).data().contiguous(), normed.get0(), slope, false);
        T_TensorTensorTensor_T gradients = torch.native_group_norm_backward(
                dz,
                x.data(),
                normed.get1(),
                normed.get2(),
                new TensorOptional(scale.value().data()),
                samples(),
                channels(),
                voxels(),
                channels(),
                new BoolPointer(3).put(0, true).put(1, true).put(2, true));
        scale.gradient().add(1, new Tensor(gradients.get1()));
        shift.gradient().add(1, new Tensor(gradients.get2()));
        return like(gradients.get0());
    }

    private Tensor like(org.bytedeco.pytorch.Tensor numbers) {
        return new Tensor(numbers).to(features.precision()).channelsLast();
    }
}
