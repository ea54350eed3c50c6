package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Logarithmic Dice loss.
///
/// ```
/// (-log max(D, 1e-7))^gamma,   D = (2 sum(p y) + smooth) / (sum(p) + sum(y) + smooth)
/// ```
///
/// From 0 to 16.2 with `gamma = 1`. Steeper than [Dice] where little overlaps, and of the size of a cross-entropy.
/// Where D is below 1e-7 the gradient is 0, and for `gamma` below 1, at D = 1, too.
///
/// @param gamma  above 0
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/1809.00076">Wong et al. (2018), 3D segmentation with exponential
///     logarithmic loss for highly unbalanced object sizes</a>, of which it is a part
@About(
        summary = "The logarithm of Dice: steep where little overlaps.",
        formula = "(-log(1 - dice))^gamma",
        tex = "\\left(-\\log\\frac{2\\sum py+s}{\\sum p+\\sum y+s}\\right)^{\\gamma}",
        range = "0 to 16.2 (gamma = 1)",
        use = "Beside a cross-entropy, which it resembles in size and steepness.",
        avoid = "Samples that lack the class: the worst score for every prediction.",
        source = "Wong et al. (2018), https://arxiv.org/abs/1809.00076")
public record LogDice(
        @Meaning("the exponent") double gamma,
        @Meaning("added to numerator and denominator") Smooth smooth,
        Reduction over)
        implements OverlapLoss {

    private static final double LEAST = 1e-7;

    public LogDice {
        Check.that(gamma > 0 && Double.isFinite(gamma), "logDice gamma has to be above 0, but is %s", gamma);
    }

    public LogDice() {
        this(1, Smooth.of(1e-5), Reduction.ALL);
    }

    @Override
    public Scalar at(Sums s) {
        // not by way of the Dice loss: where little overlaps, one minus it has lost its digits
        Scalar dice = smooth.ratio(s.py().times(2), s.p().plus(s.y())).atLeast(LEAST);
        Scalar log = dice.log().times(-1);
        return gamma == 1 ? log : log.pow(gamma);
    }
}
