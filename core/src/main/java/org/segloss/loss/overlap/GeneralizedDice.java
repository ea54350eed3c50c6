package org.segloss.loss.overlap;

import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.OverlapLoss;
import org.segloss.loss.Reduction;
import org.segloss.loss.Scalar;
import org.segloss.loss.Smooth;

/// Generalized Dice loss: one ratio for all classes, in which small classes weigh more.
///
/// ```
/// 1 - (2 sum_c w_c sum(p y) + smooth) / (sum_c w_c (sum(p) + sum(y)) + smooth)
/// w_c = 1 / sum(y)², 1 / sum(y), or 1
/// ```
///
/// From 0 to 1. A class that is absent has the largest weight of those that are present, instead of an infinite one,
/// with which the loss would stop learning; with none present, unless the weighting is uniform, all weights are 0,
/// and the loss is what `smooth` makes of that for every prediction: 0, or `1 - smoothNum / smoothDen`.
///
/// @param weighting  of classes by their size
/// @param form       what overlaps
/// @param smooth     at least 0
/// @param background whether class 0 of a multiclass task counts
/// @param batch      whether the samples of a batch are summed up as if they were one
/// @see <a href="https://arxiv.org/abs/1707.03237">Sudre et al. (2017), Generalised Dice overlap as a deep learning
///     loss function for highly unbalanced segmentations</a>
@About(
        summary = "One Dice for all classes of a sample, in which small classes weigh more.",
        formula = "1 - (2 sum_c w_c sum(p y) + smooth) / (sum_c w_c (sum(p) + sum(y)) + smooth)",
        tex =
                "1-\\frac{2\\sum_c w_c\\sum py+s}{\\sum_c w_c\\left(\\sum p+\\sum y\\right)+s},\\quad w_c=\\left(\\sum y\\right)^{-2}",
        range = "0 to 1",
        use = "Classes of very different sizes, all present in most samples.",
        avoid = "One class: then it is dice. Patches that lack most classes.",
        source = "Sudre et al. (2017), https://arxiv.org/abs/1707.03237")
public record GeneralizedDice(
        @Meaning("1 over the class size squared, 1 over the size (simple), or uniform")
        Weighting weighting,

        @Meaning("product; or l1, least at p = y for soft targets too")
        Form form,

        @Meaning("added to numerator and denominator") Smooth smooth,

        @Meaning("whether class 0 of a multiclass task counts")
        boolean background,

        @Meaning("true sums up the samples of a batch as if they were one")
        boolean batch)
        implements OverlapLoss {

    /// The weight of a class of `n` voxels.
    public enum Weighting {
        /// `1 / n²`.
        SQUARE,
        /// `1 / n`.
        SIMPLE,
        /// 1.
        UNIFORM;

        double of(double n) {
            return switch (this) {
                case SQUARE -> 1 / (n * n);
                case SIMPLE -> 1 / n;
                case UNIFORM -> 1;
            };
        }
    }

    public GeneralizedDice() {
        this(Weighting.SQUARE, Form.PRODUCT, Smooth.of(1e-5), true, false);
    }

    @Override
    public Reduction over() {
        return new Reduction(background, batch, Reduction.Classes.EACH, Reduction.Absent.SCORE, java.util.List.of());
    }

    @Override
    public boolean needsExtraSums() {
        return form == Form.L1;
    }

    @Override
    public Scalar at(Sums s) {
        return smooth.ratio(form.truePositives(s).times(2), s.p().plus(s.y())).oneMinus();
    }

    @Override
    public Scalar at(Classes classes) {
        double largest = 0;
        for (int c = 0; c < classes.all().size(); c++) {
            double size = classes.all().get(c).y();
            largest = classes.counts(c) && size > 0 ? Math.max(largest, weighting.of(size)) : largest;
        }
        Scalar both = Scalar.ZERO;
        Scalar sum = Scalar.ZERO;
        for (int c = 0; c < classes.all().size(); c++) {
            if (classes.counts(c)) {
                Sums s = classes.all().get(c);
                double weight = weighting == Weighting.UNIFORM ? 1 : Math.min(weighting.of(s.y()), largest);
                both = both.plus(form.truePositives(s).times(2 * weight));
                sum = sum.plus(s.p().plus(s.y()).times(weight));
            }
        }
        return smooth.ratio(both, sum).oneMinus();
    }
}
