package org.segloss.loss;

/// Dice loss with squared denominators, as in the V-Net.
///
/// ```
/// 1 - (2 sum(p y) + smooth) / (sum(p^2) + sum(y^2) + smooth)
/// ```
///
/// From 0 to 1.
///
/// @param smooth at least 0
/// @see <a href="https://arxiv.org/abs/1606.04797">Milletari, Navab, Ahmadi (2016), V-Net</a>
public record SquaredDice(double smooth) implements OverlapLoss {
    public SquaredDice {
        Check.notNegative("squaredDice smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        return Slope.oneMinus(
                new Linear(2 * s.py() + smooth, 2, 0, 0), //
                new Linear(s.pp() + s.yy() + smooth, 0, 0, 1));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
