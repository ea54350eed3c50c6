package org.segloss.loss;

import java.util.Arrays;
import java.util.List;
import org.segloss.grid.Shape;

/// The voxels' errors of the losses that rank them, and after the ranking their weights.
///
/// Pass 1 writes errors, a plane for each sample and list; [#rank] turns each into the derivative of its leaf by that
/// error; pass 2 reads them. A leaf has a list for each channel whose voxels have an error of their own: the
/// cross-entropy of a softmax voxel is one for all channels.
abstract sealed class Ranks permits PlainRanks, LaneRanks {
    final List<RankedLoss> losses;
    final Task task;
    final Shape shape;
    private final double[][][] shares;

    Ranks(List<RankedLoss> losses, Task task, Shape shape) {
        this.losses = losses;
        this.task = task;
        this.shape = shape;
        shares = new double[losses.size()][shape.batch()][task.channels()];
    }

    final int lists(RankedLoss loss) {
        boolean one = loss.measure(task) == RankedLoss.Measure.CROSS_ENTROPY && task.kind() == Task.Kind.MULTICLASS;
        return one ? 1 : task.channels();
    }

    /// {@return the derivative of a leaf by the loss of one list}: its share in the mean over samples and classes
    final double share(int leaf, int sample, int list) {
        return shares[leaf][sample][list];
    }

    /// Turns errors into weights.
    ///
    /// @param kept for each sample, the voxels that count
    /// @return the value of each leaf
    final double[] rank(long[] kept) {
        double[] values = new double[losses.size()];
        for (int l = 0; l < values.length; l++) {
            values[l] = switch (losses.get(l)) {
                case Lovasz(var scope) -> lovasz(l, scope, kept);
                case TopK topK -> topK(l, topK, kept);
            };
        }
        return values;
    }

    private double lovasz(int leaf, Lovasz.Scope scope, long[] kept) {
        int together = scope == Lovasz.Scope.BATCH ? shape.batch() : 1;
        int groups = shape.batch() / together;
        int channels = task.channels();
        Voxels[] lists = new Voxels[groups * channels];
        for (int i = 0; i < lists.length; i++) {
            int first = i / channels * together;
            long count = 0;
            for (int b = first; b < first + together; b++) {
                count += kept[b];
            }
            lists[i] = new Voxels(leaf, first, together, i % channels, count);
        }
        double[] losses = lovasz(lists, this.losses.get(leaf).measure(task) == RankedLoss.Measure.HINGE);
        double value = 0;
        for (int g = 0; g < groups; g++) {
            int present = 0;
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                double loss = losses[g * channels + c];
                if (loss != ABSENT) {
                    present++;
                    sum += loss;
                }
            }
            // of a class that is absent all weights are 0
            double share = present == 0 ? 0 : 1.0 / present / groups;
            for (int b = g * together; b < (g + 1) * together; b++) {
                Arrays.fill(shares[leaf][b], share);
            }
            value += sum * share;
        }
        return value;
    }

    private double topK(int leaf, TopK topK, long[] kept) {
        long n = 0;
        for (long k : kept) {
            n += k * lists(topK);
        }
        for (double[] sample : shares[leaf]) {
            Arrays.fill(sample, 1);
        }
        return topK(leaf, n, topK.count(n));
    }

    /// What [#lovasz] gives for a class that is absent.
    static final double ABSENT = Double.NEGATIVE_INFINITY;

    /// The voxels that are ranked together: one channel of a few samples.
    ///
    /// @param kept how many voxels count
    record Voxels(int leaf, int sample, int samples, int channel, long kept) {}

    /// {@return the Lovász loss of each list}, or [#ABSENT]; NaN where an error is NaN
    ///
    /// @param hinge whether a list without foreground has a loss too, and an error of 0 has no slope
    abstract double[] lovasz(Voxels[] lists, boolean hinge);

    /// {@return the mean of the `k` largest of `n` errors, 0 if there are none}
    abstract double topK(int leaf, long n, long k);

    /// The weights of the Lovász extension, one after the other in the order of the errors.
    static final class JaccardSteps {
        private long missed;
        private long union;

        /// @param foreground how many of the voxels are
        JaccardSteps(long foreground) {
            this(foreground, 0, 0);
        }

        /// After voxels of larger errors.
        JaccardSteps(long foreground, long foregroundBefore, long backgroundBefore) {
            missed = foreground - foregroundBefore;
            union = foreground + backgroundBefore;
        }

        /// {@return by how much one minus the Jaccard index grows when the next voxel is wrong too}
        double next(boolean foreground) {
            if (foreground) {
                missed--;
                return 1.0 / union;
            }
            union++;
            // with no foreground at all the first error costs everything
            return union == 1 ? 1 : (double) missed / ((double) (union - 1) * union);
        }
    }
}
