package org.segloss.evaluate;

import java.util.Arrays;
import org.segloss.kernel.LaneKernels;
import org.segloss.kernel.SumGradients;
import org.segloss.loss.Scalar;
import org.segloss.loss.WholeLoss;

/// Any loss on any block: one kernel after the other, from plane to plane.
final class GeneralSweep implements LaneSweep.Program {
    private final Sweep.Leaves leaves;
    private final LaneBlock block;
    private final LaneVoxels voxels;
    private final LanePlanes planes;
    private final LaneKernels kernels;
    private final boolean logarithms;
    private final boolean gradientNeedsLogarithms;

    private final float[] packed = new float[Sweep.BLOCK];
    private final float[] ranked = new float[Sweep.BLOCK];
    private final float[][] byLogP;

    // by the logits themselves, 0 between blocks
    private final float[][] byLogit;
    private final SumGradients bySums = new SumGradients();
    private final SumGradients extra = new SumGradients();

    GeneralSweep(Sweep.Leaves leaves, LaneBlock block, LaneVoxels voxels, LanePlanes planes) {
        this.leaves = leaves;
        this.block = block;
        this.voxels = voxels;
        this.planes = planes;
        kernels = block.kernels;
        logarithms = LaneBlock.needsLogarithms(block.task, leaves);
        gradientNeedsLogarithms = leaves.voxel().stream().anyMatch(loss -> !LaneVoxels.isPlainCrossEntropy(loss));
        byLogP = new float[block.outcomes][Sweep.BLOCK];
        boolean takesLogits =
                leaves.whole().stream().anyMatch(loss -> loss.measure(block.task) == WholeLoss.Measure.LOGIT);
        byLogit = new float[takesLogits ? block.channels : 0][Sweep.BLOCK];
    }

    @Override
    public boolean takes() {
        return true;
    }

    @Override
    public void load(boolean sums) {
        block.loadTarget(sums);
        if (keepsProbabilities() && !sums) {
            recall();
            return;
        }
        for (int c = 0; c < block.channels; c++) {
            block.readLogits(c);
        }
        activate(sums ? logarithms : gradientNeedsLogarithms);
        if (keepsProbabilities()) {
            remember();
        }
    }

    /// Whether pass 2 finds the probabilities of pass 1.
    private boolean keepsProbabilities() {
        return !gradientNeedsLogarithms && block.hasRoomForProbabilities();
    }

    private void remember() {
        for (int c = 0; c < block.channels; c++) {
            if (block.softmax) {
                block.write(block.p[0][c], c);
            } else {
                kernels.pack(block.p[c][0], block.p[c][1], block.padded, packed);
                block.write(packed, c);
            }
        }
    }

    private void recall() {
        for (int c = 0; c < block.channels; c++) {
            if (block.softmax) {
                block.read(block.batch.gradient(), c, block.p[0][c]);
            } else {
                block.read(block.batch.gradient(), c, packed);
                kernels.unpack(packed, block.padded, block.p[c][0], block.p[c][1]);
            }
        }
        dropProbabilities();
    }

    private void activate(boolean logarithms) {
        if (block.softmax) {
            kernels.logSoftmax(block.z, block.padded, block.p[0], block.logP[0]);
        } else {
            for (int c = 0; c < block.channels; c++) {
                float[][] p = block.p[c];
                float[][] logP = block.logP[c];
                if (logarithms) {
                    kernels.logSigmoid(block.z[c], block.padded, p[0], p[1], logP[0], logP[1]);
                } else {
                    kernels.sigmoid(block.z[c], block.padded, p[0], p[1]);
                }
            }
        }
        dropProbabilities();
    }

    private void dropProbabilities() {
        if (!block.full) {
            for (float[][] group : block.p) {
                for (float[] plane : group) {
                    kernels.drop(plane, block.keep, block.padded, 0);
                }
            }
        }
    }

