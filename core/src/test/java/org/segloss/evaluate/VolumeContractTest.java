package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// What every loss keeps to that knows where voxels lie, in images and volumes.
class VolumeContractTest {
    private static final List<String> TEXTS = List.of(
            "boundary",
            "boundary(background=true)",
            "hausdorff",
            "hausdorff(alpha=1.5, batch=true)",
            "hausdorffErosion(iterations=2)",
            "hausdorffErosion(alpha=0.5, iterations=3, background=true, batch=true)",
            "distanceCe",
            "borderCe",
            "borderCe(weight=3, sigma=1.5)",
            "clDice",
            "clDice(iterations=0, smooth=0)",
            "clDice(iterations=2, background=true, classes=together, epsilon=0.01)",
            "skeletonRecall",
            "skeletonRecall(smooth=0, background=true, batch=true)",
            "skeletonRecall(smooth=0.5, classes=together)",
            "ssim(window=3)",
            "ssim(window=3, k1=0.1, k2=0.2, batch=true, background=false)",
            "msSsim(window=3, scales=1, k2=0.5)",
            "msSsim(window=3, scales=[0.4, 0.6], k1=0.1, k2=0.5)",
            "nacl(kernel=gaussian, sigma=0.5)",
            "nacl(distance=l2)",
            "dice + ramp(0, 0.5)*boundary + log1p(hausdorff)");

    static Stream<Arguments> cases() {
        return TEXTS.stream()
                .flatMap(text -> Stream.of(Task.binary(), Task.multiclass(3), Task.multilabel(2))
                        .filter(task -> !text.contains("nacl") || task.kind() == Task.Kind.MULTICLASS)
                        .map(task -> Arguments.of(text, task)));
    }

    private static Stream<Arguments> casesWithout(String... patterns) {
        Pattern any = Pattern.compile(String.join("|", patterns));
        return cases().filter(a -> !any.matcher(a.get()[0].toString()).find());
    }

    private static List<int[]> sizes(String text) {
        return text.contains("0.4, 0.6")
                ? List.of(new int[] {1, 6, 8}, new int[] {6, 6, 8})
                : List.of(new int[] {1, 6, 7}, new int[] {4, 5, 6});
    }

