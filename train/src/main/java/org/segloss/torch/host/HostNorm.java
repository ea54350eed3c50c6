package org.segloss.torch.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.segloss.kernel.Halves;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;
import org.segloss.plan.Precision;
import org.segloss.torch.Libtorch;
import org.segloss.torch.Norm;
import org.segloss.torch.Tensor;
import org.segloss.torch.Weights;
import org.segloss.torch.host.NormLoops.Rectifier;

/// The norm in host memory, of features that lie voxel by voxel, the channels last. The way back needs `x` again, but
/// neither `z` nor `y`:
///
/// ```text
/// dz     = dy where z is positive, elsewhere slope dy
/// dshift = sum dz,   dscale = sum dz (x - mean) / sd
/// dx     = scale / sd (dz - (dshift + dscale (x - mean) / sd) / voxels)
/// ```
///
/// libtorch has no norm for this order of memory that is as fast: its instance norm leaves the order, its group norm
/// takes twenty times as long back, and a batch norm of each sample copies all samples together, twice.
///
/// A block is as many whole voxels as fill some of the first-level cache. Whatever belongs to a channel is repeated
/// for each voxel of a block, and a sum runs over the same place of many blocks. So all loops go along arrays, and the
/// bits depend on neither the width of vectors nor the number of threads.
final class HostNorm implements Norm {
    private static final int NUMBERS = 1024;
    // to be taken by one thread
    private static final int BLOCKS = 128;

    private final Tensor features;
    private final MemorySegment x;
    private final Precision precision;
    private final int samples;
    private final int channels;
    private final long voxels;
    private final int block;
    private final IntFunction<NormLoops> loops;
    private final NormLoops order;
    private final int pieces;
    private final int threads;
    private final Weights scale;
    private final Weights shift;

    private final double[][] mean;
    private final double[][] inverse;

    // of each sample, repeated along a block; the centre is the mean to within a float, or the roundings of large
    // numbers would be multiplied
    private final Rectifier[] rectifiers;

    HostNorm(Tensor features, Weights scale, Weights shift, double slope) {
        this(features, scale, shift, slope, block -> NormLoops.of(features.precision(), block));
    }

    HostNorm(Tensor features, Weights scale, Weights shift, double slope, IntFunction<NormLoops> loops) {
        this.loops = loops;
        this.features = features;
        long[] shape = features.shape();
        this.x = features.voxelMemory();
        this.precision = features.precision();
        this.samples = (int) shape[0];
        this.channels = (int) shape[1];
        this.voxels = Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
        this.block = channels * (int) Math.min(voxels, Math.max(1, NUMBERS / channels));
        this.order = loops.apply(block);
        this.pieces = Math.ceilDiv(Math.toIntExact(Math.ceilDiv(size(), block)), BLOCKS);
        // a thread that has to be called for less than that comes too late
        this.threads = samples * pieces < 4 ? 1 : Libtorch.threads();
        this.scale = scale;
        this.shift = shift;
        mean = new double[samples][channels];
        inverse = new double[samples][channels];
        rectifiers = new Rectifier[samples];
        findStatistics();
        float[] scales = scale.value().toArray();
        float[] shifts = shift.value().toArray();
        for (int sample = 0; sample < samples; sample++) {
            double[] factors = new double[channels];
            double[] offsets = new double[channels];
            for (int c = 0; c < channels; c++) {
                factors[c] = scales[c] * inverse[sample][c];
                offsets[c] = shifts[c] + rounding(sample, c) * factors[c];
            }
            rectifiers[sample] =
                    new Rectifier(repeated(mean[sample]), repeated(factors), repeated(offsets), (float) slope);
        }
    }

    /// {@return numbers of a sample}
    private long size() {
        return voxels * channels;
    }

    /// {@return by how much the centre is larger than the mean}
    private double rounding(int sample, int channel) {
        return (float) mean[sample][channel] - mean[sample][channel];
    }

    private float[] repeated(double[] ofChannels) {
        float[] repeated = new float[block + 1];
        for (int voxel = 0; voxel < block; voxel += channels) {
            for (int c = 0; c < channels; c++) {
                float number = (float) ofChannels[c];
                // of NaN that which stays one when it is rounded
                repeated[order.place(voxel + c)] = Float.isNaN(number) ? Float.NaN : number;
            }
        }
        return repeated;
    }

    /// By sums of the differences to the mean of a sample's first voxels: squares that are about as small as the spread
    /// of the values, wherever they lie.
    private void findStatistics() {
        double[][] near = new double[samples][];
        float[][] origin = new float[samples][];
        for (int sample = 0; sample < samples; sample++) {
            near[sample] = meanOfBlock(sample);
            origin[sample] = repeated(near[sample]);
        }
        double[][] sums = sums(
                (tools, sample, at, n) -> tools.loops.addMoments(x, at, n, origin[sample], tools.sum, tools.products));
        for (int sample = 0; sample < samples; sample++) {
            for (int c = 0; c < channels; c++) {
                double shift = sums[sample][c] / voxels;
                double variance = Math.max(0, sums[sample][channels + c] / voxels - shift * shift);
                mean[sample][c] = near[sample][c] + shift;
                // too large a spread is no number, or all would be the shift and a training go on as if it learnt
                inverse[sample][c] =
                        variance == Double.POSITIVE_INFINITY ? Double.NaN : 1 / Math.sqrt(variance + EPSILON);
            }
        }
    }

