package org.segloss.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.kernel.ErrorOrder;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// The fast twin: errors in float, sorted or selected by their bits.
final class LanePlanes extends Planes {
    /// Voxels of a piece of work of [#topK]; a list of fewer is sorted by one thread.
    private static final int PIECE = 1 << 18;

    /// `[leaf][sample][list][voxel]`, as [ErrorOrder] has them
    private float[][][][] numbers = {};

    private final List<float[]> allocated = new ArrayList<>();
    private final Pool<ErrorOrder> orders = new Pool<>(ErrorOrder::new);
    private final Pool<ErrorOrder.Spare> spares = new Pool<>(ErrorOrder.Spare::new);
    private final Pool<int[]> histograms = new Pool<>(() -> new int[1 << 16]);
    private final Pool<long[]> totals = new Pool<>(() -> new long[1 << 16]);

    LanePlanes(List<WholeLoss> losses, Task task, Batch batch, TargetReader target) {
        super(losses, task, batch, target);
    }

    @Override
    void reshape() {
        numbers = new float[losses.size()][shape().batch()][][];
        int taken = 0;
        for (int l = 0; l < losses.size(); l++) {
            for (int b = 0; b < shape().batch(); b++) {
                numbers[l][b] = new float[lists(losses.get(l))][];
                for (int list = 0; list < numbers[l][b].length; list++) {
                    numbers[l][b][list] = plane(taken++);
                }
            }
        }
    }

    /// {@return a plane of the batch's size}: that of an earlier batch if it fits
    private float[] plane(int i) {
        int voxels = (int) shape().voxels();
        if (i == allocated.size()) {
            allocated.add(new float[voxels]);
        } else if (allocated.get(i).length != voxels) {
            allocated.set(i, new float[voxels]);
        }
        return allocated.get(i);
    }

    /// {@return the errors of a list, later their weights}
    float[] plane(int leaf, int sample, int list) {
        return numbers[leaf][sample][list];
    }

    @Override
    double[] lovasz(Voxels[] lists, boolean hinge, boolean skipsAbsent) {
        int threads = batch.threads();
        double[] losses = new double[lists.length];
        if (shape().voxels() < PIECE) {
            Workers.run(
                    lists.length,
                    threads,
                    orders,
                    (order, i) -> losses[i] = lovasz(lists[i], hinge, skipsAbsent, order, 1));
        } else {
            ErrorOrder order = orders.borrow();
            Arrays.setAll(losses, i -> lovasz(lists[i], hinge, skipsAbsent, order, threads));
            orders.giveBack(order);
        }
        return losses;
    }

    private double lovasz(Voxels list, boolean hinge, boolean skipsAbsent, ErrorOrder order, int threads) {
        float[][] planes = IntStream.range(list.sample(), list.sample() + list.samples())
                .mapToObj(b -> plane(list.leaf(), b, list.channels().getFirst()))
                .toArray(float[][]::new);
        int n = order.split(planes, threads);
        if (n != list.kept()) {
            for (float[] plane : planes) {
                Arrays.fill(plane, Float.NaN);
            }
            return Double.NaN;
        }
        int foreground = order.foregroundBefore(order.parts());
        if (foreground == 0 && skipsAbsent) {
            return ABSENT;
        }
        int length = planes[0].length;
        double[] losses = new double[order.parts()];
        Workers.run(losses.length, threads, spares, (spare, part) -> {
            order.sort(part, spare);
            int start = order.start(part);
            int before = order.foregroundBefore(part);
            JaccardSteps jaccard = new JaccardSteps(foreground, before, start - before);
            double loss = 0;
            for (int i = start; i < order.start(part + 1); i++) {
                double weight = jaccard.next(order.isForeground(i));
                double error = order.error(i);
                // 0 times an infinite error is 0
                loss += weight == 0 ? 0 : weight * error;
                if (!(hinge && error == 0)) {
                    int voxel = order.voxel(i);
                    planes[voxel / length][voxel % length] = (float) weight;
                }
            }
            losses[part] = loss;
        });
        return Arrays.stream(losses).sum();
    }

    @Override
    double topK(int leaf, long n, long k) {
        float[][] planes = Arrays.stream(numbers[leaf]).flatMap(Arrays::stream).toArray(float[][]::new);
        if (n == 0) {
            for (float[] plane : planes) {
                Arrays.fill(plane, 0);
            }
            return 0;
        }
        return new Selection(planes).select(n, k);
    }

    @Override
    long above(int leaf, double least) {
        float[][] planes = Arrays.stream(numbers[leaf]).flatMap(Arrays::stream).toArray(float[][]::new);
        long[] counts = new long[planes.length];
        Workers.run(planes.length, batch.threads(), i -> {
            long count = 0;
            for (float error : planes[i]) {
                count += Math.abs(error) > least ? 1 : 0;
            }
            counts[i] = count;
        });
        return Arrays.stream(counts).sum();
    }

