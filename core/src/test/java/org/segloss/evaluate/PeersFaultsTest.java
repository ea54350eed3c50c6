package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;

/// Faults that other libraries have or had, and what is right. More of them, with numbers, are among the golden tests.
class PeersFaultsTest {

    private static double value(String text, Problem problem) {
        return new LossEvaluator(Loss.parse(text), problem.task(), 1)
                .evaluate(problem.doublePrediction(), problem.target())
                .value();
    }

    private static double[] gradient(String text, Problem problem) {
        return problem.doubleGradient(new LossEvaluator(Loss.parse(text), problem.task(), 1), problem.target());
    }

    /// kornia sums over classes first, where false positives and negatives of a softmax are equally many.
    @Test
    void theWeightsOfTverskyAreNotExchangeable() {
        Problem problem = Problem.random(Task.multiclass(3), 2, 40, 1);
        assertThat(value("tversky(fp=0.3, fn=0.7)", problem))
                .isNotCloseTo(value("tversky(fp=0.7, fn=0.3)", problem), within(1e-4));
    }

    /// MONAI's sum is that of means.
    @Test
    void aSumIsTheMeanTimesTheVoxels() {
        Problem problem = Problem.random(Task.binary(), 2, 40, 2);
        assertThat(value("focal(reduction=sum)", problem)).isCloseTo(80 * value("focal", problem), within(1e-10));
    }

    /// MONAI until 1.5 dropped the only channel.
    @Test
    void clDiceOfOneChannelHasAValueAndAGradient() {
        Problem problem = VolumeLossTest.problem(Task.binary(), new int[] {1, 8, 9}, 3);
        assertThat(value("clDice", problem)).isGreaterThan(0.05);
        assertThat(Arrays.stream(gradient("clDice", problem))
                        .map(Math::abs)
                        .max()
                        .orElseThrow())
                .isGreaterThan(1e-4);
    }

    /// The authors' code always does ten.
    @Test
    void theIterationsOfClDiceMatter() {
        Problem problem = VolumeLossTest.problem(Task.binary(), new int[] {1, 12, 12}, 4);
        Arrays.setAll(problem.labels(), i -> i / 12 % 12 >= 2 && i / 12 % 12 < 9 ? 1 : 0);
        assertThat(value("clDice(iterations=1)", problem))
                .isNotCloseTo(value("clDice(iterations=4)", problem), within(1e-4));
    }

    /// SMP feeds the logarithm of a probability to a sigmoid: 0.0578.
    @Test
    void theFocalLossOfAPerfectPredictionIsNothing() {
        var prediction = new Prediction(
                MemorySegment.ofArray(new double[] {1, 0, 0, 1}),
                Prediction.FloatType.FLOAT64,
                new Shape(1, 2, 1, 1, 2),
                Prediction.Scale.PROBABILITIES);
        assertThat(new LossEvaluator(Loss.parse("focal"), Task.multiclass(2), 1)
                        .evaluate(prediction, Target.labels(MemorySegment.ofArray(new byte[] {0, 1})))
                        .value())
                .isZero();
    }

    /// nnU-Net takes the mean of no voxel: NaN.
    @Test
    void topkOfFewVoxelsTakesOne() {
        Problem problem = Problem.random(Task.binary(), 1, 5, 5);
        assertThat(value("topk(percent=10)", problem)).isFinite().isGreaterThan(value("ce", problem));
    }

    /// SegLossOdyssey computes the weights and returns plain cross-entropy.
    @Test
    void theDistancesOfDistanceCeCount() {
        Problem problem = VolumeLossTest.problem(Task.binary(), new int[] {1, 8, 9}, 6);
        assertThat(value("distanceCe", problem)).isGreaterThan(1.1 * value("ce", problem));
    }

    /// With the weight 1 / (n + 1e-10)² of an absent class the loss is 1 and its gradient 1e-24.
    @Test
    void generalizedDiceLearnsWhereAClassIsAbsent() {
        Problem problem = Problem.random(Task.multiclass(3), 1, 64, 7);
        Arrays.setAll(problem.labels(), i -> problem.labels()[i] == 2 ? 0 : problem.labels()[i]);
        assertThat(value("generalizedDice", problem)).isBetween(0.1, 0.99);
        assertThat(Arrays.stream(gradient("generalizedDice", problem))
                        .map(Math::abs)
                        .max()
                        .orElseThrow())
                .isGreaterThan(1e-3);
    }

