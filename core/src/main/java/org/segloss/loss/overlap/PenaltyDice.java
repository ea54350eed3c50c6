package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Check;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Penalized generalized Dice loss: a poor overlap costs more, a good one less.
///
/// ```
/// g / (1 + k (1 - g)),   g the generalized Dice loss
/// ```
///
/// From 0 to 1.
///
/// @param k          at least 0; 0 is [GeneralizedDice]
/// @param weighting  of classes by their size
/// @param smooth     at least 0
/// @param background whether class 0 of a multiclass task counts
/// @param batch      whether the samples of a batch are summed up as if they were one
/// @see <a href="https://openreview.net/forum?id=H1lTh8unKN">Yang et al. (2019), Major vessel segmentation on X-ray
///     coronary angiography using deep networks with a novel penalty loss function</a>
@About(
        summary = "Generalized Dice in which poor overlap costs more.",
        formula = "g / (1 + k (1 - g)), g the generalized Dice loss",
        tex = "\\frac{g}{1+k(1-g)},\\quad g\\text{ the generalized Dice loss}",
        range = "0 to 1",
        use = "As generalizedDice, where trainings begin with next to no overlap.",
        avoid = "Where generalizedDice is.",
        source = "Yang et al. (2019), https://openreview.net/forum?id=H1lTh8unKN")
public record PenaltyDice(
        @Meaning("how much more") double k,

        @Meaning("1 over the class size squared, 1 over the size (simple), or uniform")
        GeneralizedDice.Weighting weighting,

        @Meaning("added to numerator and denominator") Smooth smooth,

        @Meaning("whether class 0 of a multiclass task counts")
        boolean background,

        @Meaning("true sums up the samples of a batch as if they were one")
        boolean batch)
        implements OverlapLoss {

    public PenaltyDice {
        Check.notNegative("penaltyDice k", k);
    }

    public PenaltyDice() {
        this(2.5, GeneralizedDice.Weighting.SQUARE, Smooth.of(1e-5), true, false);
    }

    private GeneralizedDice generalized() {
        return new GeneralizedDice(weighting, Form.PRODUCT, smooth, background, batch);
    }

    @Override
    public Reduction over() {
        return generalized().over();
    }

    @Override
    public Scalar at(Sums s) {
        return penalized(generalized().at(s));
    }

    @Override
    public Scalar at(Classes classes) {
        return penalized(generalized().at(classes));
    }

    private Scalar penalized(Scalar g) {
        return g.over(g.oneMinus().times(k).plus(1));
    }
}
