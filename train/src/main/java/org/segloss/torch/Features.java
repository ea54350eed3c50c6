package org.segloss.torch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch;

/// What a network makes of images, with the operations that segmentation networks are made of, and the way back: what
/// gradients of the last features imply for all weights before.
///
/// Images have the shape `(batch, channel, y, x)` or `(batch, channel, z, y, x)`; the number of axes decides
/// between the operations in the plane and in space. Features lie in memory voxel by voxel, the channels last,
/// as oneDNN's convolutions can take them: memory in the order of the shape it would bring to blocks of
/// channels, and back, in each convolution, a quarter of a step.
///
/// Floats or bfloat16: an operation computes in the kind of its features and brings the weights to it, whose gradients
/// are floats again.
///
/// Each operation of a training writes down its own way back, which [#back] goes in the opposite order. So a network
/// does without the copies, sums and kernels of a library that has to be ready for any operation, a tenth of a step.
/// An operation that has none goes by [#autograd].
public final class Features {
    private static final double SLOPE = 0.01;

    /// An operation that was done.
    ///
    /// @param back takes the gradient of what was made, and uses it up
    private record TapeEntry(Features made, Consumer<Tensor> back) {}

    /// The forward pass of an operation, by operations of tensors.
    public interface Operation {
        /// {@return what is made of features}, which it leaves as they are
        ///
        /// @param weights in the features' kind of numbers
        Tensor apply(List<Tensor> features, List<Tensor> weights);
    }

    private final Operators operators;
    // of a training the operations so far
    private final Optional<Deque<TapeEntry>> tape;
    private final boolean wanted;
    private final Tensor value;
    private Optional<Tensor> gradient = Optional.empty();

    private Features(Operators operators, Optional<Deque<TapeEntry>> tape, boolean wanted, Tensor value) {
        this.operators = operators;
        this.tape = tape;
        this.wanted = wanted;
        this.value = value;
    }

    /// {@return images to predict from}
    ///
    /// @param operators for the memory that they lie in
    public static Features toPredict(Tensor images, Operators operators) {
        return new Features(operators, Optional.empty(), false, images);
    }

    /// {@return images to train with}
    ///
    /// @param operators for the memory that they lie in
    public static Features toTrain(Tensor images, Operators operators) {
        return new Features(operators, Optional.of(new ArrayDeque<>()), false, images);
    }

    /// {@return features whose own [gradient][#gradient] is wanted}
    static Features leaf(Tensor value, Operators operators) {
        return new Features(operators, Optional.of(new ArrayDeque<>()), true, value);
    }

    public Tensor value() {
        return value;
    }

    /// {@return what [#back] found for a leaf}
    Optional<Tensor> gradient() {
        return gradient;
    }

    /// Adds to each weight's gradient what the gradients of several features of one training imply for it. All that was
    /// made on the way to them is used up.
    ///
    /// @param gradients used up
    public static void back(List<Features> features, List<Tensor> gradients) {
        for (int i = 0; i < features.size(); i++) {
            features.get(i).add(gradients.get(i));
        }
        Deque<TapeEntry> tape = features.getFirst().tape.orElseThrow();
        while (!tape.isEmpty()) {
            TapeEntry last = tape.removeLast();
            Optional<Tensor> gradient = last.made.gradient;
            last.made.gradient = Optional.empty();
            gradient.ifPresent(last.back);
            // whatever was made of it has gone back before
            last.made.value.free();
        }
    }

    private void add(Tensor part) {
        if (gradient.isEmpty()) {
            gradient = Optional.of(part);
        } else {
            gradient.get().add(1, part);
            part.free();
        }
    }

    private Features made(Tensor result, Consumer<Tensor> back) {
        return made(result, true, back);
    }

    private Features made(Tensor result, boolean wanted, Consumer<Tensor> back) {
        Features made = new Features(operators, tape, wanted, result);
        tape.ifPresent(all -> all.addLast(new TapeEntry(made, back)));
        return made;
    }

    // ---- operations

    /// {@return the convolution of stride 1}, padded with `(edge - 1) / 2` zeros: an odd edge keeps the size
    ///
    /// @param kernel `(out, in, space...)`
    public Features convolve(Weights kernel) {
        return convolve(Convolution.centred(kernel.value()), kernel);
    }

    /// {@return the convolution}, padded alike: stride 2 halves an even size
    ///
    /// @param kernel `(out, in, space...)`
    /// @param stride along each axis of the space
    public Features convolve(Weights kernel, int[] stride) {
        long[] strides = Arrays.stream(stride).asLongStream().toArray();
        return convolve(Convolution.centred(kernel.value(), strides), kernel);
    }

    private Features convolve(Convolution convolution, Weights kernel) {
        Tensor prepared = Convolution.prepared(kernel.value(), value.precision());
        return made(
                convolution.apply(value, prepared, Optional.empty()), dy -> back(dy, convolution, kernel, prepared));
    }

    /// {@return the convolution of stride 1, plus `bias[c]` in channel c}
    public Features convolve(Weights kernel, Weights bias) {
        Convolution convolution = Convolution.centred(kernel.value());
        Tensor prepared = Convolution.prepared(kernel.value(), value.precision());
        Tensor shift = bias.value().to(value.precision());
        return made(convolution.apply(value, prepared, Optional.of(shift)), dy -> {
            bias.gradient().add(1, sumOfChannels(dy));
            back(dy, convolution, kernel, prepared);
        });
    }

