package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Log-cosh Dice loss: smooth where [Dice] is good, so that steps become small.
///
/// ```
/// log cosh D,   D the Dice loss
/// ```
///
/// From 0 to 0.434.
///
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/2006.14822">Jadon (2020), A survey of loss functions for semantic
///     segmentation</a>
@About(
        summary = "Dice made flat where it is good.",
        formula = "log cosh dice",
        tex = "\\log\\cosh\\left(1-\\frac{2\\sum py+s}{\\sum p+\\sum y+s}\\right)",
        range = "0 to 0.434",
        use = "Dice that is restless at the end of a training.",
        avoid = "Few steps: the last points of Dice come slowly.",
        source = "Jadon (2020), https://arxiv.org/abs/2006.14822")
public record LogCoshDice(
        @Meaning("added to numerator and denominator") Smooth smooth, Reduction over) implements OverlapLoss {

    public LogCoshDice() {
        this(Smooth.of(1e-5), Reduction.ALL);
    }

    @Override
    public Scalar at(Sums s) {
        Scalar dice = new Dice(Form.PRODUCT, smooth, over).at(s);
        return dice.function(Math.log(Math.cosh(dice.value())), Math.tanh(dice.value()));
    }
}
