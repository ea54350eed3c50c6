package org.segloss.evaluate;

import java.util.Arrays;
import org.segloss.kernel.FusedSoftmax;
import org.segloss.kernel.SumGradients;
import org.segloss.loss.voxel.Ce;

/// Cross-entropy and overlap losses over the softmax, for labels that all count: a loop for a whole pass.
final class FusedSoftmaxSweep implements LaneSweep.Program {
    private final Sweep.Leaves leaves;
    private final LaneBlock block;
    private final LaneVoxels voxels;
    private final FusedSoftmax loops = new FusedSoftmax();
    private final SumGradients[] bySums;

    /// @param leaves [those it is for][#isFor]
    FusedSoftmaxSweep(Sweep.Leaves leaves, LaneBlock block, LaneVoxels voxels) {
        this.leaves = leaves;
        this.block = block;
        this.voxels = voxels;
        bySums = new SumGradients[block.channels];
        Arrays.setAll(bySums, _ -> new SumGradients());
    }

    /// {@return whether it knows the voxel losses among the leaves}
    static boolean isFor(Sweep.Leaves leaves) {
        return leaves.voxel().stream().allMatch(LaneVoxels::isPlainCrossEntropy);
    }

    @Override
    public boolean takes() {
        return block.full && block.target.isIndex();
    }

    @Override
    public void load(boolean sums) {
        block.loadLabels();
        boolean recalls = !sums && block.hasRoomForProbabilities();
        for (int c = 0; c < block.channels; c++) {
            if (recalls) {
                block.read(block.batch.gradient(), c, block.p[0][c]);
            } else {
                block.readLogits(c);
            }
        }
        if (!sums && !recalls) {
            block.kernels.logSoftmax(block.z, block.padded, block.p[0], block.logP[0]);
        }
    }

    @Override
    public void gather(Sweep.Sums sums) {
        double crossEntropy = loops.sums(block.z, block.labels, block.padded, block.p[0], sums.overlap);
        if (Double.isNaN(crossEntropy)) {
            // where logits are infinite
            block.indicate();
            block.kernels.logSoftmax(block.z, block.padded, block.p[0], block.logP[0]);
            crossEntropy = voxels.value(new Ce(), 0);
        }
        for (int l = 0; l < leaves.voxel().size(); l++) {
            sums.voxel[l] += crossEntropy;
        }
        if (block.hasRoomForProbabilities()) {
            for (int c = 0; c < block.channels; c++) {
                block.write(block.p[0][c], c);
            }
        }
    }

    @Override
    public void gradient(ScalarTree loss) {
        for (int c = 0; c < block.channels; c++) {
            loss.readGradients(block.sample, c, bySums[c]);
        }
        float weight = (float) voxels.crossEntropyWeight(loss);
        // the logits are not needed any more
        loops.gradient(block.p[0], block.labels, block.padded, bySums, weight, block.z);
        for (int c = 0; c < block.channels; c++) {
            block.write(block.z[c], c);
        }
    }
}