    // ---------------------------------------------------------------- pass 1

    @Override
    public void gather(Sweep.Sums sums) {
        for (int l = 0; l < leaves.voxel().size(); l++) {
            for (int g = 0; g < block.groups; g++) {
                sums.voxel[l] += voxels.value(leaves.voxel().get(l), g);
            }
        }
        for (int c = 0; c < block.channels; c++) {
            float[] p = block.foreground(block.p, c);
            float[] y = block.foreground(block.y, c);
            if (leaves.needSums()) {
                kernels.overlapSums(p, y, block.padded, sums.overlap, c * Sweep.Sums.EACH);
            }
            if (sums.extra.length > 0) {
                kernels.extraSums(p, y, block.padded, sums.extra, c * Sweep.Sums.EXTRA);
            }
        }
        for (int i = 0; i < sums.confusion.length; i++) {
            float[] y = block.y[0][i / block.channels];
            float[] p = block.p[0][i % block.channels];
            sums.confusion[i] = kernels.dot(y, p, block.padded, sums.confusion[i]);
        }
        for (int l = 0; l < leaves.whole().size(); l++) {
            rank(l);
        }
    }

    /// Writes the numbers that a loss of the whole volume needs.
    private void rank(int leaf) {
        WholeLoss loss = leaves.whole().get(leaf);
        for (int list = 0; list < planes.lists(loss); list++) {
            if (planes.lists(loss) > 1 && !loss.over().counts(list, block.task)) {
                continue;
            }
            switch (loss.measure(block.task)) {
                case CROSS_ENTROPY -> kernels.crossEntropies(block.y[list], block.logP[list], block.padded, ranked);
                case PROBABILITY -> System.arraycopy(block.foreground(block.p, list), 0, ranked, 0, block.n);
                case LOGIT -> System.arraycopy(block.z[list], 0, ranked, 0, block.n);
                case ABSOLUTE -> {
                    requireHard(list);
                    kernels.absoluteErrors(block.p[0][list], block.y[0][list], block.padded, ranked);
                }
                case HINGE -> {
                    requireHard(list);
                    kernels.hingeErrors(block.z[list], block.y[list][1], block.padded, ranked);
                }
            }
            if (!block.full) {
                kernels.drop(ranked, block.keep, block.padded, Double.NaN);
            }
            System.arraycopy(ranked, 0, planes.plane(leaf, block.sample, list), (int) block.from, block.n);
        }
    }

    private void requireHard(int channel) {
        TargetReader target = block.target;
        if (!target.isIndex()) {
            for (int i = 0; i < block.n; i++) {
                if (block.counts(i)) {
                    // not the plane's number, which a double has been narrowed to
                    double y = target.probability(block.sample, channel, block.from + i);
                    target.isHard(y, block.sample, channel, block.from + i);
                }
            }
        }
    }

    // ---------------------------------------------------------------- pass 2

    @Override
    public void gradient(ScalarTree loss) {
        for (int g = 0; g < block.groups; g++) {
            voxels.gradient(loss, g, byLogP);
            addWhole(loss, g);
            if (block.softmax) {
                chainSoftmax(loss);
            } else {
                chainSigmoid(loss, g);
            }
        }
    }

