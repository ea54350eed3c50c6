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
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// A margin that is masked out, beside the edge of the image: the same to most losses, and to those whose source says
/// what lies beyond the edge another thing.
class MaskedMarginTest {
    private static final int ROWS = 9;
    private static final int COLUMNS = 8;
    private static final int MARGIN = 3;
    private static final int WIDE = COLUMNS + 2 * MARGIN;
    private static final int ALL = (ROWS + 2 * MARGIN) * WIDE;

    static Stream<Arguments> lossesToWhichItIsTheSame() {
        return LossEvaluatorTest.losses()
                .filter(a -> Stream.of("Erosion", "neighborPenalty", "sim(", "skeletonRecall")
                        .noneMatch(((Loss) a.get()[1]).text()::contains));
    }

    /// Where a voxel of the image is in the one with the margin.
    private static int padded(int plane, int i) {
        return plane * ALL + (i / COLUMNS + MARGIN) * WIDE + i % COLUMNS + MARGIN;
    }

    @ParameterizedTest
    @MethodSource("lossesToWhichItIsTheSame")
    void aMarginThatDoesNotCountChangesNothing(Task task, Loss loss) {
        int n = ROWS * COLUMNS;
        int channels = task.channels();
        Problem image = VolumeProblems.random(task, new Shape(2, channels, 1, ROWS, COLUMNS), 4);
        float[] logits = new float[2 * channels * ALL];
        int[] labels = new int[2 * ALL];
        byte[] mask = new byte[2 * ALL];
        Random random = new Random(5);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (9 * random.nextGaussian());
        }
        Arrays.setAll(labels, _ -> random.nextInt(task.classes()));
        for (int i = 0; i < image.logits().length; i++) {
            logits[padded(i / n, i % n)] = image.logits()[i];
        }
        for (int i = 0; i < 2 * n; i++) {
            labels[padded(i / n, i % n)] = image.labels()[i];
            mask[padded(i / n, i % n)] = 1;
        }
        Shape wide = new Shape(2, channels, 1, ROWS + 2 * MARGIN, WIDE);
        Problem framed = new Problem(task, wide, logits, labels);
        Target target = framed.target().masked(MemorySegment.ofArray(mask));
        LossEvaluator evaluator = new LossEvaluator(loss, task, 1);
        double expected =
                evaluator.evaluate(image.doublePrediction(), image.target()).value();
        assertThat(evaluator.evaluate(framed.doublePrediction(), target).value())
                .isEqualTo(expected, within(1e-10 * (1 + Math.abs(expected))));
        double[] ofImage = image.doubleGradient(evaluator, image.target());
        double[] ofFramed = framed.doubleGradient(evaluator, target);
        for (int i = 0; i < ofImage.length; i++) {
            assertThat(ofFramed[padded(i / n, i % n)]).isEqualTo(ofImage[i], within(1e-10));
        }
        assertThat(Arrays.stream(ofFramed).filter(g -> g != 0).count())
                .isEqualTo(Arrays.stream(ofImage).filter(g -> g != 0).count());
    }

    /// `rows x rows` voxels of class 1, with a margin of that many on the sides given, or none.
    private static Problem full(Task task, int rows, int left, int right, double... logits) {
        int all = rows + left + right;
        int size = left == 0 ? rows : all;
        float[] z = new float[task.channels() * size * all];
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) logits[i / (size * all)];
        }
        int[] labels = new int[size * all];
        Arrays.fill(labels, 1);
        return new Problem(task, new Shape(1, task.channels(), 1, size, all), z, labels);
    }

    private static Target masked(Problem problem, int rows, int left) {
        int columns = problem.shape().x();
        byte[] mask = new byte[problem.voxels()];
        for (int i = 0; i < rows * rows; i++) {
            mask[(i / rows + left) * columns + i % rows + left] = 1;
        }
        return problem.target().masked(MemorySegment.ofArray(mask));
    }

    private static double value(String text, Problem problem, Target target) {
        return new LossEvaluator(Loss.parse(text), problem.task(), 1)
                .evaluate(problem.doublePrediction(), target)
                .value();
    }

    /// By hand: errors of 1. Beside the edge means are 3/5 and 4/5, less 1/2 and rescaled 0, 1/2 and in the middle 1:
    /// 3 of 9. Beside a margin all means are 1, and 1/2 of each is left.
    @Test
    void beyondTheEdgeAnErosionFindsNoError() {
        String text = "hausdorffErosion(iterations=1)";
        Problem edge = full(Task.binary(), 3, 0, 0, -800);
        assertThat(value(text, edge, edge.target())).isEqualTo(1.0 / 3, within(1e-12));
        Problem margin = full(Task.binary(), 3, 2, 2, -800);
        assertThat(value(text, margin, masked(margin, 3, 2))).isEqualTo(0.5, within(1e-12));
    }

    /// By hand: logits of 0 and 1 where the shares are 0 and, beside the edge, 4/9 in four corners and 6/9 in four
    /// more voxels; beside a margin they are 1.
    @Test
    void beyondTheEdgeNoNeighbourHasAClass() {
        Problem edge = full(Task.multiclass(2), 3, 0, 0, 0, 1);
        assertThat(value("neighborPenalty", edge, edge.target())).isEqualTo(16.0 / 81, within(1e-12));
        Problem margin = full(Task.multiclass(2), 3, 2, 2, 0, 1);
        assertThat(value("neighborPenalty", margin, masked(margin, 3, 2))).isEqualTo(0, within(1e-12));
    }

    /// By hand: p is 1/2 and y is 1 everywhere, so that luminance alone has a derivative, by the weights of
    /// windows. Three voxels along an axis have one window, of weights a, b and a. In a margin each is in the
    /// middle of one, which shares the weights among those it knows: a + b beside the margin, 2 a + b in the
    /// middle.
    @Test
    void noWindowReachesBeyondTheEdge() {
        double a = Math.exp(-1 / (2 * 1.5 * 1.5));
        double corner = 1 / (1 + a) + a / (2 * a + 1);
        double middle = 2 * a / (1 + a) + 1 / (2 * a + 1);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("ssim(window=3)"), Task.binary(), 1);
        Problem edge = full(Task.binary(), 3, 0, 0, 0);
        double[] ofEdge = edge.doubleGradient(evaluator, edge.target());
        assertThat(ofEdge[0] / ofEdge[4]).isEqualTo(a * a, within(1e-9));
        Problem margin = full(Task.binary(), 3, 2, 2, 0);
        double[] ofMargin = margin.doubleGradient(evaluator, masked(margin, 3, 2));
        assertThat(ofMargin[2 * 7 + 2] / ofMargin[3 * 7 + 3])
                .isEqualTo(corner * corner / (middle * middle), within(1e-9));
    }

    /// By hand: of a square that the edge ends three voxels are left, the ends of a line and what is between them, and
    /// the tube is two steps wide around these. One that goes on in a margin to the right, nobody knows how
    /// far, has a line to there.
    @Test
    void anObjectEndsAtTheEdgeAndGoesOnInAMargin() {
        LossEvaluator evaluator = new LossEvaluator(Loss.parse("skeletonRecall(smooth=0)"), Task.binary(), 1);
        Problem edge = full(Task.binary(), 7, 0, 0, 0);
        double[] ofEdge = edge.doubleGradient(evaluator, edge.target());
        assertThat(IntStream.range(0, 49).filter(i -> ofEdge[i] != 0))
                .containsExactlyElementsOf(IntStream.range(0, 49)
                        .filter(i -> Math.abs(i / 7 - 3) + Math.max(0, Math.abs(i % 7 - 3) - 1) <= 2)
                        .boxed()
                        .toList());
        Problem margin = full(Task.binary(), 7, 0, 20, 0);
        double[] ofMargin = margin.doubleGradient(evaluator, masked(margin, 7, 0));
        assertThat(IntStream.range(0, 7).filter(y -> ofMargin[y * 27 + 6] != 0)).containsExactly(1, 2, 3, 4, 5);
    }
}
