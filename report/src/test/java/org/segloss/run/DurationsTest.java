package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "999, 999 ms",
        "1000, 1 s",
        "1499, 1 s",
        "1500, 2 s",
        "59499, 59 s",
        "59500, 1 min",
        "89500, 2 min",
        "3569000, 59 min",
        "3570000, 1 h 0 min",
        "5400000, 1 h 30 min"
    })
    void areRoundedToWhatAPersonReads(long millis, String text) {
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
