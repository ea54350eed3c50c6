package org.segloss.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.prep.PreparedCase;

class SamplerTest {

    private static Sampler ramp(byte... labels) {
        float[] values = new float[2 * 3 * 4 * 5];
        for (int i = 0; i < 60; i++) {
            values[i] = 100 * (i / 20) + 10 * (i / 5 % 4) + i % 5;
            values[60 + i] = -values[i];
        }
        return new Sampler(PreparedCase.of(
                new Volume(Geometry.identity(5, 4, 3), 2, values),
                labels.length == 0 ? new byte[60] : labels,
                Set.of()));
    }

    @Test
    void betweenVoxelsAStraightSlopeGoesOn() {
        Sampler sampler = ramp();
        sampler.moveTo(1.25, 2.5, 3.125);
        assertThat(sampler.value(0)).isEqualTo(153.125f, within(1e-4f));
        assertThat(sampler.value(1)).isEqualTo(-153.125f, within(1e-4f));
    }

    @Test
    void overTheEdgeTheOutermostVoxelsGoOn() {
        Sampler sampler = ramp();
        sampler.moveTo(-7, 3.5, 9);
        assertThat(sampler.value(0)).isEqualTo(34);
        sampler.moveTo(2, 3, 4);
        assertThat(sampler.value(0)).isEqualTo(234);
    }

    @Test
    void aLabelIsTheOneWithTheMostWeight() {
        byte[] labels = new byte[60];
        labels[0] = 2;
        labels[1] = 5;
        labels[5] = 5;
        Sampler sampler = ramp(labels);
        sampler.moveTo(0, 0.2, 0.2);
        // 0.64 of label 2, 0.32 of 5
        assertThat(sampler.label()).isEqualTo((byte) 2);
        sampler.moveTo(0, 0.4, 0.4);
        // 0.36 of label 2, twice 0.24 of 5: two corners together have more
        assertThat(sampler.label()).isEqualTo((byte) 5);
        sampler.moveTo(0, 0, 0.5);
        assertThat(sampler.label()).as("of equal ones the smallest").isEqualTo((byte) 2);
    }
}
