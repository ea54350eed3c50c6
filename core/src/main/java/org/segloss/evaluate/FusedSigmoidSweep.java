package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.segloss.kernel.SigmoidLoops;
import org.segloss.kernel.SumGradients;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.voxel.Focal;

/// Cross-entropy, overlap losses and focal losses of exponent 2 of a sigmoid, where every voxel counts: a loop for a
/// whole pass.
///
/// The loops read logits and labels, and write probabilities and gradient, in the caller's memory if they take it,
/// otherwise in scratch memory of their own.
final class FusedSigmoidSweep implements LaneSweep.Program {
    private final Sweep.Leaves leaves;
    private final LaneBlock block;
    private final LaneVoxels voxels;
    private final boolean focals;
    private final SumGradients bySums = new SumGradients();

    // the first for scratch memory
    private final List<SigmoidLoops> kinds = List.of(SigmoidLoops.overArrays(), SigmoidLoops.overNative());
    private final float[][] packed;
    private final MemorySegment[] zMemory;
    private final MemorySegment[] packedMemory;
    private final float[] focalGradient = new float[Sweep.BLOCK];
    private final double[] focalSums = new double[2];

    // of the loaded block
    private SigmoidLoops loops = kinds.getFirst();
    private boolean inPlace;
    private boolean readsLabels;

    /// @param leaves [those it is for][#isFor]
    FusedSigmoidSweep(Sweep.Leaves leaves, LaneBlock block, LaneVoxels voxels) {
        this.leaves = leaves;
        this.block = block;
        this.voxels = voxels;
        focals = leaves.voxel().stream().anyMatch(FusedSigmoidSweep::isSquareFocal);
        packed = new float[block.channels][Sweep.BLOCK];
        zMemory = Arrays.stream(block.z).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
        packedMemory = Arrays.stream(packed).map(MemorySegment::ofArray).toArray(MemorySegment[]::new);
    }

    /// {@return whether it knows the voxel losses among the leaves}
    static boolean isFor(Sweep.Leaves leaves) {
        return leaves.voxel().stream()
                .allMatch(loss -> LaneVoxels.isPlainCrossEntropy(loss)
                        || !leaves.overlap().isEmpty() && isSquareFocal(loss));
    }

    private static boolean isSquareFocal(VoxelLoss loss) {
        return loss instanceof Focal focal
                && focal.gamma() == 2
                && focal.clip() == 0
                && focal.threshold() == 0
                && focal.labels().isPlain();
    }

    @Override
    public boolean takes() {
        return block.full && (!focals || block.target.isIndex());
    }

    @Override
    public void load(boolean sums) {
        findLoops();
        // pass 1 reads labels with the logits, and pass 2 finds them among the probabilities
        if (!readsLabels || !sums && !marks()) {
            block.loadTarget(sums);
        }
        if (!inPlace) {
            stage(sums);
        }
    }

    /// Finds the loops that take the caller's memory, if any do: it may be another's since the last block.
    private void findLoops() {
        inPlace = false;
        for (int i = 0; i < kinds.size() && !inPlace; i++) {
            loops = kinds.get(i);
            inPlace = takes(loops);
        }
        if (!inPlace) {
            loops = kinds.getFirst();
        }
        readsLabels = inPlace && block.hasLabelsOfTwo() && loops.takeLabels(block.target.plainBytes());
    }

    private boolean takes(SigmoidLoops loops) {
        // without a gradient there is no place for the probabilities, which focal losses need
        return block.type() == Prediction.FloatType.FLOAT32
                && loops.take(block.batch.prediction().data())
                && (block.batch.hasGradient() ? loops.take(block.batch.gradient()) : !focals);
    }

    /// Whether pass 2 finds the labels among the probabilities.
    private boolean marks() {
        return readsLabels && !leaves.overlap().isEmpty();
    }

    /// Brings what the loops need into scratch memory.
    private void stage(boolean sums) {
        boolean recalls = !sums && block.hasRoomForProbabilities();
        for (int c = 0; c < block.channels; c++) {
            if (recalls) {
                block.read(block.batch.gradient(), c, packed[c]);
            }
            if (!recalls || focals) {
                block.readLogits(c);
            }
            if (!recalls && !sums) {
                block.kernels.sigmoid(block.z[c], block.padded, block.p[c][0], block.p[c][1]);
                block.kernels.pack(block.p[c][0], block.p[c][1], block.padded, packed[c]);
            }
        }
    }

