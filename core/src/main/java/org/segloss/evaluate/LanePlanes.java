package org.segloss.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.segloss.kernel.ErrorOrder;
import org.segloss.kernel.Pool;
import org.segloss.kernel.Workers;
import org.segloss.loss.RankedLoss;
import org.segloss.loss.Task;
import org.segloss.loss.WholeLoss;

/// The fast twin: errors in float, sorted or selected by their bits.
final class LanePlanes extends Planes {
    private static final float[][] NONE = {};

    /// Voxels of a piece of work of [#topK]; a list of fewer is sorted by one thread.
    private static final int PIECE = 1 << 18;

    /// `[leaf][sample][list][voxel]`, as [ErrorOrder] has them
    private float[][][][] numbers = {};

    /// `[leaf][group]`: the planes of a group
    private float[][][][] grouped = {};

    private final List<float[]> allocated = new ArrayList<>();
    private final Pool<Ranking> rankings = new Pool<>(Ranking::new);
    private final Workers<Ranking> ranking = new Workers<>(rankings, this::rank);
    private final Pool<ErrorOrder.Spare> spares = new Pool<>(ErrorOrder.Spare::new);
    private final Pool<Selection> selections = new Pool<>(Selection::new);
    private final Pool<int[]> histograms = new Pool<>(() -> new int[1 << 16]);

