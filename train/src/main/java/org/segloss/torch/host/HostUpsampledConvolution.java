package org.segloss.torch.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segloss.kernel.Halves;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;
import org.segloss.plan.Precision;
import org.segloss.torch.Convolution;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Tensor;
import org.segloss.torch.UpsampledConvolution;
import org.segloss.torch.Weights;

/// The convolution of stride 1 of an image each voxel of which is repeated along some axes, with an edge of 3 there,
/// without the repetition, in host memory.
///
/// Along such an axis two neighbours of the kernel always meet the same voxel `x[c]` of the image:
///
/// ```text
/// y[2c - 1] = (k[0] + k[1]) x[c - 1] + k[2] x[c]
/// y[2c]     = k[0] x[c - 1] + (k[1] + k[2]) x[c]
/// ```
///
/// So a kernel of edge 2 with an output for each of the two, and zeros around the image, gives all of `y`, and
/// one more voxel at each end, with 4 products where 6 would be: in space with 64 in place of 216. The form is
/// the sub-pixel convolution that Shi, Caballero, Theis, Huszar, Aitken, Ledig and Wang (2016,
/// arXiv:1609.07009) find in such layers.
final class HostUpsampledConvolution implements UpsampledConvolution {
    // along z (1 and one slice in the plane), y and x
    private final int[] factors;
    private final int[] edges;
    private final int axes;
    private final int outputs;
    private final Tensor x;
    private final Weights kernel;
    private final Convolution convolution;
    // of a weight of the kernel, in each output, the folded weight that it is part of
    private final int[][] taps;
    private final Tensor prepared;

    /// @param factors how often a voxel is repeated along each axis: once or twice
    /// @param kernel  `(out, in, edges...)`, all odd
    HostUpsampledConvolution(Tensor x, int[] factors, Weights kernel) {
        if (Arrays.stream(factors).anyMatch(factor -> factor != 1 && factor != 2)) {
            throw new IllegalArgumentException("voxels are repeated once or twice, not " + Arrays.toString(factors));
        }
        this.x = x;
        this.axes = factors.length;
        this.factors = inSpace(factors);
        this.edges = space(kernel.value());
        if (IntStream.range(0, 3).anyMatch(axis -> this.factors[axis] == 2 && edges[axis] != 3)) {
            throw new IllegalArgumentException("a kernel over repeated voxels has the edge 3 along their axis, not "
                    + Arrays.toString(kernel.value().shape()));
        }
        this.outputs = Arrays.stream(factors).reduce(1, Math::multiplyExact);
        this.kernel = kernel;
        taps = new int[Arrays.stream(edges).reduce(1, Math::multiplyExact)][outputs];
        for (int weight = 0; weight < taps.length; weight++) {
            for (int output = 0; output < outputs; output++) {
                taps[weight][output] = tap(weight, output);
            }
        }
        // with zeros as the kernel has them, not the folded one
        convolution = Convolution.centred(kernel.value());
        prepared = Convolution.prepared(folded(), x.precision());
    }

    private static int[] inSpace(int[] ofAxes) {
        int[] all = {1, 1, 1};
        System.arraycopy(ofAxes, 0, all, 3 - ofAxes.length, ofAxes.length);
        return all;
    }

    /// {@return the edges of an image or a kernel}
    private static int[] space(Tensor tensor) {
        return inSpace(
                Arrays.stream(tensor.shape()).skip(2).mapToInt(Math::toIntExact).toArray());
    }

    @Override
    public void addTo(Tensor y) {
        Tensor woven = convolution.apply(x, prepared, Optional.empty());
        new Rows(woven, y).addToImage();
        woven.free();
    }

    @Override
    public Optional<Tensor> back(Tensor dy, boolean wanted) {
        long[] shape = x.shape();
        shape[1] = outputs * kernel.value().shape()[0];
        for (int axis = 0; axis < axes; axis++) {
            shape[2 + axis] += factors[3 - axes + axis] - 1;
        }
        Tensor apart = Tensor.room(shape, dy.precision());
        new Rows(apart, dy).split();
        Convolution.Gradients gradients = convolution.back(apart, x, prepared, wanted);
        apart.free();
        kernel.gradient().add(1, unfolded(gradients.kernel()));
        return gradients.features();
    }

    // ---- kernels

