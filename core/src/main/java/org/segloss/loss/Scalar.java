package org.segloss.loss;

import java.util.ArrayList;
import java.util.List;

/// A number that remembers how it was made, and so knows its derivatives: reverse-mode differentiation of the few
/// numbers that a loss is made of once the voxels have been summed up.
///
/// The author of a loss writes its formula, and no derivative:
///
/// ```
/// Scalar dice = s.py().times(2).plus(1).over(s.p().plus(s.y()).plus(1)).oneMinus();
/// ```
///
/// Numbers of one evaluation belong to one thread, and are made into others by the next: keep a value, never a number,
/// unless it is [a constant][#of].
public final class Scalar {
    /// The number 0.
    public static final Scalar ZERO = of(0);
    private static final Scalar ONE = of(1);

    // none for a constant, which several threads may share: it is never written to
    private final Tape tape;
    private double value;
    private Scalar first;
    private Scalar second;
    private double byFirst;
    private double bySecond;
    private double gradient;

    private Scalar(Tape tape, double value) {
        this.tape = tape;
        this.value = value;
    }

    /// {@return a number that depends on nothing}
    public static Scalar of(double constant) {
        return new Scalar(null, constant);
    }

    /// The numbers that are made of others, in the order in which they were made.
    public static final class Tape {
        // those behind the first few are left from longer formulas
        private final List<Scalar> numbers = new ArrayList<>();
        private int length;

        /// Makes a tape without numbers.
        public Tape() {}

        /// {@return a number to differentiate by}
        public Scalar variable(double value) {
            return new Scalar(this, value);
        }

        /// Forgets all numbers but variables: what is made from now on takes their places.
        public void rewind() {
            length = 0;
        }

        private Scalar made(double value, Scalar first, double byFirst, Scalar second, double bySecond) {
            if (length == numbers.size()) {
                numbers.add(new Scalar(this, value));
            }
            Scalar number = numbers.get(length++);
            number.set(value);
            number.first = first;
            number.byFirst = byFirst;
            number.second = second;
            number.bySecond = bySecond;
            return number;
        }

        /// Tells every variable the derivative of `result` by it. Once for each formula.
        public void differentiate(Scalar result) {
            result.add(1);
            for (int i = length - 1; i >= 0; i--) {
                Scalar number = numbers.get(i);
                // 0 times an infinite derivative is 0: what has no part in the result stays out of it
                if (number.gradient != 0) {
                    number.first.add(number.gradient * number.byFirst);
                    number.second.add(number.gradient * number.bySecond);
                }
            }
        }
    }

    /// Gives a variable another value, for another formula.
    ///
    /// @throws IllegalStateException if this is a constant, which others may use too
    public void set(double value) {
        if (tape == null) {
            throw new IllegalStateException(
                    "a constant stays %s: only a variable of a Scalar.Tape takes another value".formatted(this.value));
        }
        this.value = value;
        gradient = 0;
    }

    private void add(double derivative) {
        if (tape != null) {
            gradient += derivative;
        }
    }

    public double value() {
        return value;
    }

    /// {@return the derivative of what [Tape#differentiate] was told}
    public double gradient() {
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

    /// {@return this over `other`, or 1 without a derivative where `other` is 0: all of nothing}
    public Scalar shareOf(Scalar other) {
        return other.value == 0 ? ONE : over(other);
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

    /// {@return this to the power `exponent`}; at 0, where a root is infinitely steep, without a derivative, and a
    /// little less than 0, such as rounding leaves, counts as 0
    public Scalar pow(double exponent) {
        double x = Math.max(0, value);
        boolean flat = value < 0 || (value == 0 && exponent != 1);
        return function(Math.pow(x, exponent), flat ? 0 : exponent * Math.pow(x, exponent - 1));
    }

    /// {@return the larger of the two}; without a derivative where that is `least`
    public Scalar atLeast(double least) {
        return value < least ? of(least) : this;
    }

    /// {@return a function of this}
    ///
    /// @param value      the function's value here
    /// @param derivative the function's derivative here
    public Scalar function(double value, double derivative) {
        return made(value, derivative, ZERO, 0);
    }

    private Scalar made(double value, double byThis, Scalar other, double byOther) {
        Tape tape = this.tape == null ? other.tape : this.tape;
        return tape == null ? of(value) : tape.made(value, this, byThis, other, byOther);
    }
}
