package org.segloss.loss.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Problem;
import org.segloss.evaluate.Target;
import org.segloss.evaluate.VolumeProblems;
import org.segloss.grid.Grid;
import org.segloss.grid.Shape;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

class BorderCeTest {
    private static final List<Task> TASKS = VolumeProblems.TASKS;

    /// A gap of two voxels between objects, and one voxel at the edge: distances 1 + 2, 2 + 1 and 1 + 4.
    @Test
    void aGapByHand() {
        byte[] labels = {0, 1, 0, 0, 1, 1};
        var prediction = VolumeProblems.doubles(new double[6], new Shape(1, 1, 1, 1, 6));
        double[] gradient = new double[6];
        double value = new LossEvaluator(Loss.parse("borderCe(sigma=2)"), Task.binary())
                .evaluate(prediction, Target.labels(MemorySegment.ofArray(labels)), MemorySegment.ofArray(gradient))
                .value();
        double gap = 1 + 10 * Math.exp(-9.0 / 8);
        double edge = 1 + 10 * Math.exp(-25.0 / 8);
        assertThat(value).isCloseTo(Math.log(2) * (3 + 2 * gap + edge) / 6, within(1e-12));
        assertThat(gradient)
                .containsExactly(
                        new double[] {edge / 12, -1.0 / 12, gap / 12, gap / 12, -1.0 / 12, -1.0 / 12}, within(1e-12));
    }

    /// Distances are in the unit of the spacing; objects may be of different classes, and are one if they
    /// touch.
    @Test
    void objectsOfManyClassesByHand() {
        byte[] labels = {1, 0, 2, 1, 0, 0};
        var prediction = VolumeProblems.doubles(new double[18], new Shape(1, 3, 1, 6, 1));
        double value = new LossEvaluator(Loss.parse("borderCe(weight=4)"), Task.multiclass(3))
                .evaluate(
                        prediction, Target.labels(MemorySegment.ofArray(labels)).spaced(new Spacing(1, 3, 1)))
                .value();
        // 3 + 3; 3 + 12; 6 + 15 millimetres
        double more = 4 * (Math.exp(-36.0 / 50) + Math.exp(-225.0 / 50) + Math.exp(-441.0 / 50));
        assertThat(value).isCloseTo(Math.log(3) * (6 + more) / 6, within(1e-12));
    }

    @Test
    void withFewerThanTwoObjectsItIsTheCrossEntropy() {
        for (int[] ones : new int[][] {{}, {7}, {7, 8, 14}}) {
            Problem problem = VolumeProblems.random(Task.binary(), new Shape(1, 1, 1, 6, 7), 1);
            Arrays.fill(problem.labels(), 0);
            for (int one : ones) {
                problem.labels()[one] = 1;
            }
            assertThat(value("borderCe", problem)).isCloseTo(value("ce", problem), within(1e-12));
        }
    }

    private static double value(String text, Problem problem) {
        return VolumeProblems.plain(text, problem.task())
                .evaluate(problem.doublePrediction(), problem.target())
                .value();
    }

    /// Where the search stops the weight is 1 in double.
    @Test
    void theSearchGoesFarEnough() {
        double[] target = new double[200];
        target[0] = 1;
        target[120] = 1;
        boolean[] counts = new boolean[200];
        Arrays.fill(counts, true);
        var field = new VolumeLoss.Field(new double[200], target, counts, 200, new Grid(1, 1, 200, 1, 1, 1), 1);
        double[] map = new BorderCe(1e6, 20).map(field);
        for (int i = 0; i < 200; i++) {
            double gap = i + Math.abs(i - 120);
            double expected = target[i] == 1 ? 1 : 1 + 1e6 * Math.exp(-gap * gap / 800);
            assertThat(map[i]).isEqualTo(expected);
        }
    }

    @Test
    void threadsChangeNothing() {
        Problem problem = VolumeProblems.random(Task.binary(), new Shape(2, 1, 12, 30, 40), 4);
        for (int i = 0; i < problem.labels().length; i++) {
            problem.labels()[i] = i % 997 < 2 ? 1 : 0;
        }
        VolumeProblems.threadsChangeNothing(problem, "borderCe");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "borderCe(weight=-1) | borderCe weight has to be a number of at least 0",
                "borderCe(weights=[1, 2]) | unknown parameter 'weights'; borderCe has: weight, sigma",
                "borderCe(sigma=0) | sigma has to be a number above 0, but is 0.0",
                "ce(border=10) | unknown parameter 'border'; ce has: background, smoothing, weights, weightBy; borderCe is a loss of its own"
            })
    void wrongParametersAreRefused(String text, String words) {
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.parse(text)).withMessageContaining(words);
    }
}
