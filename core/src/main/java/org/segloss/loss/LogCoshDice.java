package org.segloss.loss;

/// Log-cosh Dice loss: smooth where [Dice] is good, so that steps become small.
///
/// ```
/// log cosh D,   D the Dice loss
/// ```
///
/// From 0 to 0.434.
///
/// @param smooth at least 0
/// @see <a href="https://arxiv.org/abs/2006.14822">Jadon (2020), A survey of loss functions for semantic
///     segmentation</a>
public record LogCoshDice(double smooth) implements OverlapLoss {
    public LogCoshDice {
        Check.notNegative("logCoshDice smooth", smooth);
    }

    @Override
    public Slope at(Sums s) {
        Slope dice = new Dice(smooth).at(s);
        return dice.through(Math.log(Math.cosh(dice.value())), Math.tanh(dice.value()));
    }

    @Override
    public String toString() {
        return LossText.of(this);
    }
}