    private void back(Tensor dy, Convolution convolution, Weights kernel, Tensor prepared) {
        Convolution.Gradients gradients = convolution.back(dy, value, prepared, wanted);
        dy.free();
        kernel.gradient().add(1, gradients.kernel());
        gradients.features().ifPresent(this::add);
    }

    /// {@return of each channel the sum over samples and voxels, in float}
    private static Tensor sumOfChannels(Tensor image) {
        long[] others = IntStream.range(0, image.shape().length)
                .filter(axis -> axis != 1)
                .asLongStream()
                .toArray();
        return new Tensor(image.data().sum(others, false, new ScalarTypeOptional(torch.ScalarType.Float)));
    }

    /// {@return the convolution of stride 1 of the channels of `coarse`, each voxel repeated, followed by those
    /// of these features}
    ///
    /// @param factors how often, along each axis of the space: once or twice
    /// @param kernel  `(out, in, edges...)`, all odd, of 3 where voxels are repeated
    public Features convolveBeside(Features coarse, int[] factors, Weights kernel) {
        // a convolution is a sum over channels, and that over the repeated ones may have a faster form
        long split = coarse.value.shape()[1];
        Features sum = convolve(kernel.inputs(split, value.shape()[1]));
        UpsampledConvolution repeated = operators.upsampledConvolution(coarse.value, factors, kernel.inputs(0, split));
        repeated.addTo(sum.value);
        return made(sum.value, dy -> {
            Tensor last = dy.turnedChannelsLast();
            repeated.back(last, coarse.wanted).ifPresent(coarse::add);
            sum.add(last);
        });
    }

    /// {@return each voxel repeated}
    ///
    /// @param factors how often, along each axis of the space
    public Features upsample(int... factors) {
        return made(value.upsample(factors), dy -> {
            Tensor sums = dy.upsampleBack(factors);
            dy.free();
            add(sums);
        });
    }

    /// {@return every channel of every sample brought to mean 0 and variance 1 (plus 1e-5), times
    /// `scale[c]`, plus `shift[c]`}; the features are used up
    public Features instanceNorm(Weights scale, Weights shift) {
        return norm(scale, shift, 1);
    }

    /// {@return the [norm][#instanceNorm] where it is positive, elsewhere 0.01 times it}; the features are used up
    public Features instanceNormLeakyRelu(Weights scale, Weights shift) {
        return norm(scale, shift, SLOPE);
    }

    private Features norm(Weights scale, Weights shift, double slope) {
        Norm norm = operators.norm(value.channelsLast(), scale, shift, slope);
        boolean predicting = tape.isEmpty();
        return made(norm.apply(predicting), dy -> add(norm.back(dy)));
    }

    /// {@return `x` where positive, elsewhere `0.01 x`}; the features are used up
    public Features leakyRelu() {
        Scalar slope = new Scalar(SLOPE);
        torch.leaky_relu_(value.data(), slope);
        return made(value, dy -> {
            // the sign of the result is that of what it was made of
            var dx = torch.leaky_relu_backward(dy.data(), value.data(), slope, true);
            dy.free();
            add(new Tensor(dx));
        });
    }

    /// {@return `x` where positive, elsewhere `slope[c] x`}
    public Features prelu(Weights slope) {
        var slopes = slope.value().to(value.precision()).data();
        return made(new Tensor(torch.prelu(value.data(), slopes)), dy -> {
            Tensor ofSlope = new Tensor(value.data().clamp_max(new Scalar(0)).mul_(dy.data()));
            slope.gradient().add(1, sumOfChannels(ofSlope));
            ofSlope.free();
            long[] ofChannels = new long[value.shape().length];
            Arrays.fill(ofChannels, 1);
            ofChannels[1] = slopes.numel();
            Tensor positive = new Tensor(value.data().gt(new Scalar(0)));
            Tensor scaled = new Tensor(dy.data().mul(slopes.view(ofChannels)));
            add(new Tensor(dy.data().where(positive.data(), scaled.data())));
            positive.free();
            scaled.free();
            dy.free();
        });
    }

    /// {@return what `operation` makes of several features and weights}, in a training with the way back that is found
    /// by libtorch's autograd
    ///
    /// ```java
    /// Features.autograd(List.of(x), List.of(), (features, _) -> features.getFirst().sigmoid())
    /// ```
    ///
    /// No numbers are kept beyond those that the way back needs, and none at all to predict.
    ///
    /// @param features at least one, all of the same images
    /// @param weights  each of which the result depends on
    public static Features autograd(List<Features> features, List<Weights> weights, Operation operation) {
        Features first = features.getFirst();
        List<Tensor> x = features.stream().map(Features::value).toList();
        List<Tensor> w = weights.stream().map(Weights::value).toList();
        List<Features> wanted = features.stream().filter(each -> each.wanted).toList();
        // what is made of images alone has nothing to go back to
        if (first.tape.isEmpty() || wanted.isEmpty() && weights.isEmpty()) {
            return first.made(Autograd.apply(operation, x, w), false, _ -> {});
        }
        Autograd autograd =
                new Autograd(x, features.stream().map(each -> each.wanted).toList(), w, operation);
        return first.made(
                autograd.value(),
                dy -> autograd.back(dy, (leaf, gradient) -> {
                    if (leaf < wanted.size()) {
                        wanted.get(leaf).add(gradient.copy());
                    } else {
                        weights.get(leaf - wanted.size()).gradient().add(1, gradient);
                    }
                }));
    }

    public Features plus(Features other) {
        return made(new Tensor(value.data().add(other.value.data())), dy -> {
            other.add(dy.copy());
            add(dy);
        });
    }
}
