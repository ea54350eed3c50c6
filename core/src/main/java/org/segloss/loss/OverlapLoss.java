package org.segloss.loss;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A loss that is a function of a few sums over the voxels of one sample and one class.
///
/// Implementing [#at(Sums)] is enough: the evaluator gathers the sums, averages over classes and samples, and
/// differentiates. A loss in which the classes of a sample act on one another overrides [#at(Classes)]. A record with a
/// component `over` of type [Averaging] has its options.
public non-sealed interface OverlapLoss extends Loss.Leaf {

    /// {@return the loss of one class of one sample}
    Scalar at(Sums sums);

    /// {@return the loss of one sample}
    default Scalar at(Classes classes) {
        return classes.mean(this::at);
    }

    /// {@return over what the loss is averaged}
    default Averaging over() {
        return Averaging.ALL;
    }

    /// {@return whether the sums that cost more are needed}: [Sums#missed], [Sums#invented] and [Sums#absolute],
    /// otherwise 0
    default boolean needsMoreSums() {
        return false;
    }

    /// {@return whether [Classes#confusion] is needed}
    default boolean needsConfusion() {
        return false;
    }

    /// What is summed up over the voxels of one sample and class; `p` is the probability, `y` the target. As its
    /// numbers it belongs to one evaluation.
    final class Sums {
        private final Scalar py;
        private final Scalar p;
        private final Scalar pp;
        private final Scalar missed;
        private final Scalar invented;
        private final Scalar absolute;
        private double y;
        private double yy;
        private double voxels;

        /// Sums to differentiate by, all 0.
        Sums(Scalar.Tape tape) {
            this(
                    tape.variable(0),
                    tape.variable(0),
                    tape.variable(0),
                    tape.variable(0),
                    tape.variable(0),
                    tape.variable(0));
        }

        private Sums(Scalar py, Scalar p, Scalar pp, Scalar missed, Scalar invented, Scalar absolute) {
            this.py = py;
            this.p = p;
            this.pp = pp;
            this.missed = missed;
            this.invented = invented;
            this.absolute = absolute;
        }

        void set(Sweep.Sums sums, int channel) {
            int at = channel * Sweep.Sums.EACH;
            py.set(sums.overlap[at]);
            p.set(sums.overlap[at + 1]);
            y = sums.overlap[at + 2];
            pp.set(sums.overlap[at + 3]);
            yy = sums.overlap[at + 4];
            boolean more = sums.more.length > 0;
            int moreAt = channel * Sweep.Sums.MORE;
            missed.set(more ? sums.more[moreAt] : 0);
            invented.set(more ? sums.more[moreAt + 1] : 0);
            absolute.set(more ? sums.more[moreAt + 2] : 0);
            voxels = sums.kept;
        }

        Sums plus(Sums other) {
            Sums both = new Sums(
                    py.plus(other.py),
                    p.plus(other.p),
                    pp.plus(other.pp),
                    missed.plus(other.missed),
                    invented.plus(other.invented),
                    absolute.plus(other.absolute));
            both.y = y + other.y;
            both.yy = yy + other.yy;
            both.voxels = voxels + other.voxels;
            return both;
        }

        /// {@return the sum of `p y`, the soft true positives}
        public Scalar py() {
            return py;
        }

        /// {@return the sum of `p`}
        public Scalar p() {
            return p;
        }

        /// {@return the sum of `p²`}
        public Scalar pp() {
            return pp;
        }

        /// {@return the sum of `(1 - p)² y`}
        public Scalar missed() {
            return missed;
        }

        /// {@return the sum of `p² (1 - y)`}
        public Scalar invented() {
            return invented;
        }

        /// {@return the sum of `|p - y|`}, its slope 0 at `p = y`
        public Scalar absolute() {
            return absolute;
        }

        /// {@return the sum of `y`}
        public double y() {
            return y;
        }

        /// {@return the sum of `y²`}
        public double yy() {
            return yy;
        }

        /// {@return how many voxels they are}
        public double voxels() {
            return voxels;
        }
    }

    /// How much of prediction and target overlaps.
    enum Form {
        /// `sum(p y)`. With a soft target the least loss is at `p = 1`.
        PRODUCT,
        /// `(sum(p) + sum(y) - sum|p - y|) / 2`, which is `sum(min(p, y))`. Least at `p = y`, for soft targets too, and
        /// the same for hard ones.
        L1;

        Scalar truePositives(Sums s) {
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
    record Classes(List<Sums> all, Scalar[][] confusion, Averaging over, Task task) {

        /// {@return the mean over the classes that count}
        public Scalar mean(Function<Sums, Scalar> loss) {
            return mean((_, sums) -> loss.apply(sums));
        }

        /// {@return the mean over the classes that count, of a loss that knows the channel}; 0 where all are ignored
        public Scalar mean(OfChannel loss) {
            return over.classes() == Averaging.Classes.TOGETHER ? together(loss) : each(loss);
        }

        private Scalar together(OfChannel loss) {
            List<Integer> counted = counted();
            Sums sum = all.get(counted.getFirst());
            for (int i = 1; i < counted.size(); i++) {
                sum = sum.plus(all.get(counted.get(i)));
            }
            return isLeftOut(sum) ? Scalar.ZERO : of(loss, counted.getLast(), sum);
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
            boolean penalized = sums.y() == 0 && over.absent() == Averaging.Absent.PENALIZE;
            return penalized && sums.voxels() > 0 ? sums.p().times(1 / sums.voxels()) : loss.at(channel, sums);
        }

        private boolean isLeftOut(Sums sums) {
            return sums.y() == 0 && over.absent() == Averaging.Absent.IGNORE;
        }

        /// {@return whether a channel counts}
        public boolean counts(int channel) {
            return over.counts(channel, task);
        }

        /// {@return the channels that count}
        public List<Integer> counted() {
            return IntStream.range(0, all.size()).filter(this::counts).boxed().toList();
        }
    }

    /// A loss of a class that knows its channel.
    @FunctionalInterface
    interface OfChannel {
        Scalar at(int channel, Sums sums);
    }
}
