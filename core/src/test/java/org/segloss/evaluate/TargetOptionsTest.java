package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Task;
import org.segloss.loss.VoxelLoss;

/// Background, weights and smoothing of voxel losses.
class TargetOptionsTest {

    static Stream<String> voxelLosses() {
        return LossCatalog.all().stream()
                .filter(entry -> entry.loss() instanceof VoxelLoss)
                .map(LossCatalog.Entry::name)
                .filter(name -> !name.equals("bce"));
    }

    private static double value(String text, Problem problem, boolean lanes) {
        return new LossEvaluator(Loss.parse(text), problem.task(), 1, lanes)
                .evaluate(problem.prediction(), problem.target())
                .value();
    }

    /// As in overlap losses class 0 of a multiclass task is left out, which is a weight of 0.
    @ParameterizedTest
    @MethodSource("voxelLosses")
    void withoutBackgroundIsWithAWeightOfZero(String name) {
        for (boolean lanes : new boolean[] {false, true}) {
            Problem problem = Problem.random(Task.multiclass(3), 2, 60, 4);
            String options = name + "(smoothing=0.1, %s)";
            assertThat(value(options.formatted("background=false"), problem, lanes))
                    .isEqualTo(value(options.formatted("weights=[0, 1, 1]"), problem, lanes))
                    .isNotEqualTo(value(options.formatted("background=true"), problem, lanes));
            // which has no class for the background
            Problem binary = Problem.random(Task.binary(), 2, 60, 4);
            assertThat(value(name + "(background=false)", binary, lanes)).isEqualTo(value(name, binary, lanes));
        }
    }

    /// By hand: of three voxels of the classes 0, 1 and 2, all with p = 1/3 but for the first, two count.
    @Test
    void aMeanWithoutBackgroundIsThatOfTheOtherVoxels() {
        float[] logits = {5, 0, 0, -3, 0, 0, 1, 0, 0};
        Problem problem = new Problem(Task.multiclass(3), new Shape(1, 3, 1, 1, 3), logits, new int[] {0, 1, 2});
        for (boolean lanes : new boolean[] {false, true}) {
            assertThat(value("ce(background=false)", problem, lanes)).isEqualTo(Math.log(3), within(1e-6));
        }
    }

