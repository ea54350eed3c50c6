package org.segloss.evaluate;

import java.util.Arrays;
import java.util.List;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.WholeLoss;

/// One worker's way through the voxels of a block: read it, then gather its sums, or write its gradient, or both.
///
/// Two implementations. [PlainSweep] is written to be believed: double precision, every type of input. [LaneSweep] is
/// written to be fast and takes logits of 32 bits and less.
interface Sweep {

    /// Reads the voxels from `from` to `from + n` of one sample.
    ///
    /// @param sums whether [#gather] will be called; a gradient alone may need less
    void load(int sample, long from, int n, boolean sums);

    /// Adds what the loaded voxels contribute, and writes their errors where losses rank them.
    void gather(Sums sums);

    /// Writes the gradient of the loaded voxels.
    ///
    /// @param loss knows its derivatives by all that [#gather] has gathered
    void gradient(ScalarTree loss);

    /// Voxels that [#load] takes at most.
    int BLOCK = org.segloss.kernel.Kernels.BLOCK;

    /// The leaves of a loss, each once, and what is asked of them for every block.
    ///
    /// @param areOfSums     whether the loss is a function of sums over classes
    /// @param needSums      whether such sums are needed, if only for the weights of voxels
    /// @param needExtraSums whether those of [Sums#extra] are
    /// @param needConfusion whether those of [Sums#confusion] are
    record Leaves(
            List<VoxelLoss> voxel,
            List<OverlapLoss> overlap,
            List<WholeLoss> whole,
            boolean areOfSums,
            boolean needSums,
            boolean needExtraSums,
            boolean needConfusion) {

        static Leaves of(List<VoxelLoss> voxel, List<OverlapLoss> overlap, List<WholeLoss> whole) {
            boolean areOfSums = !overlap.isEmpty()
                    || whole.stream().anyMatch(loss -> loss.over().absent() == Reduction.Absent.PENALIZE);
            return new Leaves(
                    voxel,
                    overlap,
                    whole,
                    areOfSums,
                    areOfSums || voxel.stream().anyMatch(loss -> loss.labels().isWeighted()),
                    overlap.stream().anyMatch(OverlapLoss::needsExtraSums),
                    overlap.stream().anyMatch(OverlapLoss::needsConfusion));
        }
    }

    /// What a range of voxels of one sample adds up to.
    final class Sums {
        /// Numbers for each channel in [#overlap]: the sums of `p y`, `p`, `y`, `p²`, `y²`.
        static final int EACH = 5;

        /// Numbers for each channel in [#extra]: the sums of `(1 - p)² y`, `p² (1 - y)` and `|p - y|`.
        static final int EXTRA = 3;

        /// Voxels that are neither masked out nor ignored.
        long kept;

        /// For each voxel loss.
        final double[] voxel;

        /// For each channel, [#EACH] numbers.
        final double[] overlap;

        /// For each channel, [#EXTRA] numbers.
        final double[] extra;

        /// The sums of `y_k p_c`, for each class `k` those of all `c`.
        final double[] confusion;

        Sums(Leaves leaves, int channels) {
            voxel = new double[leaves.voxel().size()];
            overlap = new double[channels * EACH];
            extra = new double[leaves.needExtraSums() ? channels * EXTRA : 0];
            confusion = new double[leaves.needConfusion() ? channels * channels : 0];
        }

        void clear() {
            kept = 0;
            Arrays.fill(voxel, 0);
            Arrays.fill(overlap, 0);
            Arrays.fill(extra, 0);
            Arrays.fill(confusion, 0);
        }

        void add(Sums other) {
            kept += other.kept;
            addTo(voxel, other.voxel);
            addTo(overlap, other.overlap);
            addTo(extra, other.extra);
            addTo(confusion, other.confusion);
        }

        private static void addTo(double[] a, double[] b) {
            for (int i = 0; i < a.length; i++) {
                a[i] += b[i];
            }
        }
    }
}
