package org.segloss.loss;

import java.util.List;
import java.util.function.Function;

/// A loss that is a function of a few sums over the voxels of one sample and one class.
///
/// Implementing [#at(Sums)] is enough: the evaluator gathers the sums, averages over classes and samples, and
/// differentiates. A loss in which the classes of a sample act on one another overrides [#at(Classes)]. A record with a
/// component `over` of type [Reduction] has its options.
public non-sealed interface OverlapLoss extends Loss.Leaf {

    /// {@return the loss of one class of one sample}
    Scalar at(Sums sums);

    /// {@return the loss of one sample}
    default Scalar at(Classes classes) {
        return classes.mean(this::at);
    }

    /// {@return over what the loss is averaged}
    default Reduction over() {
        return Reduction.ALL;
    }

    /// {@return whether the sums that cost more are needed}: [Sums#falseNegatives], [Sums#falsePositives] and
    /// [Sums#absolute], otherwise 0
    default boolean needsExtraSums() {
        return false;
    }

    /// {@return whether [Classes#confusion] is needed}
    default boolean needsConfusion() {
        return false;
    }

    /// What is summed up over the voxels of one sample and class; `p` is the probability, `y` the target. As its
    /// numbers it belongs to one evaluation.
    interface Sums {

        /// {@return these sums and others}, which the next call on these makes into others again
        Sums plus(Sums other);

        /// {@return the sum of `p y`, the soft true positives}
        Scalar py();

        /// {@return the sum of `p`}
        Scalar p();

        /// {@return the sum of `p²`}
        Scalar pp();

        /// {@return the sum of `(1 - p)² y`}
        Scalar falseNegatives();

        /// {@return the sum of `p² (1 - y)`}
        Scalar falsePositives();

        /// {@return the sum of `|p - y|`}, its derivative 0 at `p = y`
        Scalar absolute();

        /// {@return the sum of `y`}
        double y();

        /// {@return the sum of `y²`}
        double yy();

        /// {@return how many voxels they are}
        double voxels();
    }

    /// How much of prediction and target overlaps.
    enum Form {
        /// `sum(p y)`. With a soft target the least loss is at `p = 1`.
        PRODUCT,
        /// `(sum(p) + sum(y) - sum|p - y|) / 2`, which is `sum(min(p, y))`. Least at `p = y`, for soft targets too, and
        /// the same for hard ones.
        L1;

        /// {@return the overlap of prediction and target}
        public Scalar truePositives(Sums s) {
            return switch (this) {
                case PRODUCT -> s.py();
                case L1 -> s.p().minus(s.absolute()).plus(s.y()).times(0.5);
            };
        }
    }

    /// The classes of one sample, or of a batch taken as one.
    ///
    /// @param all       the sums of each channel
    /// @param confusion `[k][c]`: the sum of `y_k p_c`; empty unless [#needsConfusion]
    /// @param over      which of them count, and how
    /// @param task      what they are classes of
    record Classes(List<Sums> all, Scalar[][] confusion, Reduction over, Task task) {

        /// {@return the mean over the classes that count}
        public Scalar mean(Function<Sums, Scalar> loss) {
            return mean((_, sums) -> loss.apply(sums));
        }

        /// {@return the mean over the classes that count, of a loss that knows the channel}; 0 where all are ignored
        public Scalar mean(OfChannel loss) {
            return over.classes() == Reduction.Classes.TOGETHER ? together(loss) : each(loss);
        }

        private Scalar together(OfChannel loss) {
            int last = -1;
            Sums sum = all.getFirst();
            for (int c = 0; c < all.size(); c++) {
                if (counts(c)) {
                    sum = last < 0 ? all.get(c) : sum.plus(all.get(c));
                    last = c;
                }
            }
            return isLeftOut(sum) ? Scalar.ZERO : of(loss, last, sum);
        }

        private Scalar each(OfChannel loss) {
            Scalar sum = Scalar.ZERO;
            double divisor = 0;
            for (int c = 0; c < all.size(); c++) {
                if (counts(c) && !isLeftOut(all.get(c))) {
                    double weight = over.weight(c, task);
                    sum = sum.plus(of(loss, c, all.get(c)).times(weight));
                    divisor += weight;
                }
            }
            return divisor == 0 ? Scalar.ZERO : sum.times(1 / divisor);
        }

        private Scalar of(OfChannel loss, int channel, Sums sums) {
            boolean penalized = sums.y() == 0 && over.absent() == Reduction.Absent.PENALIZE;
            return penalized ? sums.p().times(1 / sums.voxels()) : loss.at(channel, sums);
        }

        private boolean isLeftOut(Sums sums) {
            return sums.y() == 0 && over.absent() == Reduction.Absent.IGNORE;
        }

        /// {@return whether a channel counts}
        public boolean counts(int channel) {
            return over.counts(channel, task);
        }
    }

    /// A loss of a class that knows its channel.
    @FunctionalInterface
    interface OfChannel {
        Scalar at(int channel, Sums sums);
    }
}
