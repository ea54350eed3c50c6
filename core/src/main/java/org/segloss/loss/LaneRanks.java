package org.segloss.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.grid.Shape;
import org.segloss.kernel.ErrorOrder;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;

/// The fast twin: errors in float, sorted or selected by their bits.
final class LaneRanks extends Ranks {
    /// Voxels of a piece of work of [#topK].
    private static final int PIECE = 1 << 18;

    private final int threads;
    private final Scratch scratch;

    /// `[leaf][sample][list][voxel]`, as [ErrorOrder] has them
    private final float[][][][] numbers;

    /// What an evaluator keeps from one evaluation to the next.
    static final class Scratch {
        private final List<float[]> planes = new ArrayList<>();
        private final ErrorOrder order = new ErrorOrder();
        private final Pool<ErrorOrder.Spare> spares = new Pool<>(ErrorOrder.Spare::new);
        private final Pool<int[]> counts = new Pool<>(() -> new int[1 << 16]);

        private float[] plane(int i, int voxels) {
            if (i == planes.size()) {
                planes.add(new float[voxels]);
            } else if (planes.get(i).length != voxels) {
                planes.set(i, new float[voxels]);
            }
            return planes.get(i);
        }
    }

    LaneRanks(List<RankedLoss> losses, Task task, Shape shape, int threads, Scratch scratch) {
        super(losses, task, shape);
        this.threads = threads;
        this.scratch = scratch;
        numbers = new float[losses.size()][shape.batch()][][];
        int planes = 0;
        for (int l = 0; l < losses.size(); l++) {
            for (int b = 0; b < shape.batch(); b++) {
                numbers[l][b] = new float[lists(losses.get(l))][];
                for (int list = 0; list < numbers[l][b].length; list++) {
                    numbers[l][b][list] = scratch.plane(planes++, (int) shape.voxels());
                }
            }
        }
    }

    /// {@return the errors of a list, later their weights}
    float[] plane(int leaf, int sample, int list) {
        return numbers[leaf][sample][list];
    }

    @Override
    double[] lovasz(Voxels[] lists, boolean hinge) {
        double[] losses = new double[lists.length];
        Arrays.setAll(losses, i -> lovasz(lists[i], hinge));
        return losses;
    }

    private double lovasz(Voxels list, boolean hinge) {
        ErrorOrder order = scratch.order;
        float[][] planes = IntStream.range(list.sample(), list.sample() + list.samples())
                .mapToObj(b -> plane(list.leaf(), b, list.channel()))
                .toArray(float[][]::new);
        int n = order.split(planes, threads);
        if (n != list.kept()) {
            for (float[] plane : planes) {
                Arrays.fill(plane, Float.NaN);
            }
            return Double.NaN;
        }
        int foreground = order.foregroundBefore(order.parts());
        if (foreground == 0 && !hinge) {
            return ABSENT;
        }
        int length = planes[0].length;
        double[] losses = new double[order.parts()];
        Workers.run(losses.length, threads, scratch.spares, (spare, part) -> {
            order.sort(part, spare);
            int start = order.start(part);
            int before = order.foregroundBefore(part);
            Jaccard jaccard = new Jaccard(foreground, before, start - before);
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

    /// The `k` largest, found by counting: first the upper half of their bits, then the lower half of those that share
    /// the border's upper half.
    private final class Selection {
        private final float[][] planes;
        private final int pieces;
        private final int[] ties;
        private final double[] sums;

        Selection(float[][] planes) {
            this.planes = planes;
            pieces = Math.ceilDiv(planes[0].length, PIECE);
            ties = new int[planes.length * pieces];
            sums = new double[ties.length];
        }

        double select(long n, long k) {
            long[] upper = count(0, -1);
            long counted = 0;
            for (long c : upper) {
                counted += c;
            }
            if (counted != n) {
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
            long[] lower = count(16, high);
            int low = lower.length - 1;
            for (; lower[low] < left; low--) {
                left -= lower[low];
            }
            return weigh(high << 16 | low, left, k);
        }

        /// How often each value of 16 bits occurs.
        ///
        /// @param skipped the bits above them, 0 or 16
        /// @param prefix  what those bits have to be
        private long[] count(int skipped, int prefix) {
            long[] all = new long[1 << 16];
            Workers.run(ties.length, threads, scratch.counts, (counts, piece) -> {
                float[] plane = planes[piece / pieces];
                int end = end(plane, piece);
                for (int i = start(piece); i < end; i++) {
                    float error = plane[i];
                    int bits = Float.floatToRawIntBits(error) & 0x7fffffff;
                    if (error == error && (skipped == 0 || bits >>> 16 == prefix)) {
                        counts[skipped == 0 ? bits >>> 16 : bits & 0xffff]++;
                    }
                }
                synchronized (all) {
                    for (int i = 0; i < counts.length; i++) {
                        all[i] += counts[i];
                        counts[i] = 0;
                    }
                }
            });
            return all;
        }

        /// @param border the bits of the smallest that is taken
        /// @param taken  how many of those equal to it are taken
        private double weigh(int border, long taken, long k) {
            float least = Float.intBitsToFloat(border);
            Pool<Integer> none = new Pool<>(() -> 0);
            Workers.run(ties.length, threads, none, (_, piece) -> {
                float[] plane = planes[piece / pieces];
                int end = end(plane, piece);
                int equal = 0;
                double sum = 0;
                for (int i = start(piece); i < end; i++) {
                    float error = Math.abs(plane[i]);
                    equal += error == least ? 1 : 0;
                    sum += error > least ? error : 0;
                }
                ties[piece] = equal;
                sums[piece] = sum;
            });
            double sum = (double) least * taken;
            long before = 0;
            long[] allowed = new long[ties.length];
            for (int piece = 0; piece < ties.length; piece++) {
                sum += sums[piece];
                allowed[piece] = Math.clamp(taken - before, 0, ties[piece]);
                before += ties[piece];
            }
            float weight = (float) (1.0 / k);
            Workers.run(ties.length, threads, none, (_, piece) -> {
                float[] plane = planes[piece / pieces];
                int end = end(plane, piece);
                long rest = allowed[piece];
                for (int i = start(piece); i < end; i++) {
                    float error = Math.abs(plane[i]);
                    boolean tie = error == least && rest > 0;
                    rest -= tie ? 1 : 0;
                    plane[i] = error > least || tie ? weight : 0;
                }
            });
            return sum / k;
        }

        private int start(int piece) {
            return piece % pieces * PIECE;
        }

        private int end(float[] plane, int piece) {
            return start(piece) + Math.min(PIECE, plane.length - start(piece));
        }
    }
}