    @Override
    double[] read(int leaf, int sample, int list) {
        float[] plane = numbers[leaf][sample][list];
        double[] values = new double[plane.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = plane[i];
        }
        return values;
    }

    @Override
    void write(int leaf, int sample, int list, double[] values) {
        float[] plane = numbers[leaf][sample][list];
        for (int i = 0; i < values.length; i++) {
            plane[i] = (float) values[i];
        }
    }

    /// The `k` largest, found by counting: first the upper half of their bits, then the lower half of those that share
    /// the border's upper half.
    private final class Selection {
        private final float[][] planes;
        private final int each;
        private final double[] sums;

        Selection(float[][] planes) {
            this.planes = planes;
            each = Math.ceilDiv(planes[0].length, PIECE);
            sums = new double[planes.length * each];
        }

        double select(long n, long k) {
            long[] upper = totals.borrow();
            long[] lower = totals.borrow();
            double mean = select(n, k, upper, lower);
            totals.giveBack(upper);
            totals.giveBack(lower);
            return mean;
        }

        private double select(long n, long k, long[] upper, long[] lower) {
            count(upper);
            if (Arrays.stream(upper).sum() != n) {
                for (float[] plane : planes) {
                    Arrays.fill(plane, Float.NaN);
                }
                return Double.NaN;
            }
            long left = k;
            int high = upper.length - 1;
            for (; upper[high] < left; high--) {
                left -= upper[high];
            }
            countBelow(high, lower);
            double sum = Arrays.stream(sums).sum();
            int low = lower.length - 1;
            for (; lower[low] < left; low--) {
                left -= lower[low];
                // of an infinite error's neighbours, which are NaN, there are none
                sum += lower[low] == 0 ? 0 : lower[low] * (double) Float.intBitsToFloat(high << 16 | low);
            }
            float least = Float.intBitsToFloat(high << 16 | low);
            weigh(least, left, lower[low], (float) (1.0 / k));
            return (sum + left * (double) least) / k;
        }

        /// How often each value of the upper half occurs.
        private void count(long[] all) {
            Arrays.fill(all, 0);
            Workers.run(pieces(), batch.threads(), histograms, (counts, piece) -> {
                float[] plane = planes[piece / each];
                int end = end(plane, piece);
                for (int i = start(piece); i < end; i++) {
                    float error = plane[i];
                    if (error == error) {
                        counts[bits(error) >>> 16]++;
                    }
                }
                moveTo(all, counts);
            });
        }

        /// How often each value of the lower half occurs where the upper half is `high`; the sums of the
        /// pieces get what lies above.
        private void countBelow(int high, long[] all) {
            Arrays.fill(all, 0);
            float above = Float.intBitsToFloat(high << 16 | 0xffff);
            Workers.run(pieces(), batch.threads(), histograms, (counts, piece) -> {
                float[] plane = planes[piece / each];
                int end = end(plane, piece);
                double sum = 0;
                for (int i = start(piece); i < end; i++) {
                    float error = Math.abs(plane[i]);
                    sum += error > above ? error : 0;
                    if (bits(error) >>> 16 == high) {
                        counts[bits(error) & 0xffff]++;
                    }
                }
                sums[piece] = sum;
                moveTo(all, counts);
            });
        }

        private static int bits(float error) {
            return Float.floatToRawIntBits(error) & 0x7fffffff;
        }

        private static void moveTo(long[] all, int[] counts) {
            synchronized (all) {
                for (int i = 0; i < counts.length; i++) {
                    all[i] += counts[i];
                    counts[i] = 0;
                }
            }
        }

        /// @param least the smallest that is taken
        /// @param taken how many of those equal to it are taken, in the order of the voxels
        /// @param equal how many there are
        private void weigh(float least, long taken, long equal, float weight) {
            long[] allowed = new long[pieces()];
            Arrays.fill(allowed, Long.MAX_VALUE);
            if (taken < equal) {
                long before = 0;
                for (int piece = 0; piece < allowed.length; piece++) {
                    allowed[piece] = Math.max(0, taken - before);
                    before += count(least, piece);
                }
            }
            Workers.run(allowed.length, batch.threads(), piece -> {
                float[] plane = planes[piece / each];
                int end = end(plane, piece);
                long rest = allowed[piece];
                for (int i = start(piece); i < end; i++) {
                    float error = Math.abs(plane[i]);
                    boolean tie = error == least && rest > 0;
                    rest -= tie ? 1 : 0;
                    plane[i] = error > least || tie ? weight : 0;
                }
            });
        }

        private long count(float error, int piece) {
            float[] plane = planes[piece / each];
            long count = 0;
            for (int i = start(piece); i < end(plane, piece); i++) {
                count += Math.abs(plane[i]) == error ? 1 : 0;
            }
            return count;
        }

        private int pieces() {
            return sums.length;
        }

        private int start(int piece) {
            return piece % each * PIECE;
        }

        private int end(float[] plane, int piece) {
            return start(piece) + Math.min(PIECE, plane.length - start(piece));
        }
    }
}
