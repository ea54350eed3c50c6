package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.segloss.grid.Grid;
import org.segloss.kernel.Providers;
import org.segloss.metric.Score.Status;

/// Metrics as a user would bring them.
class OwnMetricTest {

    /// The volume that is too much or too little, in percent of a volume in ml: a parameter with a unit of its own.
    public record VolumeError(double full) implements ParametricMetric {

        public VolumeError() {
            this(10);
        }

        public VolumeError {
            if (!(full > 0)) {
                throw new IllegalArgumentException("volumeError needs a full volume above 0 ml, but has " + full);
            }
        }

        @Override
        public String name() {
            return "volumeError";
        }

        @Override
        public String definition() {
            return "the wrong volume in percent of %s ml".formatted(full);
        }

        @Override
        public double parameter() {
            return full;
        }

        @Override
        public String parameterUnit() {
            return "ml";
        }

        @Override
        public ParametricMetric with(double parameter) {
            return new VolumeError(parameter);
        }

        @Override
        public Better better() {
            return Better.LOWER;
        }

        @Override
        public String unit() {
            return "%";
        }

        @Override
        public double value(MaskComparison masks) {
            Grid grid = masks.grid();
            double voxel = grid.spacingZ() * grid.spacingY() * grid.spacingX() / 1000;
            Overlap overlap = masks.overlap();
            return 100 * Math.abs(overlap.predicted() - overlap.expected()) * voxel / full;
        }
    }

    /// Uses all that metrics share.
    record Everything() implements Named {
        @Override
        public double value(MaskComparison masks) {
            return masks.overlap().dice()
                    + masks.surfaceVoxels().pooled().mean()
                    + masks.surfaceElements().max()
                    + masks.objects().f1(0.1)
                    + masks.box().counts()[3]
                    + masks.prediction().length
                    + masks.reference().length
                    + masks.threads();
        }
    }

    /// Has no equal but itself.
    static final class NoRecord implements ParametricMetric, Named {
        @Override
        public double parameter() {
            return 1;
        }

        @Override
        public String parameterUnit() {
            return "mm";
        }

        @Override
        public ParametricMetric with(double parameter) {
            return new NoRecord();
        }
    }

    record Unnameable(String name) implements Named {}

    /// Which objects it is given, as a number.
    record Identity(String name) implements Named {
        @Override
        public double value(MaskComparison masks) {
            return (double) System.identityHashCode(masks.surfaceVoxels()) * System.identityHashCode(masks.objects())
                    + System.identityHashCode(masks.surfaceElements());
        }
    }

    record InMillilitres() implements Named {
        @Override
        public String unit() {
            return "ml";
        }

        @Override
        public WhereEmpty whereEmpty() {
            return WhereEmpty.DISTANCE;
        }
    }

    record WithoutLimit() implements Named {
        @Override
        public double most() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public WhereEmpty whereEmpty() {
            return WhereEmpty.BEST_OR_WORST;
        }
    }

    /// What has to be said of any metric.
    private interface Named extends Metric {
        @Override
        default String name() {
            return getClass().getSimpleName();
        }

        @Override
        default String definition() {
            return "for a test";
        }

        @Override
        default Better better() {
            return Better.HIGHER;
        }

        @Override
        default double value(MaskComparison masks) {
            return masks.probabilities()[0];
        }
    }

    // ten voxels of 1 x 2 x 5 mm
    private static final Grid GRID = new Grid(1, 1, 10, 1, 2, 5);

