package org.segloss.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.run.LossFolder;

class ConvergenceTest {
    /// A curve of 101 points.
    ///
    /// @param value by the share of the steps that are done
    private static List<double[]> curve(DoubleUnaryOperator value) {
        return IntStream.rangeClosed(0, 100)
                .mapToObj(i -> new double[] {10 * i, value.applyAsDouble(i / 100.0)})
                .toList();
    }

    private static Convergence of(boolean validated, Map<String, List<List<double[]>>> curves) {
        return Convergence.of(validated, 66, curves).orElseThrow();
    }

    @Test
    void aCurveThatStillRisesHasNotConverged() {
        var curves = new LinkedHashMap<String, List<List<double[]>>>();
        curves.put("dice", List.of(curve(x -> 0.8)));
        curves.put("ce", List.of(curve(x -> 0.5 * x)));
        Convergence found = of(true, curves);
        assertThat(found.isOpen("dice", "dice")).isFalse();
        assertThat(found.isOpen("dice", "ce")).isTrue();
        Convergence.Learning ce = found.losses().getLast();
        // a fifth of the steps at half a Dice a run; the window's middle is at 95 %
        assertThat(ce.gain()).isCloseTo(0.1, within(1e-12));
        assertThat(ce.end()).isCloseTo(0.475, within(1e-12));
        // as fast as before: no slower than nine tenths a fifth, 0.475 + 0.1 * 9, but no more than 1
        assertThat(ce.limit()).isEqualTo(1);
        assertThat(found.sentence())
                .isEqualTo(
                        "The trainings had not converged: in the last fifth of the steps ce was still gaining 0.10 Dice. This ranks how fast losses learn, not where they end. If the gains go on to shrink as they did, ce overtakes dice.");
    }

    /// Of a curve that nears its end by the same share each fifth the end is found.
    @Test
    void theLimitOfAGeometricCurveIsItsEnd() {
        for (double share : new double[] {0.3, 0.5, 0.8}) {
            Convergence.Learning found = of(true, Map.of("ce", List.of(curve(x -> 0.7 - 0.6 * Math.pow(share, 5 * x)))))
                    .losses()
                    .getFirst();
            assertThat(found.limit()).isCloseTo(0.7, within(1e-9));
        }
    }

    @Test
    void seedsAreAveraged() {
        Convergence found = of(
                true, Map.of("ce", List.of(curve(x -> 0.5 + 0.2 * x), curve(x -> 0.7 - 0.2 * x), List.<double[]>of())));
        assertThat(found.losses().getFirst().gain()).isCloseTo(0, within(1e-12));
        assertThat(found.isOpen()).isFalse();
        assertThat(found.sentence()).startsWith("Longer training would hardly change this");
    }

    @Test
    void withoutValidationTheTrainingLossDecides() {
        var curves = new LinkedHashMap<String, List<List<double[]>>>();
        curves.put("straight", List.of(curve(x -> 3 - 2 * x)));
        curves.put("done", List.of(curve(x -> Math.max(0.1, 1 - 3 * x))));
        Convergence found = of(false, curves);
        // from 0.025 to 0.95 of the steps, of which a fifth is 0.2 / 0.925
        assertThat(found.losses().getFirst().gain()).isCloseTo(0.2 / 0.925, within(1e-12));
        assertThat(found.losses()).extracting(Convergence.Learning::converged).containsExactly(false, true);
        assertThat(found.sentence()).contains("the loss of straight was still falling, by 22 % of its fall.");
    }

    @Test
    void fewPointsTellNothing() {
        assertThat(Convergence.of(true, 66, Map.of("ce", List.of(curve(x -> x).subList(0, 4)))))
                .isEmpty();
    }

    /// Where the learning rate ends every curve is flat.
    @Test
    void aTrainingThatSawItsCasesTooSeldomTellsNothing(@TempDir Path folder) throws IOException {
        Map<String, List<List<double[]>>> flat = Map.of("ce", List.of(curve(x -> 0.1)));
        assertThat(Convergence.of(true, 5, flat).orElseThrow().isOpen()).isFalse();
        Convergence found = Convergence.of(true, 0.52, flat).orElseThrow();
        assertThat(found.losses().getFirst().converged()).isTrue();
        assertThat(found.isOpen()).isTrue();
        assertThat(found.isOpen("ce", "ce")).isTrue();
        assertThat(found.sentence())
                .isEqualTo(
                        "The trainings were too short to tell whether they had converged: each training case was seen 0.52 times, and where the learning rate ends every curve is flat. This ranks how fast losses learn, not where they end.");
        assertThat(Convergence.of(true, 0.52, Map.of("ce", List.of(curve(x -> 0.5 * x))))
                        .orElseThrow()
                        .sentence())
                .contains("ce was still gaining 0.10 Dice; each training case was seen 0.52 times. This ranks");
        // also where there are too few points for a curve
        var training = new LossFolder(folder);
        Files.writeString(training.training(), "step,loss\n1,0.5\n2,0.4\n");
        Map<String, List<LossFolder>> trainings = Map.of("ce", List.of(training));
        assertThat(Convergence.read(trainings, 66)).isEmpty();
        assertThat(Convergence.read(trainings, 0.52).orElseThrow().isOpen()).isTrue();
    }

    @Test
    void filesOfTrainingsAreRead(@TempDir Path folder) throws IOException {
        var training = new LossFolder(folder);
        var losses = new StringBuilder("step,loss\n");
        for (int step = 1; step <= 20; step++) {
            losses.append(step).append(',').append(21 - step).append('\n');
        }
        Files.writeString(training.training(), losses);
        Map<String, List<LossFolder>> trainings = Map.of("ce", List.of(training));
        assertThat(Convergence.read(trainings, 66).orElseThrow().validated()).isFalse();
        // twice tells nothing
        Files.writeString(training.validation(), "step,dice\n10,0.5\n20,0.6\n");
        assertThat(Convergence.read(trainings, 66).orElseThrow().validated()).isFalse();
        Files.writeString(training.validation(), "step,dice\n4,0.5\n8,0.6\n12,0.7\n16,0.75\n20,0.75\n");
        Convergence found = Convergence.read(trainings, 66).orElseThrow();
        assertThat(found.validated()).isTrue();
        // at 70 to 80 % of the steps 0.725 to 0.75, at 90 % and later 0.75
        assertThat(found.losses().getFirst().gain()).isCloseTo(0.0125, within(1e-12));
    }
}
