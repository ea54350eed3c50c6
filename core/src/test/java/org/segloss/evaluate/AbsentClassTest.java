package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// `absent` means the same in every loss that is a mean over classes.
class AbsentClassTest {
    private static final List<Task> TASKS = VolumeProblems.TASKS;

    private static final List<String> LOSSES = List.of(
            "dice(",
            "jaccard(form=l1, ",
            "lovasz(",
            "lovasz(batch=true, ",
            "boundary(background=true, ",
            "hausdorff(background=true, ",
            "hausdorff(background=true, batch=true, ",
            "hausdorffErosion(iterations=2, background=true, ",
            "clDice(background=true, ",
            "skeletonRecall(background=true, ",
            "ssim(window=3, ");

    static Stream<Arguments> cases() {
        return LOSSES.stream().flatMap(loss -> TASKS.stream().map(task -> Arguments.of(loss, task)));
    }

    /// The last class is nowhere: in a binary task the only one.
    private static Problem problem(String loss, Task task) {
        Problem problem = Problem.random(task, Loss.parse(loss + "absent=score)"), 2, 15, 3);
        Arrays.setAll(problem.labels(), i -> problem.labels()[i] % (task.classes() - 1));
        return problem;
    }

    private static double value(String text, Problem problem, boolean lanes) {
        return new LossEvaluator(Loss.parse(text), problem.task(), 2, lanes)
                .evaluate(lanes ? problem.prediction() : problem.doublePrediction(), problem.target())
                .value();
    }

    /// The probabilities of the last class in one sample.
    private static double[] probabilities(Problem problem, int sample) {
        int n = problem.voxels();
        int channels = problem.task().channels();
        int first = sample * channels * n;
        int last = first + (channels - 1) * n;
        return IntStream.range(0, n)
                .mapToDouble(i -> {
                    double e = Math.exp(problem.logits()[last + i]);
                    double sum = problem.task().kind() == Task.Kind.MULTICLASS
                            ? IntStream.range(0, channels)
                                    .mapToDouble(c -> Math.exp(problem.logits()[first + c * n + i]))
                                    .sum()
                            : 1 + e;
                    return e / sum;
                })
                .toArray();
    }

    /// A mean over all classes is that over those present and the absent one.
    @ParameterizedTest
    @MethodSource("cases")
    void penalizedItCostsItsMeanProbability(String loss, Task task) {
        Problem problem = problem(loss, task);
        double p = IntStream.range(0, 2)
                .mapToDouble(
                        b -> Arrays.stream(probabilities(problem, b)).average().orElseThrow())
                .average()
                .orElseThrow();
        int present = task.channels() - 1;
        for (boolean lanes : new boolean[] {false, true}) {
            double ignored = value(loss + "absent=ignore)", problem, lanes);
            assertThat(value(loss + "absent=penalize)", problem, lanes))
                    .isCloseTo((present * ignored + p) / (present + 1), within(lanes ? 2e-6 : 1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void penalizedItHasTheGradientOfThat(String loss, Task task) {
        String text = "log1p(%sabsent=penalize))".formatted(loss);
        Problem problem = problem(loss, task);
        VolumeProblems.gradientMatchesCentralDifferences(problem, text);
        double[] exact = problem.doubleGradient(new LossEvaluator(Loss.parse(text), task, 1, false), problem.target());
        float[] fast = problem.gradient(new LossEvaluator(Loss.parse(text), task, 1, true), problem.target());
        for (int i = 0; i < exact.length; i++) {
            assertThat((double) fast[i]).as("logit %d", i).isCloseTo(exact[i], within(1e-6));
        }
    }

    @ParameterizedTest
    @FieldSource("LOSSES")
    void ignoredWhereNothingElseIsItIsZeroAndFlat(String loss) {
        Problem problem = problem(loss, Task.binary());
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator = new LossEvaluator(Loss.parse(loss + "absent=ignore)"), problem.task(), 1, lanes);
            assertThat(value(loss + "absent=ignore)", problem, lanes)).isZero();
            assertThat(problem.gradient(evaluator, problem.target())).containsOnly(0);
        }
    }

    /// By default too: the largest probability, or the largest error of a hinge.
    @ParameterizedTest
    @FieldSource("TASKS")
    void scoredByLovaszItCostsItsLargestError(Task task) {
        Problem problem = problem("lovasz(", task);
        double largest = IntStream.range(0, 2)
                .mapToDouble(b -> Arrays.stream(probabilities(problem, b))
                        .map(p -> task.kind() == Task.Kind.MULTICLASS ? p : 1 + Math.log(p / (1 - p)))
                        .max()
                        .orElseThrow())
                .average()
                .orElseThrow();
        int present = task.channels() - 1;
        for (boolean lanes : new boolean[] {false, true}) {
            double ignored = value("lovasz(absent=ignore)", problem, lanes);
            assertThat(value("lovasz", problem, lanes))
                    .isEqualTo(value("lovasz(absent=score)", problem, lanes))
                    .isCloseTo((present * ignored + largest) / (present + 1), within(lanes ? 2e-6 : 1e-12));
        }
    }

    /// Whatever a loss is a function of.
    @Test
    void aPenaltyOnLogitsTakesOneOnProbabilities() {
        Problem problem = problem("neighborPenalty(", Task.multiclass(3));
        VolumeProblems.gradientMatchesCentralDifferences(problem, "neighborPenalty(absent=penalize)");
    }
}