    private static final byte[] PREDICTION = {0, 1, 1, 1, 1, 0, 0, 0, 0, 0};
    private static final byte[] REFERENCE = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0};

    @Test
    void itIsFoundByItsTextWithAParameterOfItsOwnUnit() {
        MetricCatalog.Loaded catalog = loaded(new VolumeError());
        Metric metric = catalog.parse("volumeError@0.5");
        assertThat(metric).isEqualTo(new VolumeError(0.5));
        assertThat(metric.id()).isEqualTo("volumeError@0.5");
        assertThat(catalog.all()).containsAll(MetricCatalog.all()).endsWith(new VolumeError());
        assertThat(catalog.problem()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog.parse("volumeError"))
                .withMessage("volumeError needs a number of ml, as in volumeError@10, but has none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog.parse("volumeError@0"))
                .withMessageContaining("above 0 ml");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog.parse("volume"))
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("known: ")
                        .endsWith(MetricCatalog.all().getLast().id() + ", volumeError@N"));
    }

    @Test
    void itIsScoredBesideOursAndWhereMasksAreEmpty() {
        var scorer = new Scorer(List.of(OverlapMetric.DICE, new VolumeError(0.1)), Policy.DEFAULT);
        // three voxels of 0.01 ml are 30 % of 0.1 ml
        assertThat(scorer.score(PREDICTION, REFERENCE, GRID, 1))
                .isEqualTo(Map.of(
                        OverlapMetric.DICE,
                        new Score(0.4, Status.OK),
                        new VolumeError(0.1),
                        new Score(100 * 3 * 0.01 / 0.1, Status.OK)));
        // its formula says what it is where nothing was predicted
        assertThat(scorer.score(new byte[10], REFERENCE, GRID, 1).get(new VolumeError(0.1)))
                .isEqualTo(new Score(100 * 0.01 / 0.1, Status.PRED_EMPTY));
    }

    @Test
    void itHasAllThatOursShare() {
        var everything = new Everything();
        // Dice 0.4; the surface voxels at 1 to 4 are 10, 5, 0 and 5 mm away, and that at 3 is 0 mm away;
        // surface elements at 0.5 and 2.5 are 10 mm apart; one part is found; one voxel is in both;
        // two masks of ten; three threads
        assertThat(new Scorer(List.of(everything), Policy.DEFAULT)
                        .score(PREDICTION, REFERENCE, GRID, 3)
                        .get(everything)
                        .value())
                .isEqualTo(0.4 + 20 / 5.0 + 10 + 1 + 1 + 10 + 10 + 3);
    }

    @Test
    void whatMetricsShareIsComputedOnce() {
        List<Metric> metrics = List.of(new Identity("one"), new Identity("other"));
        Map<Metric, Score> scores = new Scorer(metrics, Policy.DEFAULT).score(PREDICTION, REFERENCE, GRID, 1);
        assertThat(scores.get(metrics.get(0))).isEqualTo(scores.get(metrics.get(1)));
    }

    @Test
    void probabilitiesAreForMetricsThatAskForThem() {
        var metric = new Unnameable("sure");
        var scorer = new Scorer(List.of(metric), Policy.DEFAULT);
        assertThat(scorer.score(
                        PREDICTION, REFERENCE, GRID, Optional.of(new float[] {0.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0}), 1))
                .containsEntry(metric, new Score(0.5, Status.OK));
        assertThatIllegalStateException()
                .isThrownBy(() -> scorer.score(PREDICTION, REFERENCE, GRID, 1))
                .withMessageContaining("needsProbabilities()");
    }

    @Test
    void whatCantBeUsedIsExplained() {
        assertThat(problem(new Unnameable("my metric"))).contains("named 'my metric'", "letters, digits and _");
        assertThat(problem(new Unnameable("all"))).contains("isn't all");
        assertThat(problem(new Unnameable("Dice"))).contains("Unnameable is named Dice", "OverlapMetric is named dice");
        assertThat(problem(new NoRecord())).contains("NoRecord", "make it a record");
        assertThat(problem(new InMillilitres())).contains("in mm, but its unit is ml");
        assertThat(problem(new WithoutLimit())).contains("its best value is Infinity");
    }

    @Test
    void oneThatCantBeUsedHidesNeitherOursNorThoseAfterIt() {
        MetricCatalog.Loaded loaded = loaded(new Everything(), new Unnameable("all"), new VolumeError());
        assertThat(loaded.parse("dice")).isEqualTo(OverlapMetric.DICE);
        assertThat(loaded.parse("Everything")).isEqualTo(new Everything());
        assertThat(loaded.parse("volumeError@3")).isEqualTo(new VolumeError(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loaded.parse("dyce"))
                .withMessageContainingAll("unknown metric 'dyce'", "can't be used: ", "Unnameable is named 'all'");
    }

    private static MetricCatalog.Loaded loaded(Metric... found) {
        return MetricCatalog.load(new Providers<>(List.of(found), List.of()));
    }

    private static String problem(Metric metric) {
        return loaded(metric).problem().orElseThrow();
    }
}
