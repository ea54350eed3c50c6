package org.segloss.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Numbers on a device, with the operations that segmentation networks are made of.
///
/// Images have the shape `(batch, channel, y, x)` or `(batch, channel, z, y, x)`; the number of axes decides
/// between the operations in the plane and in space. A network's features lie in memory voxel by voxel, the channels
/// last, as oneDNN's convolutions can take them: memory in the order of the shape it would bring to blocks of channels,
/// and back, in each convolution, a quarter of a step.
///
/// Floats, or bfloat16 for a network's features: an operation computes in the kind of its features and brings the
/// weights to it, whose gradients are floats again.
///
/// A tensor lives until the innermost open [Scope] of its thread closes; [#keep] makes it outlive the scope.
/// Methods whose description says "in place" change the tensor, all others leave it as it is.
public final class Tensor {
    private static final double EPSILON = 1e-5;
    private static final double SLOPE = 0.01;

    private final org.bytedeco.pytorch.Tensor data;

    Tensor(org.bytedeco.pytorch.Tensor data) {
        this.data = data;
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

    /// Ends what [#keep] began.
    public void release() {
        data.releaseReference();
    }

    // ---- networks

    /// {@return the convolution of stride 1}, padded with `(edge - 1) / 2` zeros: an odd edge keeps the size
    ///
    /// @param kernel `(out, in, space...)`
    public Tensor convolve(Tensor kernel) {
        return convolve(kernel, each(spatialAxes(), 1), centring(kernel));
    }

    /// {@return the convolution}, padded alike: stride 2 halves an even size
    ///
    /// @param kernel `(out, in, space...)`
    /// @param stride along each axis of the space
    public Tensor convolve(Tensor kernel, int[] stride) {
        return convolve(kernel, Arrays.stream(stride).asLongStream().toArray(), centring(kernel));
    }

    /// {@return the convolution of stride 1 of this tensor with each voxel repeated}, padded alike
    ///
    /// @param kernel  `(out, in, space...)`, of edge 3
    /// @param factors how often, along each axis of the space: once or twice
    public Tensor convolveUpsampled(Tensor kernel, int... factors) {
        return new UpsampledConvolution(factors).apply(this, kernel);
    }

    /// {@return the convolution of stride 1, plus `bias[c]` in channel c}
    public Tensor convolve(Tensor kernel, Tensor bias) {
        return convolve(
                kernel, new TensorOptional(bias.to(precision()).data), each(spatialAxes(), 1), centring(kernel));
    }

    private static long[] centring(Tensor kernel) {
        return Arrays.stream(kernel.shape()).skip(2).map(edge -> (edge - 1) / 2).toArray();
    }

    /// {@return the convolution}
    ///
    /// @param padding zeros before and behind, along each axis
    Tensor convolve(Tensor kernel, long[] stride, long[] padding) {
        if (misreadByOneDnn(kernel, stride, padding)) {
            return deepened()
                    .convolve(kernel, new TensorOptional(), stride, padding)
                    .slices(2);
        }
        return convolve(kernel, new TensorOptional(), stride, padding);
    }

    /// In bfloat16, with kernels deeper than a voxel and stride 1 across slices, the kernel's gradient for a result
    /// of two slices takes in memory that oneDNN never wrote (3.7, the one in libtorch 2.10; other depths and the
    /// plane are sound).
    private boolean misreadByOneDnn(Tensor kernel, long[] stride, long[] padding) {
        return precision() == Precision.BFLOAT16
                && data.is_cpu()
                && spatialAxes() == 3
                && kernel.shape()[2] > 1
                && stride[0] == 1
                && shape()[2] + 2 * padding[0] - (kernel.shape()[2] - 1) == 2;
    }

    /// {@return this volume with a slice of zeros below}, such as a convolution would think there
    private Tensor deepened() {
        return new Tensor(torch.constant_pad_nd(data, 0, 0, 0, 0, 0, 1));
    }

    /// {@return the first slices of this volume}
    private Tensor slices(int count) {
        return new Tensor(data.narrow(2, 0, count)).channelsLast();
    }

    private Tensor convolve(Tensor kernel, TensorOptional bias, long[] stride, long[] padding) {
        int axes = spatialAxes();
        Tensor same = kernel.to(precision()).channelsLast();
        long[] dilation = each(axes, 1);
        return new Tensor(
                axes == 2
                        ? torch.conv2d(data, same.data, bias, stride, padding, dilation, 1)
                        : torch.conv3d(data, same.data, bias, stride, padding, dilation, 1));
    }

    /// {@return this tensor voxel by voxel in memory}; itself if it lies so already
    private Tensor channelsLast() {
        return new Tensor(data.contiguous(
                spatialAxes() == 2 ? torch.MemoryFormat.ChannelsLast : torch.MemoryFormat.ChannelsLast3d));
    }

    /// {@return each voxel repeated}
    ///
    /// @param factors how often, along each axis of the space
    public Tensor upsample(int... factors) {
        int axes = spatialAxes();
        long[] shape = shape();
        long[] size = IntStream.range(0, axes)
                .mapToLong(axis -> factors[axis] * shape[2 + axis])
                .toArray();
        return new Tensor(axes == 2 ? torch.upsample_nearest2d(data, size) : torch.upsample_nearest3d(data, size));
    }

    /// {@return every channel of every sample brought to mean 0 and variance 1 (plus 1e-5), times
    /// `scale[c]`, plus `shift[c]`}
    public Tensor instanceNorm(Tensor scale, Tensor shift) {
        // the batch norm of a sample by itself; libtorch's instance and group norms leave the order of memory, or take
        // twenty times as long back
        TensorVector samples = channelsLast().data.split(1, 0);
        var normed = new org.bytedeco.pytorch.Tensor[(int) samples.size()];
        for (int i = 0; i < normed.length; i++) {
            normed[i] = torch.batch_norm(
                    samples.get(i),
                    new TensorOptional(scale.data),
                    new TensorOptional(shift.data),
                    new TensorOptional(),
                    new TensorOptional(),
                    true,
                    0,
                    EPSILON,
                    false);
        }
        return new Tensor(normed.length == 1 ? normed[0] : joined(normed));
    }

    /// {@return samples one after the other}; they are used up, for as long as the scope is open they would keep as
    /// much memory as what is made of them
    private static org.bytedeco.pytorch.Tensor joined(org.bytedeco.pytorch.Tensor... samples) {
        try (TensorVector all = new TensorVector(samples)) {
            return torch.cat(all, 0);
        } finally {
            for (var sample : samples) {
                sample.deallocate();
            }
        }
    }

    /// {@return `x` where positive, elsewhere `0.01 x`}; the memory is this tensor's, which is used up
    public Tensor leakyRelu() {
        return new Tensor(torch.leaky_relu_(data, new Scalar(SLOPE)));
    }

    /// {@return `x` where positive, elsewhere `slope[c] x`}
    public Tensor prelu(Tensor slope) {
        return new Tensor(torch.prelu(data, slope.to(precision()).data));
    }

    public Tensor plus(Tensor other) {
        return new Tensor(data.add(other.data));
    }

    /// {@return `count` of the second axis's entries, the channels of an image or the inputs of a kernel}
    public Tensor channels(long first, long count) {
        return new Tensor(data.narrow(1, first, count));
    }

    /// {@return this tensor turned around along axes}; itself if there are none
    public Tensor flip(long... axes) {
        return axes.length == 0 ? this : new Tensor(data.flip(axes));
    }

    public Tensor sigmoid() {
        return new Tensor(data.sigmoid());
    }

    /// {@return the softmax over the channels}
    public Tensor softmax() {
        return new Tensor(data.softmax(1));
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

    private static long[] each(int axes, long value) {
        long[] array = new long[axes];
        Arrays.fill(array, value);
        return array;
    }

    // ---- gradients

    /// {@return `elements(shape)` numbers from `offset` on, as a parameter that shares this flat tensor's memory
    /// and whose gradient adds up in the same place of `gradient`}
    public Tensor parameter(Tensor gradient, long offset, long... shape) {
        var parameter = part(offset, shape).data.detach();
        parameter.set_requires_grad(true);
        parameter.mutable_grad().put(gradient.part(offset, shape).data);
        return new Tensor(parameter);
    }

    private Tensor part(long offset, long... shape) {
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return new Tensor(data.narrow(0, offset, length).view(shape));
    }

    /// {@return the same memory, apart from what is recorded for [#backward]}
    public Tensor detach() {
        return new Tensor(data.detach());
    }

    /// Adds to each parameter's gradient what this tensor's `gradient` implies for it.
    public void backward(Tensor gradient) {
        backward(List.of(this), List.of(gradient));
    }

    /// Adds to each parameter's gradient what the gradients of several tensors imply for it.
    public static void backward(List<Tensor> tensors, List<Tensor> gradients) {
        torch.backward(vector(tensors), vector(gradients), new BoolOptional(), false, new TensorVector());
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::data).toArray(org.bytedeco.pytorch.Tensor[]::new));
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
