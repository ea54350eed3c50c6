package org.segloss.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ThresholdSearchTest {

    /// Each threshold is tried by the rule itself.
    @Test
    void noThresholdHasALargerMeanDice() {
        var random = new Random(1);
        for (int trial = 0; trial < 20; trial++) {
            var search = new ThresholdSearch(1);
            List<float[]> cases = new ArrayList<>();
            List<byte[]> references = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                float[] p = new float[200];
                byte[] reference = new byte[200];
                for (int j = 0; j < 200; j++) {
                    // also the thresholds themselves
                    p[j] = j % 2 == 0 ? (float) (random.nextInt(101) / 100.0) : random.nextFloat();
                    reference[j] = (byte) (random.nextDouble() < p[j] * p[j] ? 1 : 0);
                }
                cases.add(p);
                references.add(reference);
                search.add(Probabilities.of(1, p), reference, Set.of());
            }
            double best = 0;
            for (int step = 1; step < 100; step++) {
                best = Math.max(best, mean(cases, references, step / 100.0));
            }
            double found = search.best().values().getFirst();
            assertThat(mean(cases, references, found)).isCloseTo(best, within(1e-12));
        }
    }

    private static double mean(List<float[]> cases, List<byte[]> references, double threshold) {
        double sum = 0;
        for (int i = 0; i < cases.size(); i++) {
            byte[] labels = Decision.THRESHOLD.labels(
                    Probabilities.of(1, cases.get(i)), Optional.of(new Thresholds(List.of(threshold))));
            int common = 0;
            int both = 0;
            for (int j = 0; j < labels.length; j++) {
                common += labels[j] & references.get(i)[j];
                both += labels[j] + references.get(i)[j];
            }
            sum += both == 0 ? 1 : 2.0 * common / both;
        }
        return sum / cases.size();
    }

    @Test
    void ofEquallyGoodThresholdsTheOneNearestToOneHalfIsTaken() {
        var search = new ThresholdSearch(2);
        // class 1 is found by any threshold from 0.11 to 0.3, class 2 by any above 0.6
        search.add(
                Probabilities.of(3, new float[] {0.1f, 0.3f, 0.6f, 0.3f, 0.1f, 0.1f, 0.6f, 0.6f, 0.3f}),
                new byte[] {1, 0, 0},
                Set.of());
        assertThat(search.best()).isEqualTo(new Thresholds(List.of(0.3, 0.61)));
    }

    @Test
    void ignoredVoxelsDontCountAndAllOfThemSayNothing() {
        var search = new ThresholdSearch(1);
        search.add(Probabilities.of(1, new float[] {0.9f, 0.9f}), new byte[] {3, 3}, Set.of(3));
        assertThatIllegalStateException().isThrownBy(search::best).withMessageContaining("nothing is known");
        search.add(Probabilities.of(1, new float[] {0.3f, 0.2f, 0.9f}), new byte[] {1, 0, 3}, Set.of(3));
        assertThat(search.best()).isEqualTo(new Thresholds(List.of(0.3)));
    }
}
