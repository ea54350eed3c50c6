package org.segloss.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.segloss.plan.Precision;

/// Numbers on a device: floats, or bfloat16 for a network's features.
///
/// A tensor lives until the innermost open [Scope] of its thread closes; [#keep] makes it outlive the scope.
/// Methods whose description says "in place" change the tensor, all others leave it as it is.
public final class Tensor {
    private final org.bytedeco.pytorch.Tensor data;

    Tensor(org.bytedeco.pytorch.Tensor data) {
        this.data = data;
    }

    /// {@return a tensor that outlives the tuple that it is in}
    static Tensor owned(org.bytedeco.pytorch.Tensor inTuple) {
        return new Tensor(new org.bytedeco.pytorch.Tensor(inTuple));
    }

    org.bytedeco.pytorch.Tensor data() {
        return data;
    }

    /// {@return zeros}
    public static Tensor zeros(String device, long... shape) {
        Libtorch.require();
        return new Tensor(torch.zeros(shape)).to(device);
    }

    /// {@return room for numbers of the kind and shape of `other`, in host memory; it holds anything}
    public static Tensor roomFor(Tensor other) {
        return new Tensor(
                torch.empty(other.shape(), new TensorOptions(other.data.scalar_type()), new MemoryFormatOptional()));
    }

    /// {@return room for an image or a kernel in host memory, the channels last; it holds anything}
    public static Tensor room(long[] shape, Precision precision) {
        return new Tensor(torch.empty(
                shape, new TensorOptions(type(precision)), new MemoryFormatOptional(lastOf(shape.length - 2))));
    }