    /// SegLossOdyssey's raises, or has no gradient.
    @Test
    void hausdorffLossesHaveGradients() {
        Problem problem = VolumeLossTest.problem(Task.binary(), new int[] {1, 8, 9}, 8);
        for (String text : new String[] {"hausdorff", "hausdorffErosion"}) {
            assertThat(Arrays.stream(gradient(text, problem))
                            .map(Math::abs)
                            .max()
                            .orElseThrow())
                    .as(text)
                    .isGreaterThan(1e-4);
        }
    }

    /// Keras clips after the sigmoid: beyond a logit of 16 nothing is learnt.
    @Test
    void theWorstVoxelsLearnMost() {
        var problem = new Problem(Task.binary(), new Shape(1, 1, 1, 1, 1), new float[] {-30}, new int[] {1});
        assertThat(gradient("bce", problem)[0]).isCloseTo(-1, within(1e-12));
        assertThat(gradient("focal(alpha=[])", problem)[0]).isCloseTo(-1, within(1e-9));
    }

    /// SMP and mmsegmentation divide by all voxels: half of them ignored halves the loss.
    @Test
    void ignoredVoxelsLeaveTheDivisor() {
        Problem problem = Problem.random(Task.multiclass(3), 1, 40, 9);
        Problem half = Problem.random(Task.multiclass(3), 1, 80, 9);
        for (int c = 0; c < 3; c++) {
            System.arraycopy(problem.logits(), c * 40, half.logits(), c * 80, 40);
        }
        Arrays.fill(half.labels(), 255);
        System.arraycopy(problem.labels(), 0, half.labels(), 0, 40);
        for (String text : new String[] {"ce", "ce(smoothing=0.1, weights=[1, 2, 3])", "focal", "gce"}) {
            double ignoring = new LossEvaluator(
                            Loss.parse(text), Task.multiclass(3).ignoring(255), 1)
                    .evaluate(half.doublePrediction(), half.target())
                    .value();
            assertThat(ignoring).as(text).isCloseTo(value(text, problem), within(1e-12));
        }
    }

    /// The weights of classes have the length of the classes, with or without background.
    @Test
    void weightsAreOneForEachClass() {
        for (String text : new String[] {"dice(background=false, weights=[1, 2])", "ce(weights=[1, 2, 3, 4])"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LossEvaluator(Loss.parse(text), Task.multiclass(3)))
                    .withMessageContaining("a multiclass task with 3 classes needs 3, but");
        }
    }

    /// Of overlap, ranked and volume losses alike: a mean over classes that is weighted.
    @ParameterizedTest
    @ValueSource(strings = {"dice", "lovasz", "hausdorff"})
    void weightsAreOfTheMeanOverClasses(String name) {
        Problem problem = VolumeLossTest.problem(Task.multiclass(3), new int[] {1, 8, 9}, 10);
        String all = name.equals("hausdorff") ? "background=true, " : "";
        double[] each = {
            value("%s(%sweights=[1, 0, 0])".formatted(name, all), problem),
            value("%s(%sweights=[0, 1, 0])".formatted(name, all), problem),
            value("%s(%sweights=[0, 0, 1])".formatted(name, all), problem)
        };
        assertThat(each[0]).isNotCloseTo(each[1], within(1e-4));
        assertThat(each[1]).isNotCloseTo(each[2], within(1e-4));
        assertThat(value("%s(%sweights=[1, 2, 5])".formatted(name, all), problem))
                .isCloseTo((each[0] + 2 * each[1] + 5 * each[2]) / 8, within(1e-10));
        assertThat(value("%s(background=false)".formatted(name), problem))
                .isCloseTo((each[1] + each[2]) / 2, within(1e-10));
    }

    /// A mean weighed by class: torch's.
    @Test
    void weightsOfCrossEntropyAreOfAMean() {
        // p = 0.8, 0.4 of foreground; labels 1, 0: (3*0.22314355 + 1*0.51082562) / 4
        var prediction = new Prediction(
                MemorySegment.ofArray(new double[] {0.8, 0.4}),
                Prediction.FloatType.FLOAT64,
                new Shape(1, 1, 1, 1, 2),
                Prediction.Scale.PROBABILITIES);
        assertThat(new LossEvaluator(Loss.parse("ce(weights=[1, 3])"), Task.binary(), 1)
                        .evaluate(prediction, Target.labels(MemorySegment.ofArray(new byte[] {1, 0})))
                        .value())
                .isCloseTo((3 * 0.22314355131 + 0.51082562377) / 4, within(1e-10));
    }
}