    @Override
    public void gather(Sweep.Sums sums) {
        for (int c = 0; c < block.channels; c++) {
            gather(c, sums);
        }
    }

    private void gather(int c, Sweep.Sums sums) {
        float[] y = block.y[c][1];
        start(c, y);
        double crossEntropy = loops.sums(
                packed(c),
                at(c),
                y,
                block.padded,
                !leaves.voxel().isEmpty(),
                focals || block.batch.hasGradient(),
                marks(),
                sums.overlap,
                c * Sweep.Sums.EACH);
        boolean finite = Double.isFinite(crossEntropy);
        Arrays.fill(focalSums, 0);
        if (!finite) {
            loadLogarithms(c);
        } else if (focals) {
            loops.squareFocal(packed(c), at(c), y, block.padded, focalSums);
        }
        if (!inPlace && block.hasRoomForProbabilities()) {
            block.write(packed[c], c);
        }
        for (int l = 0; l < leaves.voxel().size(); l++) {
            VoxelLoss loss = leaves.voxel().get(l);
            sums.voxel[l] += switch (loss) {
                case Focal f when finite -> f.factor(0) * focalSums[0] + f.factor(1) * focalSums[1];
                case VoxelLoss _ when finite -> crossEntropy;
                default -> voxels.value(loss, c);
            };
        }
    }

    private void start(int c, float[] y) {
        if (!readsLabels) {
            loops.start(logits(c), at(c), block.padded);
            return;
        }
        long labelsAt = block.sample * block.batch.voxels() + block.from;
        if (!loops.start(logits(c), at(c), block.target.plainBytes(), labelsAt, block.padded, y)) {
            block.refuseLabels();
        }
    }

    /// What the general loops need of a channel: where logits are infinite.
    private void loadLogarithms(int c) {
        block.readLogits(c);
        float[] y = block.y[c][1];
        for (int i = 0; i < block.padded; i++) {
            block.y[c][0][i] = 1 - y[i];
        }
        float[] q = block.p[c][0];
        float[] p = block.p[c][1];
        block.kernels.logSigmoid(block.z[c], block.padded, q, p, block.logP[c][0], block.logP[c][1]);
        block.kernels.pack(q, p, block.padded, packed[c]);
    }

    /// Where the loops find a channel's logits.
    private MemorySegment logits(int c) {
        return inPlace ? block.batch.prediction().data() : zMemory[c];
    }

    /// Where they keep its probabilities, and turn them into the gradient.
    private MemorySegment packed(int c) {
        if (!inPlace) {
            return packedMemory[c];
        }
        // without a gradient nothing is written
        return block.batch.hasGradient() ? block.batch.gradient() : logits(c);
    }

    /// The first byte of either.
    private long at(int c) {
        return inPlace ? block.offset(c) * Float.BYTES : 0;
    }

    @Override
    public void gradient(ScalarTree loss) {
        for (int c = 0; c < block.channels; c++) {
            if (focals) {
                makeFocalGradient(loss, c);
            }
            loss.readGradients(block.sample, c, bySums);
            loops.gradient(
                    packed(c),
                    at(c),
                    marks(),
                    block.y[c][1],
                    block.padded,
                    (float) bySums.py,
                    (float) bySums.p,
                    (float) bySums.pp,
                    (float) voxels.crossEntropyWeight(loss),
                    focals,
                    focalGradient);
            if (!inPlace) {
                block.write(packed[c], c);
            }
        }
    }

    private void makeFocalGradient(ScalarTree loss, int c) {
        double background = 0;
        double foreground = 0;
        for (int l = 0; l < leaves.voxel().size(); l++) {
            if (leaves.voxel().get(l) instanceof Focal f) {
                background += loss.byVoxel(l) * f.factor(0);
                foreground += loss.byVoxel(l) * f.factor(1);
            }
        }
        loops.squareFocalGradient(
                logits(c),
                at(c),
                packed(c),
                at(c),
                marks(),
                block.y[c][1],
                block.padded,
                (float) background,
                (float) foreground,
                focalGradient);
    }
}