    /// {@return a copy of `values` in host memory}
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = zeros("cpu", shape);
        if (tensor.elements() != values.length) {
            throw new IllegalArgumentException("shape %s has %d elements, but there are %d values"
                    .formatted(Arrays.toString(shape), tensor.elements(), values.length));
        }
        MemorySegment.copy(values, 0, tensor.memory(), ValueLayout.JAVA_FLOAT, 0, values.length);
        return tensor;
    }

    public long[] shape() {
        return data.shape();
    }

    public long elements() {
        return data.numel();
    }

    /// {@return of what kind the numbers are}
    public Precision precision() {
        return data.scalar_type().intern() == torch.ScalarType.BFloat16 ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /// {@return this tensor's own memory, numbers in the order of the shape, valid as long as the tensor}
    ///
    /// @throws IllegalStateException if it lies on another device: see [#toHost]
    @SuppressWarnings("restricted") // libtorch owns the memory; its size is the tensor's
    public MemorySegment memory() {
        if (!data.is_cpu() || !data.is_contiguous()) {
            throw new IllegalStateException("only a dense tensor in host memory can be read in place; call toHost()");
        }
        return MemorySegment.ofAddress(data.data_ptr().address()).reinterpret(data.nbytes());
    }

    /// {@return the memory of an image's features, voxel by voxel, the channels last, valid as long as the tensor}
    ///
    /// @throws IllegalStateException if it lies on another device, or in another order: see [#channelsLast]
    @SuppressWarnings("restricted") // libtorch owns the memory; its size is the tensor's
    public MemorySegment voxelMemory() {
        if (!data.is_cpu() || !data.is_contiguous(lastOf(spatialAxes()))) {
            throw new IllegalStateException("only features in host memory, the channels last, can be read in place");
        }
        return MemorySegment.ofAddress(data.data_ptr().address()).reinterpret(data.nbytes());
    }

    /// {@return this tensor, dense in host memory}; itself if it is there already
    public Tensor toHost() {
        return new Tensor(to("cpu").data.contiguous());
    }

    /// {@return this tensor on a device}; itself if it is there already
    public Tensor to(String device) {
        return new Tensor(data.to(new Device(device), data.scalar_type()));
    }

    /// {@return this tensor with numbers of another kind}; itself if they are of this kind already
    public Tensor to(Precision precision) {
        return new Tensor(data.to(type(precision)));
    }

    private static torch.ScalarType type(Precision precision) {
        return precision == Precision.BFLOAT16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float;
    }

    public float[] toArray() {
        return to(Precision.FLOAT32).toHost().memory().toArray(ValueLayout.JAVA_FLOAT);
    }

    /// Makes this tensor outlive the open scopes, until [#release].
    public Tensor keep() {
        data.retainReference();
        return this;
    }

    /// Gives the memory back before the scope does; the tensor can't be used any more.
    public void free() {
        data.deallocate();
    }

    /// {@return whether it lies in host memory}
    public boolean isOnHost() {
        return data.is_cpu();
    }

    /// Ends what [#keep] began.
    public void release() {
        data.releaseReference();
    }

    // ---- images

    /// {@return this tensor voxel by voxel in memory}; itself if it lies so already
    public Tensor channelsLast() {
        torch.MemoryFormat last = lastOf(spatialAxes());
        return data.is_contiguous(last) ? this : new Tensor(data.contiguous(last));
    }

    /// {@return the same, in place of this tensor, which is used up}
    public Tensor turnedChannelsLast() {
        Tensor turned = channelsLast();
        if (turned != this) {
            free();
        }
        return turned;
    }

    /// {@return the order of memory with the channels last}
    private static torch.MemoryFormat lastOf(int spatialAxes) {
        return spatialAxes == 2 ? torch.MemoryFormat.ChannelsLast : torch.MemoryFormat.ChannelsLast3d;
    }

    /// {@return this tensor turned around along axes}; itself if there are none
    public Tensor flip(long... axes) {
        return axes.length == 0 ? this : new Tensor(data.flip(axes));
    }

    /// {@return each voxel repeated}
    ///
    /// @param factors how often, along each axis of the space
    public Tensor upsample(int... factors) {
        long[] size = space();
        for (int axis = 0; axis < factors.length; axis++) {
            size[axis] *= factors[axis];
        }
        return new Tensor(
                spatialAxes() == 2 ? torch.upsample_nearest2d(data, size) : torch.upsample_nearest3d(data, size));
    }

    /// {@return the way back of [#upsample]: of each voxel the sum over its repetitions}
    Tensor upsampleBack(int... factors) {
        long[] size = space();
        long[] shape = shape();
        for (int axis = 0; axis < factors.length; axis++) {
            shape[2 + axis] /= factors[axis];
        }
        return new Tensor(
                spatialAxes() == 2
                        ? torch.upsample_nearest2d_backward(data, size, shape)
                        : torch.upsample_nearest3d_backward(data, size, shape));
    }

    /// {@return the convolution}, padded with `(edge - 1) / 2` zeros: stride 2 halves an even size
    ///
    /// @param kernel `(out, in, space...)`
    /// @param stride along each axis of the space
    public Tensor convolve(Tensor kernel, int[] stride) {
        long[] strides = Arrays.stream(stride).asLongStream().toArray();
        return Convolution.centred(kernel, strides).recorded(this, kernel, Optional.empty());
    }

    /// {@return the convolution of stride 1, plus `bias[c]` in channel c}
    public Tensor convolve(Tensor kernel, Tensor bias) {
        return Convolution.centred(kernel).recorded(this, kernel, Optional.of(bias));
    }

    /// {@return `x + other`}; an axis of length 1 of either is repeated to the other's
    public Tensor plus(Tensor other) {
        return new Tensor(data.add(other.data));
    }

    /// {@return `x other`, element by element}; an axis of length 1 of either is repeated to the other's
    public Tensor times(Tensor other) {
        return new Tensor(data.mul(other.data));
    }

    /// {@return `x` where positive, elsewhere 0}
    public Tensor relu() {
        return new Tensor(data.relu());
    }

    public Tensor sigmoid() {
        return new Tensor(data.sigmoid());
    }

    /// {@return the softmax over the channels}
    public Tensor softmax() {
        return new Tensor(data.softmax(1));
    }

    private long[] space() {
        return Arrays.copyOfRange(shape(), 2, 2 + spatialAxes());
    }

    private int spatialAxes() {
        int axes = (int) data.dim() - 2;
        if (axes != 2 && axes != 3) {
            throw new IllegalArgumentException(
                    "expected (batch, channel, y, x) or (batch, channel, z, y, x), but the shape is "
                            + Arrays.toString(shape()));
        }
        return axes;
    }

    // ---- arithmetic in place, for optimizers

    /// {@return a copy of these numbers in memory of its own}
    public Tensor copy() {
        return new Tensor(data.clone());
    }

    /// In place: `x = other`, bit by bit.
    public Tensor set(Tensor other) {
        data.copy_(other.data);
        return this;
    }

    public Tensor fill(double value) {
        data.fill_(new Scalar(value));
        return this;
    }

    /// In place: `x += factor * other`.
    public Tensor add(double factor, Tensor other) {
        data.add_(other.data, new Scalar(factor));
        return this;
    }

    /// In place: `x *= factor`.
    public Tensor scale(double factor) {
        data.mul_(new Scalar(factor));
        return this;
    }

    /// In place: `x += factor * other²`.
    public Tensor addSquare(double factor, Tensor other) {
        data.addcmul_(other.data, other.data, new Scalar(factor));
        return this;
    }

    /// In place: `x += factor * above / below`.
    public Tensor addQuotient(double factor, Tensor above, Tensor below) {
        data.addcdiv_(above.data, below.data, new Scalar(factor));
        return this;
    }

    /// {@return `sqrt(x)`}
    public Tensor root() {
        return new Tensor(data.sqrt());
    }

    /// In place: `x += value`.
    public Tensor add(double value) {
        data.add_(new Scalar(value));
        return this;
    }

    /// {@return the Euclidean norm of all elements}
    public double norm() {
        return data.norm(new ScalarOptional(new Scalar(2)), torch.ScalarType.Double)
                .item_double();
    }
}