    // the leaf whose lists are ranked
    private int ranked;

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
        grouped = new float[losses.size()][][][];
        Arrays.setAll(grouped, l -> groups(l).stream().map(this::planes).toArray(float[][][]::new));
    }

    private float[][] planes(RankGroup group) {
        return IntStream.range(group.sample, group.sample + group.samples)
                .boxed()
                .flatMap(b -> Arrays.stream(group.lists).mapToObj(list -> plane(group.leaf, b, list)))
                .toArray(float[][]::new);
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
    void lovasz(int leaf, RankedLoss.Extension loss) {
        ranked = leaf;
        if (shape().voxels() < PIECE) {
            ranking.run(groups(leaf).size(), batch.threads());
            return;
        }
        Ranking one = rankings.borrow();
        for (RankGroup list : groups(leaf)) {
            list.setLoss(one.lovasz(list, batch.threads()));
        }
        rankings.giveBack(one);
    }

    private void rank(Ranking ranking, int group) {
        RankGroup list = groups(ranked).get(group);
        list.setLoss(ranking.lovasz(list, 1));
    }

    @Override
    double topK(RankGroup group, long n, long k) {
        float[][] planes = grouped[group.leaf][group.index];
        Selection selection = selections.borrow();
        double mean = selection.select(planes, n, k);
        selections.giveBack(selection);
        return mean;
    }

    @Override
    long above(RankGroup group, double least) {
        Selection selection = selections.borrow();
        long count = selection.above(grouped[group.leaf][group.index], least);
        selections.giveBack(selection);
        return count;
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

    /// The Lovász loss of one list after the other.
    private final class Ranking {
        private final ErrorOrder order = new ErrorOrder();
        private final Workers<ErrorOrder.Spare> sorting = new Workers<>(spares, this::weigh);
        private double[] losses = {};
        // none but while they are ranked
        private float[][] planes = NONE;
        private boolean hinge;
        private int foreground;

        double lovasz(RankGroup list, int threads) {
            planes = grouped[list.leaf][list.index];
            double loss = rank(list, threads);
            planes = NONE;
            return loss;
        }

        private double rank(RankGroup list, int threads) {
            RankedLoss.Extension loss = (RankedLoss.Extension) LanePlanes.this.losses.get(list.leaf);
            int n = order.split(planes, threads);
            if (n != list.kept()) {
                for (float[] plane : planes) {
                    Arrays.fill(plane, Float.NaN);
                }
                return Double.NaN;
            }
            hinge = isHinge(loss);
            foreground = order.foregroundBefore(order.parts());
            if (foreground == 0 && skipsAbsent(loss)) {
                return ABSENT;
            }
            if (losses.length < order.parts()) {
                losses = new double[order.parts()];
            }
            sorting.run(order.parts(), threads);
            return sum(losses, order.parts());
        }

        private void weigh(ErrorOrder.Spare spare, int part) {
            // the loop is faster where it need not look whether they are still the same
            float[][] planes = this.planes;
            boolean hinge = this.hinge;
            int length = planes[0].length;
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
        }
    }

    /// The `k` largest, found by counting: first the upper half of their bits, then the lower half of those that share
    /// the border's upper half.
    private final class Selection {
        private final long[] upper = new long[1 << 16];
        private final long[] lower = new long[1 << 16];
        private final Workers<int[]> countingUpper = new Workers<>(histograms, this::countUpper);
        private final Workers<int[]> countingLower = new Workers<>(histograms, this::countLower);
        private final Workers<IntConsumer> countingAbove = Workers.of(this::countAbove);
        private final Workers<IntConsumer> weighing = Workers.of(this::weigh);

        // none but while they are selected from
        private float[][] planes = NONE;

        /// Pieces of a plane.
        private int each;

        // of each piece: of what lies above, and how many may be taken of those at the border
        private double[] sums = {};
        private long[] counts = {};

        // the border: the upper half of the errors there, and the error
        private int high;
        private double border;

        private float weight;

        private void begin(float[][] planes) {
            this.planes = planes;
            each = Math.ceilDiv(planes[0].length, PIECE);
            if (sums.length < pieces()) {
                sums = new double[pieces()];
                counts = new long[pieces()];
            }
        }

        double select(float[][] planes, long n, long k) {
            begin(planes);
            double mean = select(n, k);
            this.planes = NONE;
            return mean;
        }

        private double select(long n, long k) {
            Arrays.fill(upper, 0);
            countingUpper.run(pieces(), batch.threads());
            if (total(upper, upper.length) != n) {
                for (float[] plane : planes) {
                    Arrays.fill(plane, Float.NaN);
                }
                return Double.NaN;
            }
            if (k == 0) {
                for (float[] plane : planes) {
                    Arrays.fill(plane, 0);
                }
                return 0;
            }
            long left = k;
            int high = upper.length - 1;
            for (; upper[high] < left; high--) {
                left -= upper[high];
            }
            this.high = high;
            Arrays.fill(lower, 0);
            countingLower.run(pieces(), batch.threads());
            double sum = sum(sums, pieces());
            int low = lower.length - 1;
            for (; lower[low] < left; low--) {
                left -= lower[low];
                // of an infinite error's neighbours, which are NaN, there are none
                sum += lower[low] == 0 ? 0 : lower[low] * (double) Float.intBitsToFloat(high << 16 | low);
            }
            border = Float.intBitsToFloat(high << 16 | low);
            weight = (float) (1.0 / k);
            share(left, lower[low]);
            weighing.run(pieces(), batch.threads());
            return (sum + left * border) / k;
        }

        /// {@return how many errors are above a number}
        long above(float[][] planes, double least) {
            begin(planes);
            border = least;
            countingAbove.run(pieces(), batch.threads());
            long count = total(counts, pieces());
            this.planes = NONE;
            return count;
        }

        private static long total(long[] counts, int n) {
            long total = 0;
            for (int i = 0; i < n; i++) {
                total += counts[i];
            }
            return total;
        }

        private void countAbove(int piece) {
            float[] plane = plane(piece);
            int end = end(piece);
            double least = border;
            long count = 0;
            for (int i = start(piece); i < end; i++) {
                count += Math.abs(plane[i]) > least ? 1 : 0;
            }
            counts[piece] = count;
        }

        /// How often each value of the upper half occurs.
        private void countUpper(int[] counts, int piece) {
            float[] plane = plane(piece);
            int end = end(piece);
            for (int i = start(piece); i < end; i++) {
                float error = plane[i];
                if (error == error) {
                    counts[bits(error) >>> 16]++;
                }
            }
            moveTo(upper, counts);
        }

        private void countLower(int[] counts, int piece) {
            sums[piece] = countBelow(high, plane(piece), start(piece), end(piece), counts);
            moveTo(lower, counts);
        }

        /// How often each value of the lower half occurs where the upper half is `high`.
        ///
        /// @return the sum of what lies above
        private static double countBelow(int high, float[] plane, int from, int to, int[] counts) {
            float above = Float.intBitsToFloat(high << 16 | 0xffff);
            double sum = 0;
            for (int i = from; i < to; i++) {
                float error = Math.abs(plane[i]);
                sum += error > above ? error : 0;
                if (bits(error) >>> 16 == high) {
                    counts[bits(error) & 0xffff]++;
                }
            }
            return sum;
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

        /// Tells each piece how many at the border it may take.
        ///
        /// @param taken how many are taken, in the order of the voxels
        /// @param equal how many there are
        private void share(long taken, long equal) {
            Arrays.fill(counts, Long.MAX_VALUE);
            if (taken < equal) {
                long before = 0;
                for (int piece = 0; piece < pieces(); piece++) {
                    counts[piece] = Math.max(0, taken - before);
                    before += atBorder(piece);
                }
            }
        }

        private long atBorder(int piece) {
            float[] plane = plane(piece);
            int end = end(piece);
            float least = (float) border;
            long count = 0;
            for (int i = start(piece); i < end; i++) {
                count += Math.abs(plane[i]) == least ? 1 : 0;
            }
            return count;
        }

        private void weigh(int piece) {
            float[] plane = plane(piece);
            int end = end(piece);
            float least = (float) border;
            float weight = this.weight;
            long rest = counts[piece];
            for (int i = start(piece); i < end; i++) {
                float error = Math.abs(plane[i]);
                boolean tie = error == least && rest > 0;
                rest -= tie ? 1 : 0;
                plane[i] = error > least || tie ? weight : 0;
            }
        }

        private int pieces() {
            return planes.length * each;
        }

        private float[] plane(int piece) {
            return planes[piece / each];
        }

        private int start(int piece) {
            return piece % each * PIECE;
        }

        private int end(int piece) {
            return start(piece) + Math.min(PIECE, plane(piece).length - start(piece));
        }
    }
}
