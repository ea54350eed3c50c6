package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Logits up to 1000, of which a probability is 1 to a double, against the formulas in decimals of 100 digits.
class SureVoxelsTest {
    private static final MathContext DIGITS = new MathContext(100);
    private static final BigDecimal STEP = new BigDecimal("1e-25");
    private static final double[] LOGITS = {0, 0.25, -1, 3, -17, 17, 40, -40, -88, 90, 700, -745, 1000, -1000};

    /// An outcome's part of a loss.
    private interface Formula {
        BigDecimal at(BigDecimal p, BigDecimal rest, BigDecimal logP, int outcome);
    }

    private static final Map<String, Formula> FORMULAS = Map.ofEntries(
            Map.entry("ce", (p, rest, logP, k) -> logP.negate()),
            Map.entry("topk(percent=100)", (p, rest, logP, k) -> logP.negate()),
            Map.entry("ohem(minKept=1)", (p, rest, logP, k) -> logP.negate()),
            Map.entry("distanceCe", (p, rest, logP, k) -> logP.negate()),
            Map.entry("borderCe", (p, rest, logP, k) -> logP.negate()),
            Map.entry("focal(alpha=[])", (p, rest, logP, k) -> power(rest, 2).multiply(logP.negate())),
            Map.entry(
                    "focal(alpha=[], gamma=0.5)",
                    (p, rest, logP, k) -> power(rest, 0.5).multiply(logP.negate())),
            Map.entry(
                    "asymmetricFocal(delta=0.5, gamma=1.5)",
                    (p, rest, logP, k) -> new BigDecimal("0.5")
                            .multiply(k == 0 ? power(rest, 1.5) : BigDecimal.ONE)
                            .multiply(logP.negate())),
            Map.entry("gce(q=1)", (p, rest, logP, k) -> rest),
            Map.entry("gce(q=0.5)", (p, rest, logP, k) -> minusExpm1(half(logP)).multiply(new BigDecimal(2))),
            Map.entry("poly(epsilon=2)", (p, rest, logP, k) -> logP.negate().add(rest.multiply(new BigDecimal(2)))),
            Map.entry("powerCe", (p, rest, logP, k) -> power(logP.negate(), 0.3)),
            Map.entry("powerCe(gamma=2)", (p, rest, logP, k) -> power(logP.negate(), 2)));

    // ---------------------------------------------------------------- decimals

    private static BigDecimal half(BigDecimal x) {
        return x.divide(new BigDecimal(2), DIGITS);
    }

