package org.segloss.loss;

import java.util.List;
import java.util.function.Function;

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

    /// What is summed up over the voxels of one sample and class; `p` is the probability, `y` the target.
    ///
    /// @param py       sum of `p y`, the soft true positives
    /// @param p        sum of `p`
    /// @param pp       sum of `p²`
    /// @param missed   sum of `(1 - p)² y`
    /// @param invented sum of `p² (1 - y)`
    /// @param absolute sum of `|p - y|`, its slope 0 at `p = y`
    /// @param y        sum of `y`
    /// @param yy       sum of `y²`
    /// @param voxels   how many they are
    record Sums(
            Scalar py,
            Scalar p,
            Scalar pp,
            Scalar missed,
            Scalar invented,
            Scalar absolute,
            double y,
            double yy,
            double voxels) {
        Sums plus(Sums other) {
            return new Sums(
                    py.plus(other.py),
                    p.plus(other.p),
                    pp.plus(other.pp),
                    missed.plus(other.missed),
                    invented.plus(other.invented),
                    absolute.plus(other.absolute),
                    y + other.y,
                    yy + other.yy,
                    voxels + other.voxels);
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
            if (over.classes() == Averaging.Classes.TOGETHER) {
                Sums sum = counted().stream().map(all::get).reduce(Sums::plus).orElseThrow();
                return isLeftOut(sum) ? Scalar.of(0) : of(loss, counted().getLast(), sum);
            }
            Scalar sum = Scalar.of(0);
            double divisor = 0;
            for (int c : counted()) {
                if (!isLeftOut(all.get(c))) {
                    double weight = over.weight(c, task);
                    sum = sum.plus(of(loss, c, all.get(c)).times(weight));
                    divisor += weight;
                }
            }
            return divisor == 0 ? Scalar.of(0) : sum.times(1 / divisor);
        }

        private Scalar of(OfChannel loss, int channel, Sums sums) {
            boolean penalized = sums.y() == 0 && over.absent() == Averaging.Absent.PENALIZE;
            return penalized && sums.voxels() > 0 ? sums.p().times(1 / sums.voxels()) : loss.at(channel, sums);
        }

        private boolean isLeftOut(Sums sums) {
            return sums.y() == 0 && over.absent() == Averaging.Absent.IGNORE;
        }

        /// {@return the channels that count}
        public List<Integer> counted() {
            return java.util.stream.IntStream.range(0, all.size())
                    .filter(c -> over.counts(c, task))
                    .boxed()
                    .toList();
        }
    }

    /// A loss of a class that knows its channel.
    @FunctionalInterface
    interface OfChannel {
        Scalar at(int channel, Sums sums);
    }
}
