package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Losses that know where voxels lie.
class VolumeLossTest {
    private static final List<String> TEXTS = List.of(
            "boundary",
            "boundary(background=true)",
            "hausdorff",
            "hausdorff(alpha=1.5, batch=true)",
            "distanceCe",
            "clDice",
            "clDice(iterations=0, smooth=0)",
            "clDice(iterations=2, background=true, classes=together, epsilon=0.01)",
            "dice + ramp(0, 0.5)*boundary + log1p(hausdorff)");

    /// Distances by looking at every pair of voxels.
    @Test
    void hausdorffAndBoundaryAreWhatTheirDefinitionsSay() {
        int[] size = {3, 4, 5};
        double[] spacing = {2, 1, 0.5};
        Problem problem = problem(Task.binary(), size, 7);
        Target target = problem.target().spaced(new Spacing(2, 1, 0.5));
        double hausdorff = 0;
        double boundary = 0;
        for (int b = 0; b < 2; b++) {
            double[] p = new double[60];
            boolean[] y = new boolean[60];
            boolean[] on = new boolean[60];
            for (int i = 0; i < 60; i++) {
                p[i] = 1 / (1 + Math.exp(-problem.logits()[b * 60 + i]));
                y[i] = problem.labels()[b * 60 + i] == 1;
                on[i] = p[i] > 0.5;
            }
            for (int i = 0; i < 60; i++) {
                double dy = distance(y, i, size, spacing);
                double dp = distance(on, i, size, spacing);
                double error = p[i] - (y[i] ? 1 : 0);
                hausdorff += error * error * (dy * dy + dp * dp) / 120;
                boundary += p[i] * (y[i] ? level(y, i, size, spacing) : dy) / 120;
            }
        }
        assertThat(value("hausdorff", problem, target)).isCloseTo(hausdorff, within(1e-6));
        assertThat(value("boundary", problem, target)).isCloseTo(boundary, within(1e-6));
    }

    /// Inside: 0 beside a voxel outside, else the distance to the nearest one less a step towards it.
    private static double level(boolean[] mask, int i, int[] size, double[] spacing) {
        double least = Double.POSITIVE_INFINITY;
        double step = 0;
        boolean border = false;
        for (int j = 0; j < mask.length; j++) {
            if (!mask[j]) {
                int dz = Math.abs(i / size[2] / size[1] - j / size[2] / size[1]);
                int dy = Math.abs(i / size[2] % size[1] - j / size[2] % size[1]);
                int dx = Math.abs(i % size[2] - j % size[2]);
                double d = Math.sqrt(square(dz * spacing[0]) + square(dy * spacing[1]) + square(dx * spacing[2]));
                border |= dz + dy + dx == 1;
                // of several as near the one with the fewest slices, then rows, between
                if (d < least - 1e-12) {
                    least = d;
                    step = d / Math.sqrt(square(dz) + square(dy) + square(dx));
                }
            }
        }
        return border ? 0 : step - least;
    }

    private static double square(double a) {
        return a * a;
    }

    /// By hand, voxels of 5 x 0.7 x 0.7 mm: five in a row are 0, 1, 2, 1 and 0 voxels away from the border of theirs,
    /// whatever the axis; beside them outside voxels are a side of a voxel away, and then two.
    @ParameterizedTest
    @CsvSource({"0, 5", "1, 0.7", "2, 0.7"})
    void borderVoxelsCountZeroAlongEveryAxis(int axis, double side) {
        int[] size = {3, 3, 3};
        size[axis] = 9;
        int n = 81;
        int[] labels = new int[n];
        int step = axis == 0 ? 9 : axis == 1 ? size[2] : 1;
        for (int i = 0; i < n; i++) {
            int at = i / step % 9;
            labels[i] = at >= 2 && at < 7 ? 1 : 0;
        }
        Problem problem = new Problem(Task.binary(), new Shape(1, 1, size[0], size[1], size[2]), new float[n], labels);
        double[] gradient = problem.doubleGradient(
                new LossEvaluator(Loss.parse("boundary"), problem.task(), 1),
                problem.target().spaced(new Spacing(5, 0.7, 0.7)));
        double[] phi = {2, 1, 0, -1, -2, -1, 0, 1, 2};
        for (int i = 0; i < n; i++) {
            // p (1 - p) is 1/4 at a logit of 0; distances are floats
            assertThat(gradient[i] * 4 * n).as("voxel %d", i).isCloseTo(phi[i / step % 9] * side, within(2e-6));
        }
    }