    private static BigDecimal exp(BigDecimal x) {
        BigDecimal small = x.divide(new BigDecimal(1 << 20), DIGITS);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int n = 1; n < 40; n++) {
            term = term.multiply(small).divide(new BigDecimal(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        for (int i = 0; i < 20; i++) {
            sum = sum.multiply(sum, DIGITS);
        }
        return sum;
    }

    /// `1 - exp(x)`
    private static BigDecimal minusExpm1(BigDecimal x) {
        BigDecimal cut = new BigDecimal("1e-40");
        // the third summand is beyond all digits
        return x.abs().compareTo(cut) < 0
                ? x.add(half(x.multiply(x)), DIGITS).negate()
                : BigDecimal.ONE.subtract(exp(x));
    }

    private static BigDecimal log(BigDecimal x) {
        int decimals = x.precision() - x.scale() - 1;
        BigDecimal digits = x.movePointLeft(decimals);
        BigDecimal log = newton(digits);
        return decimals == 0 ? log : log.add(newton(BigDecimal.TEN).multiply(new BigDecimal(decimals)), DIGITS);
    }

    private static BigDecimal newton(BigDecimal x) {
        BigDecimal log = new BigDecimal(Math.log(x.doubleValue()));
        for (int i = 0; i < 4; i++) {
            BigDecimal e = exp(log);
            log = log.add(x.subtract(e).multiply(new BigDecimal(2)).divide(x.add(e), DIGITS), DIGITS);
        }
        return log;
    }

    private static BigDecimal log1p(BigDecimal x) {
        return x.compareTo(new BigDecimal("1e-40")) < 0
                ? x.subtract(half(x.multiply(x)), DIGITS)
                : log(BigDecimal.ONE.add(x));
    }

    private static BigDecimal power(BigDecimal x, double exponent) {
        return x.signum() == 0 ? BigDecimal.ZERO : exp(log(x).multiply(new BigDecimal(exponent), DIGITS));
    }

    /// The loss of one voxel of a softmax.
    private static BigDecimal value(Formula formula, BigDecimal[] z, int label) {
        BigDecimal others = BigDecimal.ZERO;
        for (int k = 0; k < z.length; k++) {
            others = k == label ? others : others.add(exp(z[k].subtract(z[label])), DIGITS);
        }
        // p is 1 / (1 + others)
        BigDecimal p = BigDecimal.ONE.divide(BigDecimal.ONE.add(others), DIGITS);
        return formula.at(p, others.multiply(p, DIGITS), log1p(others).negate(), label);
    }

    private static double derivative(Formula formula, BigDecimal[] z, int label, int channel) {
        BigDecimal[] more = z.clone();
        BigDecimal[] less = z.clone();
        more[channel] = z[channel].add(STEP);
        less[channel] = z[channel].subtract(STEP);
        return value(formula, more, label)
                .subtract(value(formula, less, label))
                .divide(STEP.multiply(new BigDecimal(2)), DIGITS)
                .doubleValue();
    }

    // ---------------------------------------------------------------- the losses

    static List<String> texts() {
        return FORMULAS.keySet().stream().sorted().toList();
    }

    private static double[] gradient(LossEvaluator evaluator, double[] z, Shape shape, Target target) {
        double[] gradient = new double[z.length];
        evaluator.evaluate(doubles(z, shape), target, MemorySegment.ofArray(gradient));
        return gradient;
    }

    private static Prediction doubles(double[] z, Shape shape) {
        return new Prediction(MemorySegment.ofArray(z), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.LOGITS);
    }

    private static void near(double actual, double expected, String of) {
        // what a double has no exponent for may be 0
        assertThat(actual).as(of).isCloseTo(expected, within(1e-12 * Math.abs(expected) + 1e-60));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void theLossOfASoftmaxIsExact(String text) {
        Formula formula = FORMULAS.get(text);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), Task.multiclass(3), 1);
        Shape shape = new Shape(1, 3, 1, 1, 1);
        Random random = new Random(7);
        for (int round = 0; round < 25; round++) {
            double[] z =
                    random.ints(3, 0, LOGITS.length).mapToDouble(i -> LOGITS[i]).toArray();
            BigDecimal[] exact = Arrays.stream(z).mapToObj(BigDecimal::new).toArray(BigDecimal[]::new);
            int label = random.nextInt(3);
            Target target = Target.labels(MemorySegment.ofArray(new byte[] {(byte) label}));
            String of = "%s of class %d".formatted(Arrays.toString(z), label);
            near(
                    evaluator.evaluate(doubles(z, shape), target).value(),
                    value(formula, exact, label).doubleValue(),
                    of);
            double[] gradient = gradient(evaluator, z, shape, target);
            for (int c = 0; c < 3; c++) {
                near(gradient[c], derivative(formula, exact, label, c), "channel " + c + " of " + of);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void theLossOfASigmoidIsExact(String text) {
        Formula formula = FORMULAS.get(text);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), Task.binary(), 1);
        Shape shape = new Shape(1, 1, 1, 1, 1);
        for (double logit : LOGITS) {
            BigDecimal[] exact = {BigDecimal.ZERO, new BigDecimal(logit)};
            for (int label = 0; label < 2; label++) {
                Target target = Target.labels(MemorySegment.ofArray(new byte[] {(byte) label}));
                String of = "%s of class %d".formatted(logit, label);
                double[] z = {logit};
                near(
                        evaluator.evaluate(doubles(z, shape), target).value(),
                        value(formula, exact, label).doubleValue(),
                        of);
                near(gradient(evaluator, z, shape, target)[0], derivative(formula, exact, label, 1), of);
            }
        }
    }

    /// By hand: of logits 40 and 0 what is wrong is e^-40, and its power of 0.3 is e^-12.
    @Test
    void aRootOfASureVoxelIsThatOfWhatIsWrong() {
        Shape shape = new Shape(1, 2, 1, 1, 1);
        Target target = Target.labels(MemorySegment.ofArray(new byte[1]));
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("powerCe"), Task.multiclass(2));
        double[] z = {40, 0};
        double value = evaluator.evaluate(doubles(z, shape), target).value();
        assertThat(value).isCloseTo(Math.exp(-12), within(1e-17));
        assertThat(gradient(evaluator, z, shape, target))
                .containsExactly(new double[] {-0.3 * value, 0.3 * value}, within(1e-17));
    }
}