    /// {@return of each channel of a sample the mean of its first block, as a float}
    private double[] meanOfBlock(int sample) {
        double[] means = new double[channels];
        for (int voxel = 0; voxel < block; voxel += channels) {
            for (int c = 0; c < channels; c++) {
                means[c] += number(sample * size() + voxel + c);
            }
        }
        for (int c = 0; c < channels; c++) {
            means[c] = (float) (means[c] * channels / block);
        }
        return means;
    }

    private float number(long at) {
        return precision == Precision.BFLOAT16
                ? Halves.bfloat16ToFloat(x.get(ValueLayout.JAVA_SHORT, at * Short.BYTES))
                : x.get(ValueLayout.JAVA_FLOAT, at * Float.BYTES);
    }

    @Override
    public Tensor apply(boolean inPlace) {
        Tensor result = inPlace ? features : Tensor.room(features.shape(), precision);
        MemorySegment y = result.voxelMemory();
        each((tools, sample, at, n) -> tools.loops.rectify(x, at, n, rectifiers[sample], y));
        return result;
    }

    @Override
    public Tensor back(Tensor gradient) {
        // each number is read before it is overwritten, and not again
        Tensor result = gradient.turnedChannelsLast();
        MemorySegment dy = result.voxelMemory();
        float[] scales = scale.value().toArray();
        float[] scaleGradient = new float[channels];
        float[] shiftGradient = new float[channels];
        double[][] sums = sums((tools, sample, at, n) ->
                tools.loops.addProducts(x, dy, at, n, rectifiers[sample], tools.sum, tools.products));
        float[][] perDifference = new float[samples][];
        float[][] constant = new float[samples][];
        for (int sample = 0; sample < samples; sample++) {
            double[] perDifferences = new double[channels];
            double[] constants = new double[channels];
            for (int c = 0; c < channels; c++) {
                double ofShift = sums[sample][c];
                double ofScale = (sums[sample][channels + c] + rounding(sample, c) * ofShift) * inverse[sample][c];
                shiftGradient[c] += (float) ofShift;
                scaleGradient[c] += (float) ofScale;
                double each = -scales[c] * inverse[sample][c] / voxels;
                perDifferences[c] = each * inverse[sample][c] * ofScale;
                constants[c] = each * ofShift + perDifferences[c] * rounding(sample, c);
            }
            perDifference[sample] = repeated(perDifferences);
            constant[sample] = repeated(constants);
        }
        each((tools, sample, at, n) ->
                tools.loops.combine(x, dy, at, n, rectifiers[sample], perDifference[sample], constant[sample]));
        scale.gradient().add(1, Tensor.of(scaleGradient, channels));
        shift.gradient().add(1, Tensor.of(shiftGradient, channels));
        return result;
    }

    // ---- blocks

    private interface Block {
        /// @param at the first of its numbers
        /// @param n  how many
        void take(Tools tools, int sample, long at, int n);
    }

    /// What a thread works with.
    private static final class Tools {
        final NormLoops loops;
        final float[] sum;
        final float[] products;

        Tools(NormLoops loops, int block) {
            this.loops = loops;
            sum = new float[block + 1];
            products = new float[block + 1];
        }
    }

    private Pool<Tools> tools() {
        return new Pool<>(() -> new Tools(loops.apply(block), block));
    }

    private void each(Block work) {
        Workers.run(samples * pieces, threads, tools(), (tools, piece) -> piece(tools, piece, work));
    }

    /// {@return for each sample the sums of each channel that the blocks add to [Tools#sum], then those
    /// of [Tools#products]}
    private double[][] sums(Block work) {
        double[][] ofPieces = new double[samples * pieces][2 * channels];
        Workers.run(samples * pieces, threads, tools(), (tools, piece) -> {
            Arrays.fill(tools.sum, 0);
            Arrays.fill(tools.products, 0);
            piece(tools, piece, work);
            double[] ofPiece = ofPieces[piece];
            for (int voxel = 0; voxel < block; voxel += channels) {
                for (int c = 0; c < channels; c++) {
                    int place = order.place(voxel + c);
                    ofPiece[c] += tools.sum[place];
                    ofPiece[channels + c] += tools.products[place];
                }
            }
        });
        double[][] sums = new double[samples][2 * channels];
        for (int piece = 0; piece < ofPieces.length; piece++) {
            for (int i = 0; i < 2 * channels; i++) {
                sums[piece / pieces][i] += ofPieces[piece][i];
            }
        }
        return sums;
    }

    private void piece(Tools tools, int piece, Block work) {
        int sample = piece / pieces;
        long from = (long) (piece % pieces) * BLOCKS * block;
        long to = Math.min(size(), from + (long) BLOCKS * block);
        for (long at = from; at < to; at += block) {
            work.take(tools, sample, sample * size() + at, (int) Math.min(block, to - at));
        }
    }
}
