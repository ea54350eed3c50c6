package org.segloss.evaluate;

import java.util.Arrays;
import org.segloss.kernel.LaneLosses;
import org.segloss.loss.TargetOptions;
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
    private static final float[][] NO_GRADIENT = {};

    private final LaneLosses losses = new LaneLosses();
    private final Sweep.Leaves leaves;
    private final LaneBlock block;
    private final int outcomes;
    private final float[] ones = new float[Sweep.BLOCK];
    private final float[] rest = new float[Sweep.BLOCK];
    private final float[] power = new float[Sweep.BLOCK];
    private final float[][] relabelled;

    // of one voxel
    private final double[] p;
    private final double[] logP;
    private final double[] y;
    private final double[] derivatives;

    LaneVoxels(LaneBlock block, Sweep.Leaves leaves) {
        this.block = block;
        this.leaves = leaves;
        outcomes = block.outcomes;
        boolean relabels =
                leaves.voxel().stream().anyMatch(loss -> !loss.labels().isPlain());
        relabelled = new float[outcomes][relabels ? Sweep.BLOCK : 0];
        Arrays.fill(ones, 1);
        p = new double[outcomes];
        logP = new double[outcomes];
        y = new double[outcomes];
        derivatives = new double[outcomes];
    }

    /// Whether its gradient by the logarithm is the target, whatever the logarithm.
    static boolean isPlainCrossEntropy(VoxelLoss loss) {
        return switch (loss) {
            case Bce bce ->
                bce.clip() == 0 && bce.posWeight() == 1 && bce.labels().isPlain();
            case Ce ce -> ce.labels().isPlain();
            default -> false;
        };
    }

    /// {@return what the plain cross-entropies among the leaves weigh together}
    double crossEntropyWeight(ScalarTree loss) {
        double weight = 0;
        for (int l = 0; l < leaves.voxel().size(); l++) {
            weight += isPlainCrossEntropy(leaves.voxel().get(l)) ? loss.byVoxel(l) : 0;
        }
        return weight;
    }

    /// Writes the gradient of all leaves by the logarithms of a group of outcomes. A softmax has one group, a sigmoid
    /// one for each channel.
    void gradient(ScalarTree loss, int group, float[][] gradient) {
        double weight = crossEntropyWeight(loss);
        for (int k = 0; k < outcomes; k++) {
            if (weight == 0) {
                Arrays.fill(gradient[k], 0, block.padded, 0);
            } else {
                losses.multiple(block.y[group][k], block.padded, (float) -weight, gradient[k]);
            }
        }
        for (int l = 0; l < leaves.voxel().size(); l++) {
            VoxelLoss leaf = leaves.voxel().get(l);
            if (!isPlainCrossEntropy(leaf)) {
                addGradient(leaf, group, (float) loss.byVoxel(l), gradient);
            }
        }
    }

    /// {@return the sum of a loss over the voxels of a group}
    double value(VoxelLoss loss, int g) {
        float[][] y = target(loss, g);
        return switch (loss) {
            case Bce bce when bce.posWeight() == 1 -> crossEntropy(bce.clip(), y, g);
            case Ce _ -> crossEntropy(0, y, g);
            case Focal focal
            when focal.threshold() == 0 -> {
                double sum = 0;
                for (int k = 0; k < outcomes; k++) {
                    sum += focal.factor(k) * focal(focal.gamma(), focal.clip(), k, y, g);
                }
                yield sum;
            }
            case AsymmetricFocal focal -> {
                double sum = (1 - focal.delta()) * focal(focal.gamma(), 0, 0, y, g);
                for (int k = 1; k < outcomes; k++) {
                    sum += focal.delta() * losses.crossEntropy(y[k], block.logP[g][k], block.padded);
                }
                yield sum;
            }
            case Gce gce -> {
                double sum = 0;
                for (int k = 0; k < outcomes; k++) {
                    losses.oneMinusPower(block.logP[g][k], block.padded, (float) gce.q(), power);
                    sum += dot(y[k], power) / gce.q();
                }
                yield sum;
            }
            case Poly poly -> {
                double sum = crossEntropy(0, y, g);
                for (int k = 0; k < outcomes; k++) {
                    sum += poly.epsilon() * dot(y[k], rest(k, g));
                }
                yield sum;
            }
            default -> plainly(loss, y, g, 0, NO_GRADIENT);
        };
    }

    /// Adds `weight` times the derivatives of a loss by the logarithms.
    private void addGradient(VoxelLoss loss, int g, float weight, float[][] gradient) {
        float[][] y = target(loss, g);
        switch (loss) {
            case Bce bce
            when bce.posWeight() == 1 -> {
                for (int k = 0; k < outcomes; k++) {
                    losses.addCrossEntropyGradient(
                            y[k],
                            block.logP[g][k],
                            block.padded,
                            low(bce.clip()),
                            high(bce.clip()),
                            weight,
                            gradient[k]);
                }
            }
            case Ce _ -> {
                for (int k = 0; k < outcomes; k++) {
                    block.kernels.addCrossEntropyGradient(y[k], ones, block.padded, weight, gradient[k]);
                }
            }
            case Focal focal
            when focal.threshold() == 0 -> {
                for (int k = 0; k < outcomes; k++) {
                    addFocalGradient(focal.gamma(), focal.clip(), k, y, g, weight * focal.factor(k), gradient[k]);
                }
            }
            case AsymmetricFocal focal -> {
                addFocalGradient(focal.gamma(), 0, 0, y, g, weight * (1 - focal.delta()), gradient[0]);
                for (int k = 1; k < outcomes; k++) {
                    block.kernels.addCrossEntropyGradient(
                            y[k], ones, block.padded, weight * focal.delta(), gradient[k]);
                }
            }
            case Gce gce -> {
                for (int k = 0; k < outcomes; k++) {
                    losses.oneMinusPower(block.logP[g][k], block.padded, (float) gce.q(), power);
                    for (int i = 0; i < block.padded; i++) {
                        gradient[k][i] -= weight * y[k][i] * (1 - power[i]);
                    }
                }
            }
            case Poly poly -> {
                float e = (float) poly.epsilon();
                for (int k = 0; k < outcomes; k++) {
                    for (int i = 0; i < block.padded; i++) {
                        gradient[k][i] -= weight * y[k][i] * (1 + e * block.p[g][k][i]);
                    }
                }
            }
            default -> plainly(loss, y, g, weight, gradient);
        }
    }

    private double crossEntropy(double clip, float[][] y, int g) {
        double sum = 0;
        for (int k = 0; k < outcomes; k++) {
            sum += clip == 0
                    ? losses.crossEntropy(y[k], block.logP[g][k], block.padded)
                    : losses.crossEntropy(y[k], block.logP[g][k], block.padded, low(clip), high(clip));
        }
        return sum;
    }

    private double focal(double gamma, double clip, int k, float[][] y, int g) {
        return losses.focal(y[k], rest(k, g), block.logP[g][k], block.padded, (float) gamma, low(clip), high(clip));
    }

    private void addFocalGradient(
            double gamma, double clip, int k, float[][] y, int g, double weight, float[] gradient) {
        losses.addFocalGradient(
                y[k],
                rest(k, g),
                block.p[g][k],
                block.logP[g][k],
                block.padded,
                (float) gamma,
                low(clip),
                high(clip),
                (float) weight,
                gradient);
    }

    private double dot(float[] a, float[] b) {
        return block.kernels.dot(a, b, block.padded, 0);
    }

    /// One minus the probability: with two outcomes the other one's, to full precision.
    private float[] rest(int k, int g) {
        if (outcomes == 2) {
            return block.p[g][1 - k];
        }
        for (int i = 0; i < block.padded; i++) {
            rest[i] = Math.max(0, 1 - block.p[g][k][i]);
        }
        return rest;
    }

    /// {@return what a loss makes of the target}
    private float[][] target(VoxelLoss loss, int g) {
        TargetOptions labels = loss.labels();
        if (labels.isPlain()) {
            return block.y[g];
        }
        float[] ofVoxel = labels.weightBy() == TargetOptions.WeightBy.VOXEL ? weights(labels, g) : ones;
        for (int k = 0; k < outcomes; k++) {
            double weight = labels.weightBy() == TargetOptions.WeightBy.VOXEL ? 1 : labels.weight(block.task, g, k);
            float factor = (float) (weight * (1 - labels.smoothing()));
            float shared = (float) (weight * labels.smoothing() / outcomes);
            for (int i = 0; i < block.padded; i++) {
                float smooth = factor * block.y[g][k][i] + (block.counts(i) ? shared : 0);
                relabelled[k][i] = ofVoxel[i] * smooth;
            }
        }
        return relabelled;
    }

    /// {@return of each voxel the weight of its true class}
    private float[] weights(TargetOptions labels, int g) {
        Arrays.fill(power, 0, block.padded, 0);
        for (int k = 0; k < outcomes; k++) {
            float weight = (float) labels.weight(block.task, g, k);
            for (int i = 0; i < block.padded; i++) {
                power[i] += weight * block.y[g][k][i];
            }
        }
        return power;
    }

    /// By the definition; adds to the gradient unless the weight is 0.
    private double plainly(VoxelLoss loss, float[][] target, int g, float weight, float[][] gradient) {
        double sum = 0;
        for (int i = 0; i < block.n; i++) {
            if (!block.counts(i)) {
                continue;
            }
            for (int k = 0; k < outcomes; k++) {
                p[k] = block.p[g][k][i];
                logP[k] = block.logP[g][k][i];
                y[k] = target[k][i];
            }
            sum += loss.at(p, logP, y, derivatives);
            for (int k = 0; k < gradient.length; k++) {
                gradient[k][i] += (float) (weight * derivatives[k]);
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