    @Test
    void aBatchOfBackgroundAloneIsZero() {
        Problem problem = new Problem(Task.multiclass(3), new Shape(1, 3, 1, 1, 3), new float[9], new int[3]);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("ce(background=false)"), problem.task());
        assertThat(evaluator.evaluate(problem.prediction(), problem.target()).value())
                .isZero();
        assertThat(problem.gradient(evaluator, problem.target())).containsOnly(0);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new LossEvaluator(Loss.parse("ce(background=false, weights=[1, 0, 0])"), problem.task()))
                .withMessageContaining("the loss would be 0 for every prediction");
    }

    static Stream<LossCatalog.Entry> entries() {
        return LossCatalog.all().stream();
    }

    /// Every loss has the option, or says why not; each for a reason of its own.
    @ParameterizedTest
    @MethodSource("entries")
    void aLossTakesBackgroundOrSaysWhyNot(LossCatalog.Entry entry) {
        String text = entry.name() + "(background=false)";
        String why = entry.about().noBackground();
        if (entry.name().equals("bce")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Loss.parse(text))
                    .withMessageContaining("no class for the background");
        } else if (entry.parameters().stream().anyMatch(p -> p.name().equals("background"))) {
            assertThat(Loss.parse(text)).isNotNull();
            assertThat(why).isEmpty();
        } else if (entry.kind() == LossCatalog.Kind.COMPOUND) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Loss.parse(text))
                    .withMessageContaining(
                            "it stands for %s, whose parts have options of their own",
                            entry.loss().text());
        } else {
            assertThat(why).isNotEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Loss.parse(text))
                    .withMessageContaining(why);
            assertThat(LossCatalog.all().stream()
                            .filter(e -> e.about().noBackground().equals(why)))
                    .hasSize(1);
        }
    }

    static Stream<Arguments> lossesWithBackground() {
        return entries()
                .filter(entry ->
                        entry.parameters().stream().anyMatch(p -> p.name().equals("background")))
                .filter(entry -> !List.of("bce", "neighborPenalty").contains(entry.name()))
                .flatMap(entry ->
                        Stream.of(Task.binary(), Task.multilabel(3)).map(task -> Arguments.of(entry.name(), task)));
    }

    /// A task without a class for the background has nothing to leave out.
    @ParameterizedTest
    @MethodSource("lossesWithBackground")
    void withoutAClassForTheBackgroundTheOptionChangesNothing(String name, Task task) {
        String options = name.equals("ssim") || name.equals("msSsim") ? "window=3, " : "";
        String scales = name.equals("msSsim") ? "scales=[0.5, 0.5], " : "";
        Problem problem = VolumeProblems.random(task, new Shape(2, task.channels(), 1, 8, 9), 5);
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator with = evaluator(name + "(" + options + scales + "background=true)", task, lanes);
            LossEvaluator without = evaluator(name + "(" + options + scales + "background=false)", task, lanes);
            assertThat(without.evaluate(problem.prediction(), problem.target()).value())
                    .isEqualTo(with.evaluate(problem.prediction(), problem.target())
                            .value());
            assertThat(problem.gradient(without, problem.target())).isEqualTo(problem.gradient(with, problem.target()));
        }
    }

    private static LossEvaluator evaluator(String text, Task task, boolean lanes) {
        return new LossEvaluator(Loss.parse(text), task, 1, lanes);
    }

    /// By hand: the gradient of `-sum y' log p` is 0 at `p = y' / sum y'`. With a smoothing of 0.3 of three classes a
    /// voxel of class 0 has y = (0.8, 0.1, 0.1). PyTorch's weights make that (0.8, 0.1, 5), whose largest is a
    /// wrong class; weights of voxels leave it as it is.
    @ParameterizedTest
    @ValueSource(strings = {"ce(smoothing=0.3, weights=[1, 1, 50], weightBy=%s)"})
    void smoothingWithWeightsOfVoxelsIsLeastAtTheSmoothedTarget(String text) {
        for (boolean lanes : new boolean[] {false, true}) {
            assertThat(gradient(text.formatted("term"), lanes, 0.8, 0.1, 5))
                    .containsExactly(new float[3], within(1e-6f));
            assertThat(gradient(text.formatted("voxel"), lanes, 0.8, 0.1, 0.1))
                    .containsExactly(new float[3], within(1e-6f));
        }
    }

    private static float[] gradient(String text, boolean lanes, double... p) {
        float[] logits = new float[3];
        for (int i = 0; i < 3; i++) {
            logits[i] = (float) Math.log(p[i]);
        }
        Problem problem = new Problem(Task.multiclass(3), new Shape(1, 3, 1, 1, 1), logits, new int[1]);
        return problem.gradient(new LossEvaluator(Loss.parse(text), problem.task(), 1, lanes), problem.target());
    }

    /// By hand: with posWeight 50 and a smoothing of 0.1 background has y' = (0.95, 50 * 0.05): p = 2.5 / 3.45.
    @Test
    void posWeightWithSmoothingHasItsLeastAtAWrongProbability() {
        for (boolean lanes : new boolean[] {false, true}) {
            assertThat(slope("bce(posWeight=50, smoothing=0.1)", 2.5 / 3.45, lanes))
                    .isEqualTo(0, within(1e-5f));
            assertThat(slope("bce(weights=[1, 50], weightBy=voxel, smoothing=0.1)", 0.05, lanes))
                    .isEqualTo(0, within(1e-6f));
        }
    }

    private static float slope(String text, double p, boolean lanes) {
        float[] logits = {(float) Math.log(p / (1 - p))};
        Problem problem = new Problem(Task.binary(), new Shape(1, 1, 1, 1, 1), logits, new int[1]);
        return problem.gradient(new LossEvaluator(Loss.parse(text), Task.binary(), 1, lanes), problem.target())[0];
    }

    /// Of several voxels the divisor is the sum of their weights: by hand, with logits of 0 each has ln 3, so the mean
    /// is ln 3 whatever the weights.
    @Test
    void theDivisorIsTheSumOfTheVoxelsWeights() {
        Problem problem =
                new Problem(Task.multiclass(3), new Shape(1, 3, 1, 1, 4), new float[12], new int[] {0, 1, 2, 2});
        for (boolean lanes : new boolean[] {false, true}) {
            assertThat(value("ce(smoothing=0.2, weights=[1, 2, 7], weightBy=voxel)", problem, lanes))
                    .isEqualTo(Math.log(3), within(1e-6));
        }
    }
}
