package org.segloss.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.segloss.random.CounterRandom;

class ElasticFieldTest {

    @Test
    void aSplineReproducesStraightLines() {
        for (double u = 0; u < 1; u += 0.125) {
            double[] w = ElasticField.weights(u);
            // the knots lie at -1, 0, 1 and 2
            assertThat(w[0] + w[1] + w[2] + w[3]).isEqualTo(1, within(1e-15));
            assertThat(-w[0] + w[2] + 2 * w[3]).isEqualTo(u, within(1e-15));
        }
    }

    @Test
    void neighboursMoveAlike() {
        PatchShape shape = new PatchShape(20, 30, 40);
        float[] displacement = ElasticField.draw(shape, 2, CounterRandom.of(1, "displacement"));
        double most = 0;
        for (int axis = 0; axis < PatchShape.AXES; axis++) {
            int stride = shape.stride(axis);
            int n = shape.edge(axis);
            double[] steepest = {0};
            shape.forEachLine(axis, start -> {
                for (int i = 1; i < n; i++) {
                    double step = Math.abs(displacement[start + i * stride] - displacement[start + (i - 1) * stride]);
                    steepest[0] = Math.max(steepest[0], step);
                }
            });
            most = Math.max(most, steepest[0]);
        }
        // a knot's number moves by a few deviations within 12 voxels; without a spline neighbours would differ by
        // several voxels
        assertThat(most).isBetween(0.05, 0.9);
    }

    @Test
    void itsSizeIsThatOfTheSplineAtTheKnots() {
        // at a knot the weights are 1/6, 2/3, 1/6 along each axis: the deviation is (1/36 + 4/9 + 1/36)^(3/2)
        double squares = 0;
        int draws = 4000;
        for (int i = 0; i < draws; i++) {
            double first = ElasticField.draw(new PatchShape(1, 1, 1), 2, CounterRandom.of(3, "displacement", i))[0];
            squares += first * first;
        }
        // the standard error of a standard deviation is 1.1 % of it
        assertThat(Math.sqrt(squares / draws)).isEqualTo(2 * Math.pow(0.5, 1.5), within(0.035));
    }
}
