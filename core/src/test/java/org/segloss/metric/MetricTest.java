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
import org.segloss.metric.Metric.Better;

class MetricTest {

    @ParameterizedTest
    @MethodSource("org.segloss.metric.MetricCatalog#all")
    void anIdReadsBackEqual(Metric metric) {
        assertThat(Metric.parse(metric.id())).isEqualTo(metric);
        assertThat(metric.id()).startsWith(metric.name()).matches("[a-z0-9_]+(@1|@0\\.1)?");
        assertThat(metric.definition()).doesNotContain("@");
    }

    @ParameterizedTest
    @MethodSource("org.segloss.metric.MetricCatalog#all")
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

    /// As the enumeration of kinds said before metrics became values: unit, direction, smallest, largest, best and
    /// worst.
    @ParameterizedTest
    @CsvSource({
        "dice, 1, HIGHER, 0, 1, 1, 0",
        "iou, 1, HIGHER, 0, 1, 1, 0",
        "precision, 1, HIGHER, 0, 1, 1, 0",
        "recall, 1, HIGHER, 0, 1, 1, 0",
        "specificity, 1, HIGHER, 0, 1, 1, 0",
        "mcc, 1, HIGHER, -1, 1, 1, 0",
        "kappa, 1, HIGHER, -1, 1, 1, 0",
        "rvd, 1, NEAR_ZERO, -1, Infinity, 0, NaN",
        "vs, 1, HIGHER, 0, 1, 1, 0",
        "hd, mm, LOWER, 0, Infinity, 0, NaN",
        "hd95, mm, LOWER, 0, Infinity, 0, NaN",
        "hd95_pooled, mm, LOWER, 0, Infinity, 0, NaN",
        "hd_surfel, mm, LOWER, 0, Infinity, 0, NaN",
        "hd95_surfel, mm, LOWER, 0, Infinity, 0, NaN",
        "assd, mm, LOWER, 0, Infinity, 0, NaN",
        "masd, mm, LOWER, 0, Infinity, 0, NaN",
        "masd_surfel, mm, LOWER, 0, Infinity, 0, NaN",
        "nsd@1, 1, HIGHER, 0, 1, 1, 0",
        "nsd_surfel@1, 1, HIGHER, 0, 1, 1, 0",
        "biou@1, 1, HIGHER, 0, 1, 1, 0",
        "cldice, 1, HIGHER, 0, 1, 1, 0",
        "ece, 1, LOWER, 0, 1, 0, NaN",
        "ece_box@1, 1, LOWER, 0, 1, 0, NaN",
        "brier, 1, LOWER, 0, 1, 0, NaN",
        "nll, nat, LOWER, 0, Infinity, 0, NaN",
        "nll_clipped, voxels, LOWER, 0, Infinity, 0, NaN",
        "lesion_f1@0.1, 1, HIGHER, 0, 1, 1, 0",
        "lesions_found@0.1, lesions, HIGHER, 0, Infinity, Infinity, 0",
        "lesions_missed@0.1, lesions, LOWER, 0, Infinity, 0, NaN",
        "lesions_invented@0.1, lesions, LOWER, 0, Infinity, 0, NaN",
        "pq, 1, HIGHER, 0, 1, 1, 0"
    })
    void aMetricSaysHowItsNumbersAreRead(
            String id, String unit, Better better, double least, double most, double best, double worst) {
        Metric metric = Metric.parse(id);
        assertThat(metric.unit()).isEqualTo(unit);
        assertThat(metric.better()).isEqualTo(better);
        assertThat(new double[] {metric.least(), metric.most(), metric.best(), metric.worst()})
                .containsExactly(least, most, best, worst);
    }

    @Test
    void directionsAreSaid() {
        assertThat(OverlapMetric.DICE.higherIsBetter()).isTrue();
        assertThat(Metric.parse("hd95").higherIsBetter()).isFalse();
        assertThat(Metric.parse("hd95").unit()).isEqualTo("mm");
        Metric rvd = Metric.parse("rvd");
        assertThat(rvd.better()).isEqualTo(Better.NEAR_ZERO);
        assertThat(rvd.comparable(-0.5)).isEqualTo(0.5);
        assertThat(rvd.higherIsBetter()).isFalse();
        Metric assd = Metric.parse("assd");
        assertThat(assd.better()).isEqualTo(Better.LOWER);
        assertThat(assd.comparable(3)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dyce | unknown metric 'dyce'; known: dice, iou",
                "nsd | nsd needs a number of mm, as in nsd@1, but has none",
                "nsd@0 | nsd needs a number above 0 of mm, as in nsd@1, but has 0",
                "biou@0 | biou needs a number above 0 of voxels, as in biou@1, but has 0",
                "nsd@-1 | but has -1",
                "lesion_f1 | lesion_f1 needs a number of overlap (the least IoU of a part that is found), as in lesion_f1@0.1, but has none",
                "lesions_missed@0 | above 0 and at most 1, as in lesions_missed@0.1, but has 0",
                "lesion_f1@1.5 | but has 1.5",
                "lesion_f1@NaN | but has NaN",
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
        assertThat(Metric.parseList("dice, nsd@2")).containsExactly(OverlapMetric.DICE, Metric.parse("nsd@2"));
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
