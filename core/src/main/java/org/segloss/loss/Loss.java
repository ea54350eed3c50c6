package org.segloss.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A segmentation loss as a value: it prints itself, compares, and parses back from its text.
///
/// ```
/// Loss loss = Loss.parse("bce + 0.5*dice(smooth=1)");
/// ```
///
/// The leaves are the losses of the literature. Voxel losses are a mean over voxels, overlap losses a function of a few
/// sums over them, ranked losses depend on the order of the voxels' errors. The inner nodes are scalar, so a compound
/// costs what its costliest leaf costs.
///
/// Every loss is to be minimized. An overlap loss returns one minus its coefficient, never minus the coefficient.
///
/// @see LossCatalog the leaves with their formulas and parameters
/// @see org.segloss.evaluate.LossEvaluator values and gradients
public sealed interface Loss {

    /// {@return the loss that `text` describes}
    ///
    /// The text is a sum or difference of terms. A term is a number, a loss, `log1p(...)` of a text, or
    /// `pow(..., number)` of a text and an exponent, with numbers as factors:
    /// `ce + 0.5*dice(smooth=1) - 2*(1 + log1p(dice))`. A factor `ramp(0, 1)` goes from 0 to 1 as a training
    /// goes on. A loss is its name and, in parentheses, those parameters that differ from their defaults,
    /// each as `name=value`; a value is a number, a word, or a list `[1, 2]`.
    ///
    /// @throws IllegalArgumentException if the text is not a loss; the message says where and what is known
    static Loss parse(String text) {
        return new LossParser(text).parse();
    }

    /// {@return the text that [#parse] reads back as this}: the one name that a loss has
    ///
    /// @throws IllegalStateException if a leaf has no name, because [LossCatalog] doesn't know its type
    default String text() {
        return LossText.of(this);
    }

    /// {@return this plus `other`}
    default Loss plus(Loss other) {
        return plus(1, other);
    }

    /// {@return this plus `weight` times `other`}
    default Loss plus(double weight, Loss other) {
        return Sum.of(List.of(new Term(1, this), new Term(weight, other)));
    }

    /// {@return `weight` times this}
    default Loss times(double weight) {
        return Sum.of(List.of(new Term(weight, this)));
    }

    /// {@return log(1 + this)}
    default Loss log1p() {
        return new Log1p(this);
    }

    /// {@return this to the power `exponent`}
    default Loss pow(double exponent) {
        return new Pow(this, exponent);
    }

    /// {@return this with a weight that goes from one number to another as a training goes on}
    default Loss ramp(double from, double to) {
        return new Ramp(from, to, this);
    }

    /// A loss that looks at the data itself.
    sealed interface Leaf extends Loss permits VoxelLoss, OverlapLoss, WholeLoss {

        /// Refuses a task that this loss makes no sense for.
        ///
        /// @throws IllegalArgumentException saying what to use instead
        default void check(Task task) {}
    }

    /// A weighted sum; sums in sums are flattened, and constants carry their own weight. Made by [Loss#plus] and
    /// [Loss#times].
    record Sum(List<Term> terms) implements Loss {
        public Sum {
            Check.that(!terms.isEmpty(), "a sum needs a term");
            List<Term> flat = new ArrayList<>();
            for (Term term : terms) {
                switch (term.loss()) {
                    case Sum inner ->
                        inner.terms().forEach(t -> flat.add(folded(new Term(term.weight() * t.weight(), t.loss()))));
                    default -> flat.add(folded(term));
                }
            }
            terms = List.copyOf(flat);
        }

        /// {@return the sum; or its only term where that has no weight; or a number if there is nothing else}
        static Loss of(List<Term> terms) {
            Sum sum = new Sum(terms);
            Term first = sum.terms().getFirst();
            if (sum.terms().stream().allMatch(term -> term.loss() instanceof Constant)) {
                return new Constant(sum.terms().stream()
                        .mapToDouble(term -> ((Constant) term.loss()).value())
                        .sum());
            }
            return sum.terms().size() == 1 && first.weight() == 1 ? first.loss() : sum;
        }

        private static Term folded(Term term) {
            return term.loss() instanceof Constant(var value) ? new Term(1, new Constant(term.weight() * value)) : term;
        }
    }

    /// A summand.
    ///
    /// @param weight any finite number
    record Term(double weight, Loss loss) {
        public Term {
            Check.that(Double.isFinite(weight), "a weight has to be finite, but is %s", weight);
            Objects.requireNonNull(loss);
        }
    }

    /// A number that doesn't depend on the data: shifts the value, never the gradient.
    record Constant(double value) implements Loss {
        public Constant {
            Check.that(Double.isFinite(value), "a constant has to be finite, but is %s", value);
            value += 0.0; // -0 and 0 are one constant
        }
    }

    /// `log(1 + inner)`; NaN where the inner loss is below -1.
    record Log1p(Loss inner) implements Loss {
        public Log1p {
            Objects.requireNonNull(inner);
        }
    }

    /// `inner` to the power `exponent`; without a derivative where the inner loss is 0 (unless the exponent is 1),
    /// and 0 where it is less.
    record Pow(Loss inner, double exponent) implements Loss {
        public Pow {
            Objects.requireNonNull(inner);
            Check.that(exponent > 0 && Double.isFinite(exponent), "an exponent has to be above 0, but is %s", exponent);
        }
    }

    /// `inner` with a weight that depends on how far a training is: `from` at its first step, `to` at its last, and
    /// between them on a straight line.
    record Ramp(double from, double to, Loss inner) implements Loss {
        public Ramp {
            Objects.requireNonNull(inner);
            Check.that(
                    Double.isFinite(from) && Double.isFinite(to),
                    "the ends of a ramp have to be finite, but are %s and %s",
                    from,
                    to);
        }

        /// {@return the weight}
        ///
        /// @param progress from 0, the first step, to 1, the last
        public double at(double progress) {
            return from + (to - from) * progress;
        }
    }
}
