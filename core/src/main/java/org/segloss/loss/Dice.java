package org.segloss.loss;

/// Dice loss with plain denominators.
///
/// ```
/// 1 - (2 sum(p y) + smooth) / (sum(p) + sum(y) + smooth)
/// ```
///
/// From 0 to 1. If the sample has no voxel of the class, `sum(p)` stands against `smooth` alone: with a small
/// `smooth` the loss is close to 1, and its gradient next to 0, until next to nothing is predicted. With `smooth = 0`
/// and nothing predicted it is 0.
///
/// @param smooth at least 0
/// @see <a href="https://arxiv.org/abs/1608.04117">Drozdzal et al. (2016), The importance of skip connections in
///     biomedical image segmentation</a>
public record Dice(double smooth) implements OverlapLoss {
    public Dice {
        Check.notNegative("dice smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        return Slope.oneMinus(
                new Linear(2 * s.py() + smooth, 2, 0, 0), //
                new Linear(s.p() + s.y() + smooth, 0, 1, 0));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
