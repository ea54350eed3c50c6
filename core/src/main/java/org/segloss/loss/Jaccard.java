package org.segloss.loss;

/// Jaccard loss, one minus intersection over union.
///
/// ```
/// 1 - (sum(p y) + smooth) / (sum(p) + sum(y) - sum(p y) + smooth)
/// ```
///
/// From 0 to 1; `2 D / (1 + D)` of the [Dice] loss `D` where `smooth` is 0. With `smooth = 0` and neither
/// foreground nor prediction it is 0.
///
/// @param smooth at least 0
/// @see <a href="https://doi.org/10.1007/978-3-319-50835-1_22">Rahman, Wang (2016), Optimizing intersection-over-union
///     in deep neural networks for image segmentation</a>
public record Jaccard(double smooth) implements OverlapLoss {
    public Jaccard {
        Check.notNegative("jaccard smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        return Slope.oneMinus(
                new Linear(s.py() + smooth, 1, 0, 0), //
                new Linear(s.p() + s.y() - s.py() + smooth, -1, 1, 0));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
