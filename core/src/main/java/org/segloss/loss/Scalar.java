package org.segloss.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A number that remembers how it was made, and so knows its derivatives: reverse-mode differentiation of the few
/// numbers that a loss is made of once the voxels have been summed up.
///
/// The author of a loss writes its formula, and no derivative:
///
/// ```
/// Scalar dice = s.py().times(2).plus(1).over(s.p().plus(s.y()).plus(1)).oneMinus();
/// ```
///
/// Numbers of one evaluation belong to one thread.
public final class Scalar {
    private final Optional<Tape> tape;
    private final double value;
    private final Scalar first;
    private final Scalar second;
    private final double byFirst;
    private final double bySecond;
    private double gradient;

    private Scalar(Optional<Tape> tape, double value, Scalar first, double byFirst, Scalar second, double bySecond) {
        this.tape = tape;
        this.value = value;
        this.first = first;
        this.second = second;
        this.byFirst = byFirst;
        this.bySecond = bySecond;
    }

    /// {@return a number that depends on nothing}
    public static Scalar of(double constant) {
        return new Scalar(Optional.empty(), constant, null, 0, null, 0);
    }

    /// The numbers that others are made of, and those others in the order in which they were made.
    static final class Tape {
        private final List<Scalar> numbers = new ArrayList<>();

        /// {@return a number to differentiate by}
        Scalar variable(double value) {
            return new Scalar(Optional.of(this), value, null, 0, null, 0);
        }

        /// Tells every variable the derivative of `result` by it. Once for each tape.
        void differentiate(Scalar result) {
            result.gradient = 1;
            for (Scalar number : numbers.reversed()) {
                // 0 times an infinite slope is 0: what has no part in the result stays out of it
                if (number.gradient != 0) {
                    number.first.gradient += number.gradient * number.byFirst;
                    if (number.second != null) {
                        number.second.gradient += number.gradient * number.bySecond;
                    }
                }
            }
        }
    }

    public double value() {
        return value;
    }

    /// {@return the derivative of what [Tape#differentiate] was told}
    double gradient() {
        return gradient;
    }

    public Scalar plus(Scalar other) {
        return made(value + other.value, 1, other, 1);
    }

    public Scalar plus(double constant) {
        return function(value + constant, 1);
    }

    public Scalar minus(Scalar other) {
        return made(value - other.value, 1, other, -1);
    }

    public Scalar times(Scalar other) {
        return made(value * other.value, other.value, other, value);
    }

    public Scalar times(double factor) {
        return function(value * factor, factor);
    }

    /// {@return this over `other`}
    public Scalar over(Scalar other) {
        double ratio = value / other.value;
        return made(ratio, 1 / other.value, other, -ratio / other.value);
    }

    /// {@return this over `other`, or 1 without a slope where `other` is 0: all of nothing}
    public Scalar shareOf(Scalar other) {
        return other.value == 0 ? of(1) : over(other);
    }

    /// {@return 1 - this}
    public Scalar oneMinus() {
        return function(1 - value, -1);
    }

    /// {@return the natural logarithm}
    public Scalar log() {
        return function(Math.log(value), 1 / value);
    }

    /// {@return log(1 + this)}
    public Scalar log1p() {
        return function(Math.log1p(value), 1 / (1 + value));
    }

    /// {@return this to the power `exponent`}; at 0, where a root is infinitely steep, without a slope, and a little
    /// less than 0, such as rounding leaves, counts as 0
    public Scalar pow(double exponent) {
        double x = Math.max(0, value);
        boolean flat = value < 0 || (value == 0 && exponent != 1);
        return function(Math.pow(x, exponent), flat ? 0 : exponent * Math.pow(x, exponent - 1));
    }

    /// {@return the larger of the two}; without a slope where that is `least`
    public Scalar atLeast(double least) {
        return value < least ? of(least) : this;
    }

    /// {@return a function of this}
    ///
    /// @param value      the function's value here
    /// @param derivative the function's derivative here
    public Scalar function(double value, double derivative) {
        return kept(new Scalar(tape, value, this, derivative, null, 0));
    }

    private Scalar made(double value, double byThis, Scalar other, double byOther) {
        return kept(new Scalar(tape.or(() -> other.tape), value, this, byThis, other, byOther));
    }

    private static Scalar kept(Scalar made) {
        made.tape.ifPresent(tape -> tape.numbers.add(made));
        return made;
    }
}
