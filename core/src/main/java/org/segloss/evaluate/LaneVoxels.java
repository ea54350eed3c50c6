package org.segloss.evaluate;

import java.util.Arrays;
import org.segloss.kernel.Lanes;
import org.segloss.loss.Labels;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;
import org.segloss.loss.voxel.AsymmetricFocal;
import org.segloss.loss.voxel.Bce;
import org.segloss.loss.voxel.Ce;
import org.segloss.loss.voxel.Focal;
import org.segloss.loss.voxel.Gce;
import org.segloss.loss.voxel.Poly;

/// Voxel losses on the planes of a block: with loops of their own where they have them, otherwise by their definition,
/// voxel by voxel.
final class LaneVoxels {
    private static final float[][] NO_SLOPES = {};

    private final Lanes lanes;
    private final Task task;
    private final int outcomes;
    private final float[] ones = new float[Lanes.BLOCK];
    private final float[] rest = new float[Lanes.BLOCK];
    private final float[] power = new float[Lanes.BLOCK];
    private final float[][] relabelled;

    // of one voxel
    private final double[] p;
    private final double[] logP;
    private final double[] y;
    private final double[] slopes;

    LaneVoxels(Lanes lanes, Task task, Sweep.Leaves leaves) {
        this.lanes = lanes;
        this.task = task;
        outcomes = task.kind() == Task.Kind.MULTICLASS ? task.channels() : 2;
        boolean relabels =
                leaves.voxel().stream().anyMatch(loss -> !loss.labels().isPlain());
        relabelled = new float[outcomes][relabels ? Lanes.BLOCK : 0];
        Arrays.fill(ones, 1);
        p = new double[outcomes];
        logP = new double[outcomes];
        y = new double[outcomes];
        slopes = new double[outcomes];
    }

    /// The planes of a group of outcomes: a softmax has one group, a sigmoid one for each channel. A voxel that doesn't
    /// count has target 0 in all of them.
    static final class Block {
        private final int group;
        private final float[][] p;
        private final float[][] logP;
        private final float[][] y;
        private final float[] keep;
        private int n;
        private int padded;
        private boolean full;

        /// @param keep 0 for voxels that don't count, unless all do
        Block(int group, float[][] p, float[][] logP, float[][] y, float[] keep) {
            this.group = group;
            this.p = p;
            this.logP = logP;
            this.y = y;
            this.keep = keep;
        }

        /// @param n      how many voxels are loaded
        /// @param padded how many with the padding
        /// @param full   whether all voxels count
        void loaded(int n, int padded, boolean full) {
            this.n = n;
            this.padded = padded;
            this.full = full;
        }

        private boolean counts(int i) {
            return full || keep[i] != 0;
        }
    }

    /// {@return the sum of a loss over the voxels}
    double value(VoxelLoss loss, Block b) {
        float[][] y = target(loss, b);
        return switch (loss) {
            case Bce bce when bce.posWeight() == 1 -> crossEntropy(bce.clip(), y, b);
            case Ce _ -> crossEntropy(0, y, b);
            case Focal focal
            when focal.threshold() == 0 -> {
                double sum = 0;
                for (int k = 0; k < outcomes; k++) {
                    sum += focal.factor(k) * focal(focal.gamma(), focal.clip(), k, y, b);
                }
                yield sum;
            }
            case AsymmetricFocal focal -> {
                double sum = (1 - focal.delta()) * focal(focal.gamma(), 0, 0, y, b);
                for (int k = 1; k < outcomes; k++) {
                    sum += focal.delta() * lanes.crossEntropy(y[k], b.logP[k], b.padded);
                }
                yield sum;
            }
            case Gce gce -> {
                double sum = 0;
                for (int k = 0; k < outcomes; k++) {
                    lanes.oneMinusPower(b.logP[k], b.padded, (float) gce.q(), power);
                    sum += lanes.dot(y[k], power, b.padded) / gce.q();
                }
                yield sum;
            }
            case Poly poly -> {
                double sum = crossEntropy(0, y, b);
                for (int k = 0; k < outcomes; k++) {
                    sum += poly.epsilon() * lanes.dot(y[k], rest(k, b), b.padded);
                }
                yield sum;
            }
            default -> plainly(loss, y, b, 0, NO_SLOPES);
        };
    }

