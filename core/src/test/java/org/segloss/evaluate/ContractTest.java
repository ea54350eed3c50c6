package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Task;

/// What every loss keeps to, beside what the tests of evaluator and twins ask of all of them.
class ContractTest {

    static Stream<Arguments> losses() {
        return LossEvaluatorTest.losses();
    }

    static Stream<Arguments> lossesWithoutPlace() {
        return LossEvaluatorTest.lossesWithoutPlace();
    }

    @ParameterizedTest
    @MethodSource("lossesWithoutPlace")
    void theOrderOfVoxelsDoesNotMatter(Task task, Loss loss) {
        Problem problem = Problem.random(task, 2, 40, 31);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
        Collections.shuffle(order, new Random(1));
        float[] logits = new float[problem.logits().length];
        int[] labels = new int[80];
        for (int i = 0; i < 40; i++) {
            for (int plane = 0; plane < 2 * task.channels(); plane++) {
                logits[plane * 40 + i] = problem.logits()[plane * 40 + order.get(i)];
            }
            for (int b = 0; b < 2; b++) {
                labels[b * 40 + i] = problem.labels()[b * 40 + order.get(i)];
            }
        }
        Problem shuffled = new Problem(task, problem.shape(), logits, labels);
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1, false);
        // sums in another order
        assertThat(value(evaluator, shuffled)).isCloseTo(value(evaluator, problem), within(1e-10));
    }

    /// Where no class is special: none is background, has a weight, or has a number in a matrix.
    static Stream<Arguments> lossesOfEqualClasses() {
        return losses().filter(a -> ((Task) a.get()[0]).kind() != Task.Kind.BINARY
                && Stream.of(
                                "focal",
                                "asymmetricFocal",
                                "background=false",
                                "foreground",
                                "Recall",
                                "boundary",
                                "hausdorff",
                                "clDice",
                                "distanceCe",
                                "borderCe",
                                "wassersteinDice")
                        .noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    @ParameterizedTest
    @MethodSource("lossesOfEqualClasses")
    void theOrderOfClassesDoesNotMatter(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 2, 40, 32);
        int n = problem.voxels();
        int classes = task.channels();
        float[] logits = new float[problem.logits().length];
        int[] labels = new int[2 * n];
        for (int b = 0; b < 2; b++) {
            for (int c = 0; c < classes; c++) {
                System.arraycopy(
                        problem.logits(), (b * classes + c) * n, logits, (b * classes + (c + 1) % classes) * n, n);
            }
        }
        Arrays.setAll(labels, i -> (problem.labels()[i] + 1) % classes);
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1, false);
        assertThat(value(evaluator, new Problem(task, problem.shape(), logits, labels)))
                .isCloseTo(value(evaluator, problem), within(1e-10));
    }

    /// The truth is never worse than anything else, and disjoint, empty and full predictions have a value.
    @ParameterizedTest
    @MethodSource("losses")
    void noPredictionIsBetterThanTheTruth(Task task, Loss loss) {
        boolean smoothed = loss.text().contains("smoothing");
        boolean turned = Stream.of("- 0.125", "- 0.25", "- 0.5").anyMatch(loss.text()::contains);
        boolean logits = loss.text().contains("neighborPenalty");
        if (smoothed || turned || logits) {
            return;
        }
        Problem problem = Problem.random(task, loss, 2, 48, 33);
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1, false);
        MemorySegment y = problem.softTarget().data();
        double truth = value(evaluator, filled(problem, i -> y.getAtIndex(FLOAT, i) > 0 ? 40 : -40));
        assertThat(truth).isFinite();
        List<Problem> others = List.of(
                problem,
                filled(problem, i -> y.getAtIndex(FLOAT, i) > 0 ? -40 : 40),
                filled(problem, i -> -40),
                filled(problem, i -> 40),
                filled(problem, i -> 0));
        for (Problem other : others) {
            assertThat(value(evaluator, other)).isFinite().isGreaterThan(truth - 1e-9);
        }
    }

    private static final java.lang.foreign.ValueLayout.OfFloat FLOAT = java.lang.foreign.ValueLayout.JAVA_FLOAT;

    private static Problem filled(Problem problem, java.util.function.IntToDoubleFunction logit) {
        float[] logits = new float[problem.logits().length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) logit.applyAsDouble(i);
        }
        return new Problem(problem.task(), problem.shape(), logits, problem.labels());
    }

    /// One, all and none of the voxels of each class.
    @ParameterizedTest
    @MethodSource("losses")
    void targetsOfOneClassAreFinite(Task task, Loss loss) {
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(loss, task, 1, lanes);
            for (int voxels : new int[] {1, 20}) {
                for (int label = 0; label < task.classes(); label++) {
                    Problem problem = Problem.random(task, loss, 2, voxels, 34);
                    Arrays.fill(problem.labels(), label);
                    assertThat(value(evaluator, problem)).isFinite();
                    for (float g : problem.gradient(evaluator, problem.target())) {
                        assertThat(g).isFinite();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theTextReadsBack(Task task, Loss loss) {
        assertThat(Loss.parse(loss.text())).isEqualTo(loss);
        assertThat(Loss.parse(loss.text()).text()).isEqualTo(loss.text());
    }

    static Stream<Arguments> parameters() {
        return LossCatalog.all().stream()
                .flatMap(entry -> entry.parameters().stream()
                        .filter(p -> p.text().matches("-?[0-9.e-]+|\\[.*]"))
                        .map(p -> Arguments.of(entry.name(), p.name())));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void aNumberOutOfRangeIsRefused(String name, String parameter) {
        for (String number : List.of("-7", "[-7]")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Loss.parse("%s(%s=%s)".formatted(name, parameter, number)))
                    .withMessageContaining("^");
        }
    }

    /// With one sample it is the same as with many that are the same.
    @ParameterizedTest
    @MethodSource("losses")
    void aBatchOfOneSampleTwiceHasTheValueOfOne(Task task, Loss loss) {
        // sums grow with the batch, and k is a share or a number of it
        if (Stream.of("sum", "topk", "ohem", "smooth=", "smoothNum=").anyMatch(loss.text()::contains)
                || loss.text().contains("batch=true")) {
            return;
        }
        Problem one = Problem.random(task, loss, 1, 50, 35);
        float[] logits = Arrays.copyOf(one.logits(), 2 * one.logits().length);
        System.arraycopy(one.logits(), 0, logits, one.logits().length, one.logits().length);
        int[] labels = Arrays.copyOf(one.labels(), 2 * one.voxels());
        System.arraycopy(one.labels(), 0, labels, one.voxels(), one.voxels());
        Problem two = new Problem(task, Problem.random(task, loss, 2, 50, 35).shape(), logits, labels);
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1, false);
        assertThat(value(evaluator, two)).isCloseTo(value(evaluator, one), within(1e-10));
    }

    /// More voxels than the largest number of float16, 65504: every loss has the bits that it has of floats.
    @ParameterizedTest
    @MethodSource("losses")
    void sumsBeyondHalfPrecisionAreThoseOfFloats(Task task, Loss loss) {
        Problem problem = Problem.random(task, loss, 1, 66_000, 6);
        LossEvaluator evaluator = new LossEvaluator(loss, task, 2);
        Prediction floats = problem.rounded(Prediction.FloatType.FLOAT16).prediction();
        Prediction halves = problem.halfPrediction(Prediction.FloatType.FLOAT16);
        assertThat(evaluator.evaluate(halves, problem.target()).value())
                .isEqualTo(evaluator.evaluate(floats, problem.target()).value());
    }

    /// The numbers in the documented range: `0 to 1`, `0 to infinity`.
    private static final Pattern RANGE = Pattern.compile("0 to (?<most>infinity|[0-9.]+)(?<more>/q)?.*");

    static Stream<Arguments> documentedRanges() {
        return LossCatalog.all().stream()
                .filter(entry -> RANGE.matcher(entry.about().range()).matches())
                // their windows are wider than these volumes
                .filter(entry -> !List.of("ssim", "msSsim").contains(entry.name()))
                .flatMap(entry -> Stream.of(Task.binary(), Task.multiclass(3), Task.multilabel(2))
                        .filter(task -> isFor(entry.loss(), task))
                        .filter(task -> task.kind() == Task.Kind.MULTICLASS
                                || !entry.about().range().contains("hinge"))
                        .map(task -> Arguments.of(task, entry)));
    }

    private static boolean isFor(Loss loss, Task task) {
        try {
            new LossEvaluator(loss, task, 1, false);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Perfect, disjoint, empty, full and undecided predictions of targets with all classes and with one.
    @ParameterizedTest
    @MethodSource("documentedRanges")
    void valuesAreInTheDocumentedRange(Task task, LossCatalog.Entry entry) {
        Matcher range = RANGE.matcher(entry.about().range());
        assertThat(range.matches()).isTrue();
        double most = range.group("most").equals("infinity")
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(range.group("most")) * (range.group("more") == null ? 1 : 1 / 0.7);
        LossEvaluator evaluator = new LossEvaluator(entry.loss(), task, 1, false);
        for (int label = -1; label < task.classes(); label++) {
            Problem problem = Problem.random(task, entry.loss(), 2, 48, 36);
            if (label >= 0) {
                Arrays.fill(problem.labels(), label);
            }
            MemorySegment y = problem.softTarget().data();
            for (Problem each : List.of(
                    problem,
                    filled(problem, i -> y.getAtIndex(FLOAT, i) > 0 ? 40 : -40),
                    filled(problem, i -> y.getAtIndex(FLOAT, i) > 0 ? -40 : 40),
                    filled(problem, i -> -40),
                    filled(problem, i -> 40),
                    filled(problem, i -> 0))) {
                // rounding, and a root of it: pow(1e-16, 0.3) is 2e-5
                assertThat(value(evaluator, each)).isFinite().isBetween(-1e-12, most + 1e-4);
            }
        }
    }

    private static double value(LossEvaluator evaluator, Problem problem) {
        return evaluator.evaluate(problem.doublePrediction(), problem.target()).value();
    }
}
