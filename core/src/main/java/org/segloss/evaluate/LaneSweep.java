package org.segloss.evaluate;

/// The fast twin: logits of float or less in blocks, on vector lanes, by one of three programs. A block's activation,
/// logarithms and targets are computed once for all leaves.
///
/// The losses that most trainings use have a program each for a sigmoid ([FusedSigmoidSweep]) and a softmax
/// ([FusedSoftmaxSweep]), which takes the blocks in which every voxel counts. [GeneralSweep] takes any block of any
/// loss.
final class LaneSweep implements Sweep {
    private final LaneBlock block;
    private final Program general;

    // the general one where the losses have no other
    private final Program fused;

    // of the loaded block
    private Program program;

    LaneSweep(Sweep.Leaves leaves, LaneBlock block, LanePlanes planes) {
        this.block = block;
        LaneVoxels voxels = new LaneVoxels(block, leaves);
        general = new GeneralSweep(leaves, block, voxels, planes);
        fused = fused(leaves, block, voxels, general);
        program = general;
    }

    private static Program fused(Sweep.Leaves leaves, LaneBlock block, LaneVoxels voxels, Program general) {
        if (!leaves.whole().isEmpty() || leaves.needExtraSums() || leaves.needConfusion()) {
            return general;
        }
        if (block.softmax) {
            return FusedSoftmaxSweep.isFor(leaves) ? new FusedSoftmaxSweep(leaves, block, voxels) : general;
        }
        return FusedSigmoidSweep.isFor(leaves) ? new FusedSigmoidSweep(leaves, block, voxels) : general;
    }

    /// What works on the shared block.
    interface Program {
        /// Whether it takes the block that has [begun][LaneBlock#begin].
        boolean takes();

        /// Reads what the block needs.
        ///
        /// @param sums whether [#gather] will be called; a gradient alone may need less
        void load(boolean sums);

        void gather(Sums sums);

        void gradient(ScalarTree loss);
    }

    @Override
    public void load(int sample, long from, int n, boolean sums) {
        block.begin(sample, from, n);
        program = fused.takes() ? fused : general;
        program.load(sums);
    }

    @Override
    public void gather(Sums sums) {
        sums.kept += block.kept;
        program.gather(sums);
    }

    @Override
    public void gradient(ScalarTree loss) {
        program.gradient(loss);
    }
}