    private void addWhole(ScalarTree loss, int group) {
        float[][] y = block.y[group];
        int n = block.padded;
        for (int l = 0; l < leaves.whole().size(); l++) {
            int first = block.softmax ? 0 : group;
            int end = block.softmax ? block.channels : group + 1;
            switch (leaves.whole().get(l).measure(block.task)) {
                case CROSS_ENTROPY -> {
                    double factor = loadWeights(loss, l, group);
                    for (int k = 0; k < block.outcomes; k++) {
                        kernels.addCrossEntropyGradient(y[k], ranked, n, factor, byLogP[k]);
                    }
                }
                case ABSOLUTE -> {
                    for (int c = first; c < end; c++) {
                        double factor = loadWeights(loss, l, c);
                        kernels.addAbsoluteErrorGradient(block.p[0][c], y[c], ranked, n, factor, byLogP[c]);
                    }
                }
                case PROBABILITY -> {
                    for (int c = first; c < end; c++) {
                        double factor = loadWeights(loss, l, c);
                        float[] p = block.foreground(block.p, c);
                        kernels.addProduct(ranked, p, n, factor, byLogP[block.softmax ? c : 1]);
                    }
                }
                case LOGIT -> {
                    for (int c = first; c < end; c++) {
                        double factor = loadWeights(loss, l, c);
                        kernels.addMultiple(ranked, n, factor, byLogit[c]);
                    }
                }
                // by the logit, of which the chain rule makes the gradient first
                case HINGE -> {}
            }
        }
    }

    /// Reads the block's weights.
    ///
    /// @return what all of them are multiplied by
    private double loadWeights(ScalarTree loss, int leaf, int list) {
        double share = planes.share(leaf, block.sample, list);
        if (share == 0) {
            // a plane that nobody has written may hold anything, NaN too
            Arrays.fill(ranked, 0, block.padded, 0);
            return 0;
        }
        System.arraycopy(planes.plane(leaf, block.sample, list), (int) block.from, ranked, 0, block.n);
        Arrays.fill(ranked, block.n, block.padded, 0);
        return loss.byWhole(leaf) * share;
    }

    private void chainSoftmax(ScalarTree loss) {
        float[][] p = block.p[0];
        float[][] y = block.y[0];
        Scalar[][] confusion = loss.confusion(block.sample);
        for (int c = 0; c < block.channels && leaves.areOfSums(); c++) {
            loss.readGradients(block.sample, c, bySums);
            kernels.addOverlapGradient(p[c], p[c], y[c], block.padded, bySums, byLogP[c]);
            for (int k = 0; k < confusion.length; k++) {
                kernels.addProduct(y[k], p[c], block.padded, confusion[k][c].gradient(), byLogP[c]);
            }
        }
        kernels.softmaxChain(byLogP, p, block.padded);
        for (int c = 0; c < block.channels; c++) {
            addByLogit(c, byLogP[c]);
            write(byLogP[c], c);
        }
    }

    private void chainSigmoid(ScalarTree loss, int channel) {
        float[] q = block.p[channel][0];
        float[] p = block.p[channel][1];
        float[] dz = block.z[channel];
        float[] y = block.y[channel][1];
        loss.readGradients(block.sample, channel, bySums);
        if (bySums.hasExtra()) {
            // before the others: the order of additions decides on the last digits, which are to stay
            extra.takeExtra(bySums);
            kernels.addOverlapGradient(p, p, y, block.padded, extra, byLogP[1]);
        }
        kernels.addOverlapGradient(p, p, y, block.padded, bySums, byLogP[1]);
        kernels.sigmoidChain(byLogP[0], byLogP[1], q, p, block.padded, dz);
        for (int l = 0; l < leaves.whole().size(); l++) {
            if (leaves.whole().get(l).measure(block.task) == WholeLoss.Measure.HINGE) {
                double factor = loadWeights(loss, l, channel);
                kernels.addHingeGradient(y, ranked, block.padded, factor, dz);
            }
        }
        addByLogit(channel, dz);
        write(dz, channel);
    }

    private void addByLogit(int channel, float[] gradient) {
        if (byLogit.length > 0) {
            kernels.addMultiple(byLogit[channel], block.padded, 1, gradient);
            Arrays.fill(byLogit[channel], 0);
        }
    }

    /// Writes a gradient, which is exactly 0 where a voxel doesn't count, even if the loss is NaN.
    private void write(float[] gradient, int channel) {
        if (!block.full) {
            kernels.drop(gradient, block.keep, block.padded, 0);
        }
        block.write(gradient, channel);
    }
}
