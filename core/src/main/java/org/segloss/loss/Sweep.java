package org.segloss.loss;

import java.util.Arrays;
import java.util.List;

/// One worker's way through the voxels of a block: read it, then gather its sums, or write its gradient, or both.
///
/// Two implementations. [PlainSweep] is written to be believed: double precision, one voxel at a time, every type of
/// input. [LaneSweep] is written to be fast and takes logits of 32 bits and less.
sealed interface Sweep permits PlainSweep, LaneSweep {

    /// Reads the voxels from `from` to `from + n` of one sample.
    ///
    /// @param sums whether [#gather] will be called; a gradient alone may need less
    void load(int sample, long from, int n, boolean sums);

    /// Adds what the loaded voxels contribute, and writes their errors where losses rank them.
    void gather(Sums sums);

    /// Writes the gradient of the loaded voxels.
    void gradient(Weights weights);

    /// Voxels that [#load] takes at most.
    int BLOCK = org.segloss.kernel.Lanes.BLOCK;

    /// The leaves of a loss, each once.
    record Leaves(List<VoxelLoss> voxel, List<OverlapLoss> overlap, List<RankedLoss> ranked) {}

    /// What a range of voxels of one sample adds up to.
    final class Sums {
        /// Numbers for each channel: see [OverlapLoss.Sums].
        static final int EACH = 5;

        /// Voxels that are neither masked out nor ignored.
        long kept;

        /// For each voxel loss.
        final double[] voxel;

        /// For each channel, [#EACH] numbers.
        final double[] overlap;

        Sums(int voxelLosses, int channels) {
            voxel = new double[voxelLosses];
            overlap = new double[channels * EACH];
        }

        void clear() {
            kept = 0;
            Arrays.fill(voxel, 0);
            Arrays.fill(overlap, 0);
        }

        void add(Sums other) {
            kept += other.kept;
            addTo(voxel, other.voxel);
            addTo(overlap, other.overlap);
        }

        OverlapLoss.Sums of(int channel) {
            int i = channel * EACH;
            return new OverlapLoss.Sums(overlap[i], overlap[i + 1], overlap[i + 2], overlap[i + 3], overlap[i + 4]);
        }

        private static void addTo(double[] a, double[] b) {
            for (int i = 0; i < a.length; i++) {
                a[i] += b[i];
            }
        }
    }

    /// What the gradient needs to know: the derivative of the whole loss by each voxel's loss, and by each sum.
    ///
    /// @param voxel for each voxel loss
    /// @param byPy  for each sample and channel
    /// @param byP   for each sample and channel
    /// @param byPp  for each sample and channel
    /// @param ranked for each ranked loss
    record Weights(double[] voxel, double[][] byPy, double[][] byP, double[][] byPp, double[] ranked) {}
}