    /// {@return the kernel `(outputs out, in, taps...)`}
    private Tensor folded() {
        long[] shape = kernel.value().shape();
        shape[0] *= outputs;
        for (int axis = 0; axis < axes; axis++) {
            shape[2 + axis] = tapsAlong(3 - axes + axis);
        }
        Tensor result = Tensor.room(shape, Precision.FLOAT32);
        Filters weights = new Filters(numbers(kernel.value()));
        Filters sums = new Filters(result);
        int in = weights.inputs;
        for (int o = 0; o < weights.count; o++) {
            weights.read(o);
            for (int output = 0; output < outputs; output++) {
                Arrays.fill(sums.filter, 0);
                for (int weight = 0; weight < taps.length; weight++) {
                    add(weights.filter, weight * in, sums.filter, taps[weight][output] * in, in);
                }
                sums.write(output * weights.count + o);
            }
        }
        return result;
    }

    /// {@return the gradient of the kernel}, from that of the folded one
    private Tensor unfolded(Tensor gradient) {
        Tensor result = Tensor.room(kernel.value().shape(), Precision.FLOAT32);
        Filters sums = new Filters(numbers(gradient));
        Filters weights = new Filters(result);
        int in = weights.inputs;
        for (int o = 0; o < weights.count; o++) {
            Arrays.fill(weights.filter, 0);
            for (int output = 0; output < outputs; output++) {
                sums.read(output * weights.count + o);
                for (int weight = 0; weight < taps.length; weight++) {
                    add(sums.filter, taps[weight][output] * in, weights.filter, weight * in, in);
                }
            }
            weights.write(o);
        }
        return result;
    }

    private static Tensor numbers(Tensor kernel) {
        return kernel.to(Precision.FLOAT32).channelsLast();
    }

    private static void add(float[] from, int at, float[] to, int place, int n) {
        for (int i = 0; i < n; i++) {
            to[place + i] += from[at + i];
        }
    }

    /// The filters of a kernel, which are its outputs, one at a time: a kernel as an array would be one that the
    /// collector has to place by itself.
    private static final class Filters {
        final int count;
        final int inputs;
        // the inputs last
        final float[] filter;
        private final MemorySegment memory;

        /// @param kernel in float, the channels last
        Filters(Tensor kernel) {
            count = (int) kernel.shape()[0];
            inputs = (int) kernel.shape()[1];
            filter = new float[(int) (kernel.elements() / count)];
            memory = kernel.voxelMemory();
        }

        void read(int o) {
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, offset(o), filter, 0, filter.length);
        }

        void write(int o) {
            MemorySegment.copy(filter, 0, memory, ValueLayout.JAVA_FLOAT, offset(o), filter.length);
        }

