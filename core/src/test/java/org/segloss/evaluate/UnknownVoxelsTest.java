package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// A voxel that doesn't count may be of any class: it makes no border.
class UnknownVoxelsTest {
    private static final int IGNORED = 9;

    static Stream<Arguments> cases() {
        return VolumeContractTest.cases();
    }

    /// By hand: there is one class and no border, and the prediction of it is right.
    @ParameterizedTest
    @ValueSource(strings = {"boundary", "hausdorff", "hausdorffErosion", "boundary(background=true)"})
    void oneClassBesideIgnoredVoxelsHasNoBorder(String text) {
        Shape shape = new Shape(1, 1, 1, 1, 8);
        float[] logits = {40, 40, 40, 40, 1, -2, 3, 0};
        Target target = Target.labels(MemorySegment.ofArray(new byte[] {1, 1, 1, 1, 9, 9, 9, 9}));
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator evaluator =
                    new LossEvaluator(Loss.parse(text), Task.binary().ignoring(IGNORED), 1, lanes);
            assertThat(evaluator
                            .evaluate(Prediction.logits(MemorySegment.ofArray(logits), shape), target)
                            .value())
                    .isZero();
        }
    }

    /// By hand: every voxel weighs 1, as in a cross-entropy without a border.
    @ParameterizedTest
    @ValueSource(strings = {"distanceCe", "borderCe"})
    void oneClassBesideIgnoredVoxelsWeighsOne(String text) {
        Shape shape = new Shape(1, 1, 1, 1, 8);
        Prediction prediction = Prediction.logits(MemorySegment.ofArray(new float[8]), shape);
        Target target = Target.labels(MemorySegment.ofArray(new byte[] {1, 1, 1, 1, 9, 9, 9, 9}));
        assertThat(new LossEvaluator(Loss.parse(text), Task.binary().ignoring(IGNORED))
                        .evaluate(prediction, target)
                        .value())
                .isEqualTo(Math.log(2), within(1e-7));
    }

    /// Two objects that only ignored voxels part, nobody knows whether they are two.
    @Test
    void anObjectThatIgnoredVoxelsCutIsOne() {
        Shape shape = new Shape(1, 1, 1, 3, 9);
        byte[] labels = {
            0, 0, 0, 0, 9, 0, 0, 0, 0,
            0, 1, 1, 1, 9, 1, 1, 1, 0,
            0, 0, 0, 0, 9, 0, 0, 0, 0
        };
        Prediction prediction = Prediction.logits(MemorySegment.ofArray(new float[27]), shape);
        LossEvaluator evaluator =
                new LossEvaluator(Loss.parse("borderCe"), Task.binary().ignoring(IGNORED));
        assertThat(evaluator
                        .evaluate(prediction, Target.labels(MemorySegment.ofArray(labels)))
                        .value())
                .isEqualTo(Math.log(2), within(1e-7));
        // and two where it is known
        labels[4] = 0;
        labels[13] = 0;
        labels[22] = 0;
        assertThat(evaluator
                        .evaluate(prediction, Target.labels(MemorySegment.ofArray(labels)))
                        .value())
                .isGreaterThan(2);
    }

    /// The definitions, by looking at every pair of known voxels.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 1, 1"})
    void distancesAreThoseToKnownVoxels(double z, double y, double x) {
        Shape shape = new Shape(1, 1, 3, 4, 5);
        Spacing spacing = new Spacing(z, y, x);
        Problem problem = VolumeProblems.random(Task.binary().ignoring(IGNORED), shape, 7);
        boolean[] truth = new boolean[60];
        boolean[] known = new boolean[60];
        double[] p = new double[60];
        boolean[] on = new boolean[60];
        Random random = new Random(3);
        int kept = 0;
        for (int i = 0; i < 60; i++) {
            known[i] = random.nextInt(3) > 0;
            kept += known[i] ? 1 : 0;
            truth[i] = problem.labels()[i] == 1;
            problem.labels()[i] = known[i] ? problem.labels()[i] : IGNORED;
            p[i] = 1 / (1 + Math.exp(-problem.logits()[i]));
            on[i] = p[i] > 0.5;
        }
        double hausdorff = 0;
        double ce = 0;
        double[] inside = farthest(truth, known, spacing);
        for (int i = 0; i < 60; i++) {
            if (known[i]) {
                double dy = distance(truth, known, i, spacing);
                double dp = distance(on, known, i, spacing);
                double error = p[i] - (truth[i] ? 1 : 0);
                hausdorff += error * error * (dy * dy + dp * dp) / kept;
                double phi = 1 - dy / inside[truth[i] ? 1 : 0];
                ce -= (1 + phi) * Math.log(truth[i] ? p[i] : 1 - p[i]) / kept;
            }
        }
        Target target = problem.target().spaced(spacing);
        assertThat(value("hausdorff", problem, target)).isEqualTo(hausdorff, within(1e-6));
        assertThat(value("distanceCe", problem, target)).isEqualTo(ce, within(1e-6));
    }

    private static double[] farthest(boolean[] truth, boolean[] known, Spacing spacing) {
        double[] farthest = new double[2];
        for (int i = 0; i < truth.length; i++) {
            if (known[i]) {
                int kind = truth[i] ? 1 : 0;
                farthest[kind] = Math.max(farthest[kind], distance(truth, known, i, spacing));
            }
        }
        return farthest;
    }

    private static double distance(boolean[] mask, boolean[] known, int i, Spacing spacing) {
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < mask.length; j++) {
            if (known[j] && mask[j] != mask[i]) {
                double dz = (i / 20 - j / 20) * spacing.z();
                double dy = (i / 5 % 4 - j / 5 % 4) * spacing.y();
                double dx = (i % 5 - j % 5) * spacing.x();
                least = Math.min(least, Math.sqrt(dz * dz + dy * dy + dx * dx));
            }
        }
        return least;
    }

    private static double value(String text, Problem problem, Target target) {
        return new LossEvaluator(Loss.parse(text), problem.task(), 1)
                .evaluate(problem.doublePrediction(), target)
                .value();
    }

    /// By hand: nine voxels of a class that is predicted nowhere, the middle one ignored, so that errors are 1.
    /// Beyond the edge is 0: a corner has a mean of 3/5, and one between corners of 3/4, as the middle leaves
    /// it. Less 1/2 that is 0.1 and 0.25, rescaled 0 and 1: four of eight voxels. Were the middle 0, all eight
    /// would have 0.1.
    @Test
    void anErosionKnowsNothingOfAnIgnoredNeighbour() {
        float[] logits = new float[9];
        Arrays.fill(logits, -40);
        Prediction prediction = Prediction.logits(MemorySegment.ofArray(logits), new Shape(1, 1, 1, 3, 3));
        Target target = Target.labels(MemorySegment.ofArray(new byte[] {1, 1, 1, 1, 9, 1, 1, 1, 1}));
        assertThat(new LossEvaluator(
                                Loss.parse("hausdorffErosion(iterations=1)"),
                                Task.binary().ignoring(IGNORED))
                        .evaluate(prediction, target)
                        .value())
                .isEqualTo(0.5, within(1e-6));
    }

    /// In the middle of a class the share of the class is 1 with an ignored voxel near and without: by hand, each logit
    /// of class 1 is 1 and each of class 0 is 0, as the shares are.
    @Test
    void theShareOfAClassIsOneOfKnownNeighbours() {
        Shape shape = new Shape(1, 2, 1, 5, 5);
        float[] logits = new float[50];
        Arrays.fill(logits, 25, 50, 1);
        byte[] labels = new byte[25];
        Arrays.fill(labels, (byte) 1);
        byte[] rim = new byte[25];
        for (int i = 0; i < 25; i++) {
            boolean inner = i / 5 > 0 && i / 5 < 4 && i % 5 > 0 && i % 5 < 4;
            rim[i] = (byte) (inner ? 1 : 0);
        }
        rim[12] = 0;
        // the rim is masked out too, so that the edge of the image plays no part
        Target target = Target.labels(MemorySegment.ofArray(labels)).masked(MemorySegment.ofArray(rim));
        assertThat(new LossEvaluator(Loss.parse("neighborPenalty"), Task.multiclass(2))
                        .evaluate(Prediction.logits(MemorySegment.ofArray(logits), shape), target)
                        .value())
                .isEqualTo(0, within(1e-12));
    }

    /// By hand: in the middle of a bar of five rows the skeleton is a line, whatever is known of one voxel beside
    /// it; with that voxel taken for a hole there would be a loop around it. All but it and row 2 are predicted
    /// wrong.
    @Test
    void aSkeletonHasNoHoleWhereNobodyKnows() {
        Shape shape = new Shape(1, 1, 1, 13, 30);
        int[] labels = IntStream.range(0, 390)
                .map(i -> i / 30 > 0 && i / 30 < 12 ? 1 : 0)
                .toArray();
        float[] logits = new float[390];
        Task task = Task.binary().ignoring(IGNORED);
        Problem problem = new Problem(task, shape, logits, labels);
        // all voxels of the tube have the same derivative, as p is 1/2 everywhere
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("skeletonRecall(smooth=0)"), task, 1);
        double[] whole = problem.doubleGradient(evaluator, problem.target());
        int unknown = 6 * 30 + 15;
        labels[unknown] = IGNORED;
        double[] without = problem.doubleGradient(evaluator, problem.target());
        assertThat(whole[unknown]).isNegative();
        for (int i = 0; i < 390; i++) {
            assertThat(without[i] != 0).as("voxel %d", i).isEqualTo(i != unknown && whole[i] != 0);
        }
    }

    /// What is as near to one class as to the other is so in voxels of any size, however their sides are rounded.
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.7, 1.1, 2.2, 1e-3})
    void theSizeOfVoxelsDoesNotMoveASkeleton(double side) {
        for (int round = 0; round < 20; round++) {
            Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 1, 17, 13), round);
            byte[] mask = new byte[221];
            Random random = new Random(round);
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (random.nextInt(10) == 0 ? 1 : 0);
            }
            Target target = problem.target().masked(MemorySegment.ofArray(mask));
            assertThat(value("skeletonRecall", problem, target.spaced(new Spacing(side, side, side))))
                    .isEqualTo(value("skeletonRecall", problem, target));
        }
    }

    /// Every fifth voxel: no window of 5 is whole.
    @ParameterizedTest
    @ValueSource(strings = {"ssim(window=5)", "msSsim(window=3, scales=[0.4, 0.6])"})
    void aScatteredMaskLeavesWindowsToCompare(String text) {
        Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 1, 12, 12), 3)
                .leaning(1);
        byte[] mask = new byte[144];
        for (int i = 0; i < 144; i++) {
            mask[i] = (byte) (i % 5 == 0 ? 0 : 1);
        }
        Target target = problem.target().masked(MemorySegment.ofArray(mask));
        assertThat(value(text, problem, target)).isGreaterThan(0.01);
        double[] gradient = problem.doubleGradient(new LossEvaluator(Loss.parse(text), problem.task(), 1), target);
        int moved = 0;
        for (int i = 0; i < 144; i++) {
            assertThat(mask[i] == 0 && gradient[i] != 0).isFalse();
            moved += gradient[i] != 0 ? 1 : 0;
        }
        // all but a corner whose only window has no middle
        assertThat(moved).isGreaterThan(110);
    }

    /// Where every fourth voxel is masked out, and another task's ignored.
    @ParameterizedTest
    @MethodSource("cases")
    void gradientMatchesCentralDifferences(String text, Task task) {
        Problem problem = VolumeContractTest.problem(text, task, new int[] {1, 6, 8}, 2);
        byte[] mask = new byte[problem.labels().length];
        Random random = new Random(5);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (random.nextInt(4) == 0 ? 0 : 1);
        }
        VolumeProblems.gradientMatchesCentralDifferences(
                problem, text, problem.target().masked(MemorySegment.ofArray(mask)));
    }
}
