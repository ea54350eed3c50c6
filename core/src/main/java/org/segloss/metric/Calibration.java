package org.segloss.metric;

import java.util.Arrays;
import org.segloss.grid.Grid;
import org.segloss.grid.Slack;

/// How probabilities agree with what is true, the class against all others, over the voxels of which it is known. NaN
/// where there is none.
final class Calibration {
    private static final int BINS = 15;

    /// A probability of 0 for what is true would make the mean infinite.
    private static final double SMALLEST = 1e-7;

    private final float[] probabilities;
    private final byte[] reference;

    /// @param probabilities of voxels that are known
    /// @param reference     of the same voxels
    private Calibration(float[] probabilities, byte[] reference) {
        this.probabilities = probabilities;
        this.reference = reference;
    }

    static Calibration of(MaskComparison masks) {
        if (masks.known().isEmpty()) {
            return new Calibration(masks.probabilities(), masks.reference());
        }
        Grid grid = masks.grid();
        return inBox(masks, new int[3], new int[] {grid.z(), grid.y(), grid.x()});
    }

    /// Over the voxels whose centres are at most so many mm from the box around the centres of the reference's voxels,
    /// along each axis; over none where the reference is empty.
    static Calibration around(MaskComparison masks, double margin) {
        Grid grid = masks.grid();
        byte[] reference = masks.reference();
        int[] size = {grid.z(), grid.y(), grid.x()};
        double[] spacing = {grid.spacingZ(), grid.spacingY(), grid.spacingX()};
        int[] from = size.clone();
        int[] to = new int[3];
        for (int i = 0; i < reference.length; i++) {
            if (reference[i] != 0) {
                int[] at = {i / (size[1] * size[2]), i / size[2] % size[1], i % size[2]};
                for (int axis = 0; axis < 3; axis++) {
                    from[axis] = Math.min(from[axis], at[axis]);
                    to[axis] = Math.max(to[axis], at[axis] + 1);
                }
            }
        }
        if (to[0] == 0) {
            return new Calibration(new float[0], new byte[0]);
        }
        for (int axis = 0; axis < 3; axis++) {
            int more = (int) Math.min(size[axis], Slack.most(margin) / spacing[axis]);
            from[axis] = Math.max(0, from[axis] - more);
            to[axis] = Math.min(size[axis], to[axis] + more);
        }
        return inBox(masks, from, to);
    }

    private static Calibration inBox(MaskComparison masks, int[] from, int[] to) {
        Grid grid = masks.grid();
        float[] probabilities = new float[(to[0] - from[0]) * (to[1] - from[1]) * (to[2] - from[2])];
        byte[] reference = new byte[probabilities.length];
        int count = 0;
        for (int z = from[0]; z < to[0]; z++) {
            for (int y = from[1]; y < to[1]; y++) {
                int row = (z * grid.y() + y) * grid.x();
                for (int i = row + from[2]; i < row + to[2]; i++) {
                    if (masks.known().isEmpty() || masks.known().get()[i]) {
                        probabilities[count] = masks.probabilities()[i];
                        reference[count++] = masks.reference()[i];
                    }
                }
            }
        }
        return new Calibration(Arrays.copyOf(probabilities, count), Arrays.copyOf(reference, count));
    }

    /// `Σ over bins of |Σ p - Σ y| / n`; a bin holds `(k/15, (k+1)/15]`, the first one 0 too. Naeini et al. (2015).
    double expectedError() {
        double[] gap = new double[BINS];
        for (int i = 0; i < probabilities.length; i++) {
            int bin = Math.clamp((int) Math.ceil(probabilities[i] * (double) BINS) - 1, 0, BINS - 1);
            gap[bin] += (double) probabilities[i] - truth(i);
        }
        return Arrays.stream(gap).map(Math::abs).sum() / probabilities.length;
    }

    double brier() {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double error = (double) probabilities[i] - truth(i);
            sum += error * error;
        }
        return sum / probabilities.length;
    }

    double negativeLogLikelihood() {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            sum -= Math.log(Math.max(ofTruth(i), SMALLEST));
        }
        return sum / probabilities.length;
    }

    /// {@return the voxels that count as if the probability of what is true there were not as small}
    double clipped() {
        int clipped = 0;
        for (int i = 0; i < probabilities.length; i++) {
            clipped += ofTruth(i) < SMALLEST ? 1 : 0;
        }
        return clipped;
    }

    private double ofTruth(int i) {
        return truth(i) == 1 ? probabilities[i] : 1 - (double) probabilities[i];
    }

    private int truth(int i) {
        return reference[i] != 0 ? 1 : 0;
    }
}