    /// Whatever the sides round to: in a ball and a random mask a voxel that shares a face with one outside has no
    /// gradient, and any other has one.
    @ParameterizedTest
    @CsvSource({
        "0.7, 0.7, 0.7",
        "0.1, 0.1, 0.1",
        "1e-3, 1e-3, 1e-3",
        "0.3, 0.3, 0.3",
        "1.1, 1.1, 1.1",
        "2.2, 2.2, 2.2",
        "3.3, 0.7, 0.7",
        "5, 0.3, 0.6",
        "0.1, 0.2, 0.3",
        "1e-4, 1e4, 7"
    })
    void aBorderVoxelCountsExactlyNothing(double z, double y, double x) {
        int[] size = {7, 8, 9};
        int n = 504;
        for (int round = 0; round < 4; round++) {
            Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 7, 8, 9), round);
            Problem plane = round % 2 == 0
                    ? problem
                    : new Problem(Task.binary(), new Shape(1, 1, 1, 56, 9), problem.logits(), problem.labels());
            boolean[] mask = new boolean[n];
            for (int i = 0; i < n; i++) {
                int apart = square(i / 72 - 3) + square(i / 9 % 8 - 4) + square(i % 9 - 4);
                problem.labels()[i] = round < 2 ? (apart < 9 ? 1 : 0) : problem.labels()[i];
                mask[i] = problem.labels()[i] == 1;
            }
            double[] gradient = plane.doubleGradient(
                    new LossEvaluator(Loss.parse("boundary"), Task.binary(), 1),
                    plane.target().spaced(new Spacing(z, y, x)));
            int[] extent = round % 2 == 0 ? size : new int[] {1, 56, 9};
            for (int i = 0; i < n; i++) {
                assertThat(gradient[i] == 0)
                        .as("voxel %d of round %d", i, round)
                        .isEqualTo(mask[i] && hasNeighbourOutside(mask, i, extent));
            }
        }
    }

    private static int square(int a) {
        return a * a;
    }

    private static boolean hasNeighbourOutside(boolean[] mask, int i, int[] size) {
        for (int j = 0; j < mask.length; j++) {
            int dz = Math.abs(i / size[2] / size[1] - j / size[2] / size[1]);
            int dy = Math.abs(i / size[2] % size[1] - j / size[2] % size[1]);
            int dx = Math.abs(i % size[2] - j % size[2]);
            if (!mask[j] && dz + dy + dx == 1) {
                return true;
            }
        }
        return false;
    }

    private static double value(String text, Problem problem, Target target) {
        return new LossEvaluator(Loss.parse(text), problem.task(), 1)
                .evaluate(problem.doublePrediction(), target)
                .value();
    }

    private static double distance(boolean[] mask, int i, int[] size, double[] spacing) {
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < mask.length; j++) {
            if (mask[j] != mask[i]) {
                double dz = (i / size[2] / size[1] - j / size[2] / size[1]) * spacing[0];
                double dy = (i / size[2] % size[1] - j / size[2] % size[1]) * spacing[1];
                double dx = (i % size[2] - j % size[2]) * spacing[2];
                least = Math.min(least, Math.sqrt(dz * dz + dy * dy + dx * dx));
            }
        }
        return least;
    }

    /// A line of 1 1 1 0 0: distances 3 2 1 | 1 2, so that phi is 2/3, 1/3, 0 and 0, 1/2 less than 1.
    @Test
    void distanceCeByHand() {
        Problem problem = new Problem(Task.binary(), new Shape(1, 1, 1, 1, 5), new float[5], new int[] {1, 1, 1, 0, 0});
        // every voxel has a cross-entropy of ln 2
        double weights = (1 + 0) + (1 + 1 / 3.0) + (1 + 2 / 3.0) + (1 + 1 / 2.0) + (1 + 0);
        assertThat(value("distanceCe", problem, problem.target())).isCloseTo(weights / 5 * Math.log(2), within(1e-7));
    }

    @Test
    void aPerfectTubeHasNoClDice() {
        int[] labels = new int[7 * 15];
        float[] logits = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i / 15 >= 2 && i / 15 <= 4 ? 1 : 0;
            logits[i] = labels[i] == 1 ? 40 : -40;
        }
        Problem problem = new Problem(Task.binary(), new Shape(1, 1, 1, 7, 15), logits, labels);
        assertThat(value("clDice", problem, problem.target())).isCloseTo(0, within(1e-12));
    }

    @Test
    void absentClassesFollowTheOption() {
        Problem problem = problem(Task.binary(), new int[] {2, 3, 4}, 8);
        java.util.Arrays.fill(problem.labels(), 0);
        double p = 0;
        for (float z : problem.logits()) {
            p += 1 / (1 + Math.exp(-z)) / problem.logits().length;
        }
        assertThat(value("hausdorff(absent=ignore)", problem, problem.target())).isZero();
        assertThat(value("hausdorff(absent=penalize)", problem, problem.target()))
                .isCloseTo(p, within(1e-12));
        assertThat(value("boundary", problem, problem.target())).isZero();
        // dp/dz of each of the voxels of both samples
        double[] gradient = problem.doubleGradient(
                new LossEvaluator(Loss.parse("hausdorff(absent=penalize)"), Task.binary(), 1), problem.target());
        for (int i = 0; i < gradient.length; i++) {
            double q = 1 / (1 + Math.exp(-problem.logits()[i]));
            assertThat(gradient[i]).isCloseTo(q * (1 - q) / gradient.length, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hausdorff(alpha=0)",
                "clDice(iterations=-1)",
                "clDice(iterations=1.5)",
                "clDice(epsilon=-1)",
                "nacl(alpha=-1)",
                "nacl(sigma=0)",
                "boundary(weights=[0, 0])",
                "boundary(weights=[1, 2], classes=together)"
            })
    void parametersOutOfRangeAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text)).withMessageContaining("^");
    }

    /// What an evaluation with NaN has left behind is no concern of the next.
    @ParameterizedTest
    @ValueSource(strings = {"lovasz(background=false) + topk", "boundary + topk", "hausdorff + lovasz"})
    void aClassThatIsLeftOutHasNoPast(String text) {
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), Task.multiclass(3), 1, true);
        Problem broken = problem(Task.multiclass(3), new int[] {1, 3, 3}, 1);
        broken.logits()[4] = Float.NaN;
        Shape s = broken.shape();
        Problem one = new Problem(
                broken.task(),
                new Shape(1, 3, s.z(), s.y(), s.x()),
                java.util.Arrays.copyOf(broken.logits(), 27),
                java.util.Arrays.copyOf(broken.labels(), 9));
        one.gradient(evaluator, one.target());
        Problem next = problem(Task.multiclass(3), new int[] {1, 3, 3}, 2);
        assertThat(next.gradient(evaluator, next.target()))
                .isEqualTo(next.gradient(new LossEvaluator(Loss.parse(text), next.task(), 1, true), next.target()));
    }

    /// As in cross-entropy: a sample that is masked out is in no divisor.
    @ParameterizedTest
    @ValueSource(strings = {"distanceCe", "borderCe"})
    void aMaskedSampleLeavesTheMeanOfVoxels(String text) {
        Problem problem = problem(Task.binary(), new int[] {1, 4, 5}, 3);
        byte[] mask = new byte[40];
        java.util.Arrays.fill(mask, 0, 20, (byte) 1);
        Problem first = new Problem(
                problem.task(),
                new Shape(1, 1, 1, 4, 5),
                java.util.Arrays.copyOf(problem.logits(), 20),
                java.util.Arrays.copyOf(problem.labels(), 20));
        assertThat(value(text, problem, problem.target().masked(java.lang.foreign.MemorySegment.ofArray(mask))))
                .isCloseTo(value(text, first, first.target()), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dice(weights=[1, 0])",
                "hausdorff(weights=[1, 0])",
                "lovasz(weights=[1, 0])",
            })
    void weightsThatLeaveNothingAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossEvaluator(Loss.parse(text), Task.binary()))
                .withMessageContaining("the loss would be 0 for every prediction");
    }

    @Test
    void whatALossCannotTakeIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loss.parse("distanceCe(background=false)"))
                .withMessageContaining("distanceCe has no parameters");
    }

    @Test
    void naclIsForClassesThatExcludeOneAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossEvaluator(Loss.parse("nacl"), Task.binary()))
                .withMessageContaining("this task is binary");
    }

    static Problem problem(Task task, int[] size, long seed) {
        Random random = new Random(seed);
        Shape shape = new Shape(2, task.channels(), size[0], size[1], size[2]);
        float[] logits = new float[(int) shape.elements()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (2 * random.nextGaussian());
        }
        int[] labels = random.ints(2 * shape.voxels(), 0, task.classes()).toArray();
        return new Problem(task, shape, logits, labels);
    }
}
