package org.segloss.loss;

/// Poly-1 loss: cross-entropy with another weight for the first term of its series in `1 - p`.
///
/// ```
/// sum_c y_c (-log p_c + epsilon (1 - p_c))
/// ```
///
/// At least 0 for `epsilon` at least -1, without bound.
///
/// @param epsilon at least -1: below, a voxel would gain by being wrong
/// @see <a href="https://arxiv.org/abs/2204.12511">Leng et al. (2022), PolyLoss: a polynomial expansion perspective of
///     classification loss functions</a>
public record Poly(double epsilon) implements VoxelLoss {
    public Poly {
        Check.that(epsilon >= -1 && Double.isFinite(epsilon), "poly epsilon has to be at least -1, but is %s", epsilon);
    }

    @Override
    public double at(double[] p, double[] logP, double[] y, double[] slope) {
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            slope[k] = 0;
            if (y[k] != 0) {
                sum += y[k] * (-logP[k] - epsilon * Math.expm1(logP[k]));
                slope[k] = -y[k] * (1 + epsilon * Math.exp(logP[k]));
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
