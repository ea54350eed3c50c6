package org.segloss.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void climbsToTheHighestRateAndFallsToNothing() {
        Schedule schedule = new Schedule(2, 1000);

        assertThat(schedule.rate(0)).isEqualTo(2.0 / 50);
        // half way up: 25 / 50 * (1 - 24 / 1000)^0.9
        assertThat(schedule.rate(24)).isEqualTo(Math.pow(0.976, 0.9), within(1e-12));
        assertThat(schedule.rate(500)).isEqualTo(2 * Math.pow(0.5, 0.9), within(1e-12));
        assertThat(schedule.rate(999)).isEqualTo(2 * Math.pow(0.001, 0.9), within(1e-12));
    }

    @Test
    void aTrainingOfOneStepHasTheFullRate() {
        assertThat(new Schedule(2, 1).rate(0)).isEqualTo(2);
    }
}