    /// Two samples with logits where the loss isn't flat.
    static Problem problem(String text, Task task, int[] size, long seed) {
        Problem problem = VolumeProblems.random(task, new Shape(2, task.channels(), size[0], size[1], size[2]), seed);
        if (text.contains("border")) {
            // what is random is one object
            for (int i = 0; i < problem.labels().length; i++) {
                problem.labels()[i] = i % 17 == 3 ? task.classes() - 1 : 0;
            }
        }
        boolean right = text.contains("msSsim");
        boolean wrong = text.contains("Erosion");
        return right || wrong ? problem.leaning(right ? 1 : -1) : problem;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientMatchesCentralDifferences(String text, Task task) {
        for (int[] size : sizes(text)) {
            VolumeProblems.gradientMatchesCentralDifferences(problem(text, task, size, 2), text);
        }
    }

    /// One slice along any axis is a plane: the same numbers in the same order, of voxels of the same size.
    @ParameterizedTest
    @MethodSource("cases")
    void aPlaneIsOneAlongWhicheverAxisItIsStored(String text, Task task) {
        int[] size = sizes(text).getFirst();
        Problem plane = problem(text, task, size, 3);
        int channels = task.channels();
        LossEvaluator evaluator = VolumeProblems.plain(text, task);
        Target target = plane.target().spaced(new Spacing(5, 0.6, 0.7));
        Evaluation expected = evaluator.evaluate(plane.prediction(), target);
        float[] gradient = plane.gradient(evaluator, target);
        Shape alongY = new Shape(2, channels, size[1], 1, size[2]);
        Shape alongX = new Shape(2, channels, size[1], size[2], 1);
        for (Problem stored : List.of(
                new Problem(task, alongY, plane.logits(), plane.labels()),
                new Problem(task, alongX, plane.logits(), plane.labels()))) {
            Spacing spacing = stored.shape().y() == 1 ? new Spacing(0.6, 5, 0.7) : new Spacing(0.6, 0.7, 5);
            Target same = stored.target().spaced(spacing);
            assertThat(evaluator.evaluate(stored.prediction(), same)).isEqualTo(expected);
            assertThat(stored.gradient(evaluator, same)).isEqualTo(gradient);
        }
    }

    static Stream<Arguments> wideCases() {
        return Stream.of(
                        "ssim",
                        "ssim(batch=true, background=false)",
                        "msSsim(window=3, scales=[0.2, 0.3, 0.5])",
                        "hausdorffErosion")
                .flatMap(text -> Stream.of(Task.binary(), Task.multiclass(3), Task.multilabel(2))
                        .map(task -> Arguments.of(text, task)));
    }

    /// Of windows, scales and erosions as many as there are by default.
    @ParameterizedTest
    @MethodSource("wideCases")
    void gradientMatchesCentralDifferencesOnWiderImages(String text, Task task) {
        int[] size = {1, 13, 12};
        VolumeProblems.gradientMatchesCentralDifferences(problem(text, task, size, 2), text);
    }

    /// More voxels than a thread takes at once.
    @ParameterizedTest
    @MethodSource("wideCases")
    void threadsChangeNothingOnManyChunks(String text, Task task) {
        Problem problem = problem(text, task, new int[] {12, 30, 40}, 4);
        for (boolean lanes : new boolean[] {false, true}) {
            LossEvaluator one = new LossEvaluator(Loss.parse(text), task, 1, lanes);
            LossEvaluator three = new LossEvaluator(Loss.parse(text), task, 3, lanes);
            assertThat(three.evaluate(problem.prediction(), problem.target()))
                    .isEqualTo(one.evaluate(problem.prediction(), problem.target()));
            assertThat(problem.gradient(three, problem.target())).isEqualTo(problem.gradient(one, problem.target()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void twinsAgreeAndThreadsChangeNothing(String text, Task task) {
        Problem problem = problem(text, task, new int[] {6, 9, 11}, 4);
        LossEvaluator plain = new LossEvaluator(Loss.parse(text), task, 1, false);
        LossEvaluator lanes = new LossEvaluator(Loss.parse(text), task, 3, true);
        double expected =
                plain.evaluate(problem.doublePrediction(), problem.target()).value();
        // float probabilities, exact to 1e-7 each
        assertThat(lanes.evaluate(problem.prediction(), problem.target()).value())
                .isCloseTo(expected, within(2e-6 * Math.abs(expected) + 1e-7));
        double[] exact = problem.doubleGradient(plain, problem.target());
        float[] fast = problem.gradient(lanes, problem.target());
        for (int i = 0; i < exact.length; i++) {
            assertThat((double) fast[i]).as("logit %d", i).isCloseTo(exact[i], within(2e-7));
        }
        assertThat(problem.gradient(new LossEvaluator(Loss.parse(text), task, 1, true), problem.target()))
                .isEqualTo(fast);
    }

    /// Windows and neighbours of similarity and erosion have two axes only where it is z that is 1, and a thinning
    /// takes the axes in their order.
    static Stream<Arguments> casesOfAnyAxes() {
        return casesWithout("sim", "Erosion", "Recall");
    }

    @ParameterizedTest
    @MethodSource("casesOfAnyAxes")
    void twoDimensionsAreThreeWithOneSliceInAnyDirection(String text, Task task) {
        Problem flat = problem(text, task, new int[] {1, 6, 7}, 5);
        Shape s = flat.shape();
        Problem upright = new Problem(task, new Shape(s.batch(), s.classes(), 6, 1, 7), flat.logits(), flat.labels());
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 1);
        double value = evaluator.evaluate(flat.prediction(), flat.target()).value();
        assertThat(evaluator.evaluate(upright.prediction(), upright.target()).value())
                .isCloseTo(value, within(1e-12));
    }

    /// A thinning has to begin at one side.
    static Stream<Arguments> casesWithoutSides() {
        return casesWithout("Recall");
    }

    @ParameterizedTest
    @MethodSource("casesWithoutSides")
    void aMirrorChangesNothing(String text, Task task) {
        for (int[] size : List.of(new int[] {1, 6, 8}, new int[] {6, 6, 8})) {
            Problem problem = problem(text, task, size, 8);
            LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 1, false);
            double value = evaluator
                    .evaluate(problem.doublePrediction(), problem.target())
                    .value();
            for (int axis = 0; axis < 3; axis++) {
                Problem mirrored = mirrored(problem, axis);
                // sums in another order
                assertThat(evaluator
                                .evaluate(mirrored.doublePrediction(), mirrored.target())
                                .value())
                        .as("axis %d", axis)
                        .isCloseTo(value, within(1e-11 * (1 + Math.abs(value))));
            }
        }
    }

    private static Problem mirrored(Problem problem, int axis) {
        Shape s = problem.shape();
        int length = axis == 0 ? s.z() : axis == 1 ? s.y() : s.x();
        int step = axis == 0 ? s.y() * s.x() : axis == 1 ? s.x() : 1;
        float[] logits = new float[problem.logits().length];
        int[] labels = new int[problem.labels().length];
        for (int i = 0; i < logits.length; i++) {
            int at = i / step % length;
            int other = i + (length - 1 - 2 * at) * step;
            logits[other] = problem.logits()[i];
            if (i < labels.length) {
                labels[other] = problem.labels()[i];
            }
        }
        return new Problem(problem.task(), s, logits, labels);
    }

    /// Beyond the image are zeros to a mean of neighbours, and no windows; who knows what a masked voxel is. An object
    /// may go on there.
    static Stream<Arguments> casesWithoutMargin() {
        return casesWithout("Erosion", "nacl", "sim", "Sim", "border", "Recall");
    }

    @ParameterizedTest
    @MethodSource("casesWithoutMargin")
    void maskedVoxelsAreNotThere(String text, Task task) {
        for (int[] size : sizes(text)) {
            VolumeProblems.maskedVoxelsAreNotThere(problem(text, task, size, 5), text);
        }
    }

    /// Nothing, everything, one voxel; and a prediction that is sure of it, or knows nothing.
    @ParameterizedTest
    @MethodSource("cases")
    void edgesAreFinite(String text, Task task) {
        for (int[] size : sizes(text)) {
            edgesAreFinite(text, task, size);
        }
        if (Losses.edge(Loss.parse(text)) == 1) {
            edgesAreFinite(text, task, new int[] {1, 1, 1});
        }
    }

    private static void edgesAreFinite(String text, Task task, int[] size) {
        boolean reachesZero = Stream.of("boundary", "nacl", "epsilon").noneMatch(text::contains);
        Shape shape = new Shape(2, task.channels(), size[0], size[1], size[2]);
        int n = 2 * (int) shape.voxels();
        int[] none = new int[n];
        int[] all = new int[n];
        Arrays.fill(all, task.classes() - 1);
        int[] one = new int[n];
        one[n / 3] = task.classes() - 1;
        int[] mixed = new Random(1).ints(n, 0, task.classes()).toArray();
        for (int[] labels : List.of(none, all, one, mixed)) {
            Problem problem = new Problem(task, shape, new float[(int) shape.elements()], labels);
            MemorySegment y = problem.softTarget().data();
            for (float sure : new float[] {100, 0, -100}) {
                for (int i = 0; i < problem.logits().length; i++) {
                    problem.logits()[i] = y.getAtIndex(ValueLayout.JAVA_FLOAT, i) > 0 ? sure : -sure;
                }
                for (boolean lanes : new boolean[] {false, true}) {
                    LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 2, lanes);
                    double value = evaluator
                            .evaluate(problem.prediction(), problem.target())
                            .value();
                    assertThat(value).isFinite();
                    if (sure == 100 && reachesZero) {
                        assertThat(value).as("perfect").isCloseTo(0, within(1e-6));
                    }
                    for (float g : problem.gradient(evaluator, problem.target())) {
                        assertThat(g).isFinite();
                    }
                }
            }
        }
    }

    static Stream<Arguments> casesOfBatches() {
        return cases().filter(a -> a.get()[0].toString().contains("batch=true"));
    }

    @ParameterizedTest
    @MethodSource("casesOfBatches")
    void aSampleWithoutVoxelsHasNoPart(String text, Task task) {
        Problem problem = problem(text, task, new int[] {1, 7, 6}, 7);
        int n = problem.voxels();
        byte[] mask = new byte[2 * n];
        Arrays.fill(mask, n, 2 * n, (byte) 1);
        LossEvaluator evaluator = new LossEvaluator(Loss.parse(text), task, 1);
        Target target = problem.target().spaced(new Spacing(2, 1, 0.5)).masked(MemorySegment.ofArray(mask));
        assertThat(evaluator.evaluate(problem.prediction(), target).value()).isFinite();
        float[] gradient = problem.gradient(evaluator, target);
        for (int i = 0; i < gradient.length; i++) {
            assertThat(gradient[i]).isFinite();
            assertThat(i < gradient.length / 2 && gradient[i] != 0).isFalse();
        }
    }
}
