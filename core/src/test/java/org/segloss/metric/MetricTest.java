package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTest {

    @ParameterizedTest
    @MethodSource("org.segloss.metric.Metric#all")
    void anIdReadsBackEqual(Metric metric) {
        assertThat(Metric.parse(metric.id())).isEqualTo(metric);
        assertThat(metric).hasToString(metric.id());
        assertThat(metric.definition()).doesNotContain("@");
    }

    @ParameterizedTest
    @MethodSource("org.segloss.metric.Metric#all")
    void aMetricIsDefinedOnItsPage(Metric metric) throws IOException {
        String name = metric.id().replaceAll("@.*", "");
        assertThat(Files.readString(Path.of("../docs/metrics.md")))
                .containsPattern("\\| `%s(@[td])?` \\|".formatted(name));
    }

    @Test
    void aParameterIsPartOfTheName() {
        assertThat(Metric.parse("nsd@1.0").id()).isEqualTo("nsd@1");
        assertThat(Metric.parse("nsd_surfel@0.25").id()).isEqualTo("nsd_surfel@0.25");
        assertThat(Metric.parse("biou@2").definition()).contains("at most 2 voxels");
        assertThat(Metric.parse("nsd@2")).isNotEqualTo(Metric.parse("nsd@1"));
    }

    @Test
    void directionsAreSaid() {
        assertThat(Metric.DICE.higherIsBetter()).isTrue();
        assertThat(Metric.parse("hd95").higherIsBetter()).isFalse();
        assertThat(Metric.parse("hd95").unit()).isEqualTo("mm");
        Metric rvd = Metric.parse("rvd");
        assertThat(rvd.merit(-0.5)).isLessThan(rvd.merit(0.1)).isEqualTo(rvd.merit(0.5));
        assertThat(Metric.parse("assd").merit(3))
                .isLessThan(Metric.parse("assd").merit(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dyce | unknown metric 'dyce'; known: dice, iou",
                "nsd | nsd needs a number above 0 of mm, as in nsd@1, but has 0",
                "nsd@-1 | but has -1",
                "nsd@NaN | but has NaN",
                "nsd@Infinity | but has Infinity",
                "nsd@wide | 'wide' in 'nsd@wide' is no number",
                "dice@1 | dice has no parameter, but 1 was given"
            })
    void aWrongNameIsExplained(String id, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Metric.parse(id)).withMessageContaining(message);
    }

    @Test
    void aListNamesEachMetricOnce() {
        assertThat(Metric.parseList("dice, nsd@2")).containsExactly(Metric.DICE, Metric.parse("nsd@2"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metric.parseList("nsd@1,dice,nsd@1.0"))
                .withMessageContaining("nsd@1 is named twice");
    }

    @Test
    void policiesReadBackEqualAndWrongOnesAreExplained() {
        assertThat(Policy.parse("score", "diag")).isEqualTo(Policy.DEFAULT);
        Policy fixed = Policy.parse("na", "374");
        assertThat(fixed).isEqualTo(new Policy(Policy.BothEmpty.NA, OptionalDouble.of(374)));
        assertThat(fixed).hasToString("both-empty=na one-empty=374");
        assertThat(Policy.parse("score", "inf")).hasToString("both-empty=score one-empty=inf");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("zero", "diag"))
                .withMessageContainingAll("'zero'", "score, na");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("na", "far"))
                .withMessageContainingAll("'far'", "diag, inf");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("na", "-1"))
                .withMessageContaining("at least 0 mm");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.parse("na", "NaN"))
                .withMessageContaining("NaN");
    }
}