    /// Adds `weight` times the derivatives of a loss by the logarithms.
    void addSlope(VoxelLoss loss, Block b, float weight, float[][] slope) {
        float[][] y = target(loss, b);
        switch (loss) {
            case Bce bce
            when bce.posWeight() == 1 -> {
                for (int k = 0; k < outcomes; k++) {
                    lanes.crossEntropySlope(
                            y[k], b.logP[k], b.padded, low(bce.clip()), high(bce.clip()), weight, slope[k]);
                }
            }
            case Ce _ -> {
                for (int k = 0; k < outcomes; k++) {
                    lanes.weightedCrossEntropySlope(y[k], ones, b.padded, weight, slope[k]);
                }
            }
            case Focal focal
            when focal.threshold() == 0 -> {
                for (int k = 0; k < outcomes; k++) {
                    addFocalSlope(focal.gamma(), focal.clip(), k, y, b, weight * focal.factor(k), slope[k]);
                }
            }
            case AsymmetricFocal focal -> {
                addFocalSlope(focal.gamma(), 0, 0, y, b, weight * (1 - focal.delta()), slope[0]);
                for (int k = 1; k < outcomes; k++) {
                    lanes.weightedCrossEntropySlope(y[k], ones, b.padded, (float) (weight * focal.delta()), slope[k]);
                }
            }
            case Gce gce -> {
                for (int k = 0; k < outcomes; k++) {
                    lanes.oneMinusPower(b.logP[k], b.padded, (float) gce.q(), power);
                    for (int i = 0; i < b.padded; i++) {
                        slope[k][i] -= weight * y[k][i] * (1 - power[i]);
                    }
                }
            }
            case Poly poly -> {
                float e = (float) poly.epsilon();
                for (int k = 0; k < outcomes; k++) {
                    for (int i = 0; i < b.padded; i++) {
                        slope[k][i] -= weight * y[k][i] * (1 + e * b.p[k][i]);
                    }
                }
            }
            default -> plainly(loss, y, b, weight, slope);
        }
    }

    private double crossEntropy(double clip, float[][] y, Block b) {
        double sum = 0;
        for (int k = 0; k < outcomes; k++) {
            sum += clip == 0
                    ? lanes.crossEntropy(y[k], b.logP[k], b.padded)
                    : lanes.crossEntropy(y[k], b.logP[k], b.padded, low(clip), high(clip));
        }
        return sum;
    }

    private double focal(double gamma, double clip, int k, float[][] y, Block b) {
        return lanes.focal(y[k], rest(k, b), b.logP[k], b.padded, (float) gamma, low(clip), high(clip));
    }

    private void addFocalSlope(double gamma, double clip, int k, float[][] y, Block b, double weight, float[] slope) {
        lanes.focalSlope(
                y[k],
                rest(k, b),
                b.p[k],
                b.logP[k],
                b.padded,
                (float) gamma,
                low(clip),
                high(clip),
                (float) weight,
                slope);
    }

    /// One minus the probability: with two outcomes the other one's, to full precision.
    private float[] rest(int k, Block b) {
        if (outcomes == 2) {
            return b.p[1 - k];
        }
        for (int i = 0; i < b.padded; i++) {
            rest[i] = Math.max(0, 1 - b.p[k][i]);
        }
        return rest;
    }

    /// {@return what a loss makes of the target}
    private float[][] target(VoxelLoss loss, Block b) {
        Labels labels = loss.labels();
        if (labels.isPlain()) {
            return b.y;
        }
        for (int k = 0; k < outcomes; k++) {
            double weight = labels.weight(task, b.group, k);
            float factor = (float) (weight * (1 - labels.smoothing()));
            float shared = (float) (weight * labels.smoothing() / outcomes);
            for (int i = 0; i < b.padded; i++) {
                relabelled[k][i] = factor * b.y[k][i] + (i < b.n && b.counts(i) ? shared : 0);
            }
        }
        return relabelled;
    }

    /// By the definition; adds slopes unless the weight is 0.
    private double plainly(VoxelLoss loss, float[][] target, Block b, float weight, float[][] slope) {
        double sum = 0;
        for (int i = 0; i < b.n; i++) {
            if (!b.counts(i)) {
                continue;
            }
            for (int k = 0; k < outcomes; k++) {
                p[k] = b.p[k][i];
                logP[k] = b.logP[k][i];
                y[k] = target[k][i];
            }
            sum += loss.at(p, logP, y, slopes);
            for (int k = 0; k < slope.length; k++) {
                slope[k][i] += (float) (weight * slopes[k]);
            }
        }
        return sum;
    }

    private static float low(double clip) {
        return (float) Math.log(clip);
    }

    private static float high(double clip) {
        return (float) Math.log1p(-clip);
    }
}