        private long offset(int o) {
            return (long) o * filter.length * Float.BYTES;
        }
    }

    /// {@return how many voxels of the image the kernel meets along an axis}
    private int tapsAlong(int axis) {
        return factors[axis] == 1 ? edges[axis] : 2;
    }

    /// {@return the folded weight, of those of an output, that a weight of the kernel is part of}
    private int tap(int weight, int output) {
        int tap = 0;
        int size = 1;
        for (int axis = 2; axis >= 3 - axes; axis--) {
            tap += (weight % edges[axis] + output % factors[axis]) / factors[axis] * size;
            size *= tapsAlong(axis);
            weight /= edges[axis];
            output /= factors[axis];
        }
        return tap;
    }

    // ---- voxels

    /// An image row by row along x, beside one with the outputs of its voxels apart: as channels, one output after the
    /// other, of the voxel of the coarse image that they lie below.
    ///
    /// For a row of the image the outputs of a row of voxels are a few together in each: with them in a row
    /// there is a voxel too much at each end where voxels are repeated.
    private final class Rows {
        // to be taken by one thread
        private static final int ROWS = 16;

        private final MemorySegment apart;
        private final MemorySegment image;
        private final boolean halves;
        private final int samples;
        private final int[] coarse;
        private final int[] fine;
        private final int channels;

        Rows(Tensor apart, Tensor image) {
            this.apart = apart.voxelMemory();
            this.image = image.voxelMemory();
            halves = image.precision() == Precision.BFLOAT16;
            samples = (int) image.shape()[0];
            channels = (int) image.shape()[1];
            coarse = space(apart);
            fine = space(image);
        }

        /// Adds to the image what lies apart.
        void addToImage() {
            each(samples * fine[0] * fine[1], (row, i) -> {
                int z = i / fine[1] % fine[0] + factors[0] - 1;
                int y = i % fine[1] + factors[1] - 1;
                int sample = i / (fine[0] * fine[1]);
                long from = voxel(sample, z / factors[0], y / factors[1])
                        + output(z % factors[0], y % factors[1]) * (long) channels;
                for (int x = 0; x < coarse[2]; x++) {
                    copy(apart, from + (long) x * outputs * channels, row.memory, (long) x * run(), run());
                }
                row.addTo(image, (long) i * fine[2] * channels);
            });
        }

        /// Sets what lies apart to what it is of the image, and to 0 beyond its ends.
        void split() {
            // what is beyond the ends of a row is 0 from the beginning, and stays so
            each(samples * coarse[0] * coarse[1], (row, i) -> {
                int cz = i / coarse[1] % coarse[0];
                int cy = i % coarse[1];
                int sample = i / (coarse[0] * coarse[1]);
                for (int q = 0; q < factors[0] * factors[1]; q++) {
                    int z = cz * factors[0] + q / factors[1] - (factors[0] - 1);
                    int y = cy * factors[1] + q % factors[1] - (factors[1] - 1);
                    if (0 <= z && z < fine[0] && 0 <= y && y < fine[1]) {
                        long from = ((long) (sample * fine[0] + z) * fine[1] + y) * fine[2] * channels;
                        copy(image, from, row.memory, beyond(), fine[2] * channels);
                    } else {
                        row.memory.fill((byte) 0);
                    }
                    long to = voxel(sample, cz, cy) + output(q / factors[1], q % factors[1]) * (long) channels;
                    for (int x = 0; x < coarse[2]; x++) {
                        copy(row.memory, (long) x * run(), apart, to + (long) x * outputs * channels, run());
                    }
                }
            });
        }

        private interface Work {
            void take(Row row, int i);
        }

        private void each(int rows, Work work) {
            // a thread that has to be called for less than that comes too late
            int threads = (long) rows * coarse[2] * run() < 1 << 16 ? 1 : Libtorch.threads();
            Workers.run(Math.ceilDiv(rows, ROWS), threads, new Pool<>(Row::new), (row, piece) -> {
                for (int i = piece * ROWS; i < Math.min(rows, (piece + 1) * ROWS); i++) {
                    work.take(row, i);
                }
            });
        }

        /// {@return the place of the first voxel of a row of the coarse image, in numbers}
        private long voxel(int sample, int z, int y) {
            return ((long) (sample * coarse[0] + z) * coarse[1] + y) * coarse[2] * outputs * channels;
        }

        private int output(int z, int y) {
            return (z * factors[1] + y) * factors[2];
        }

        /// {@return numbers of a coarse voxel that lie together in a row}
        private int run() {
            return factors[2] * channels;
        }

        /// {@return numbers before those of the image in a row of all outputs}
        private int beyond() {
            return (factors[2] - 1) * channels;
        }

        private void copy(MemorySegment from, long at, MemorySegment to, long place, int n) {
            int bytes = halves ? Short.BYTES : Float.BYTES;
            MemorySegment.copy(from, at * bytes, to, place * bytes, (long) n * bytes);
        }

        /// What a thread works with: the outputs of a row of voxels.
        private final class Row {
            final int all = coarse[2] * run();
            final int inside = fine[2] * channels;
            final short[] bits = new short[halves ? all : 0];
            final float[] numbers = new float[all];
            final MemorySegment memory = halves ? MemorySegment.ofArray(bits) : MemorySegment.ofArray(numbers);
            final short[] sumBits = new short[halves ? inside : 0];
            final float[] sums = new float[inside];

            void addTo(MemorySegment image, long at) {
                if (halves) {
                    Halves.bfloat16ToFloat(bits, all, numbers);
                    MemorySegment.copy(image, ValueLayout.JAVA_SHORT, at * Short.BYTES, sumBits, 0, inside);
                    Halves.bfloat16ToFloat(sumBits, inside, sums);
                    HostUpsampledConvolution.add(numbers, beyond(), sums, 0, inside);
                    Halves.floatToBfloat16(sums, inside, sumBits);
                    MemorySegment.copy(sumBits, 0, image, ValueLayout.JAVA_SHORT, at * Short.BYTES, inside);
                } else {
                    MemorySegment.copy(image, ValueLayout.JAVA_FLOAT, at * Float.BYTES, sums, 0, inside);
                    HostUpsampledConvolution.add(numbers, beyond(), sums, 0, inside);
                    MemorySegment.copy(sums, 0, image, ValueLayout.JAVA_FLOAT, at * Float.BYTES, inside);
                }
            }
        }
    }
}
