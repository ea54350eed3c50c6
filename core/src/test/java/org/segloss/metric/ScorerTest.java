package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Grid;
import org.segloss.metric.Score.Status;

class ScorerTest {
    private static final List<Metric> OF_MASKS =
            MetricCatalog.all().stream().filter(m -> !m.needsProbabilities()).toList();

    private static Map<Metric, Score> score(byte[] prediction, byte[] reference, Grid grid) {
        return new Scorer(OF_MASKS, Policy.DEFAULT).score(prediction, reference, grid, 1);
    }

    private static double value(String id, byte[] prediction, byte[] reference, Grid grid) {
        Metric metric = Metric.parse(id);
        return new Scorer(List.of(metric), Policy.DEFAULT)
                .score(prediction, reference, grid, 2)
                .get(metric)
                .value();
    }

    private static byte[] random(Random random, int voxels, double share) {
        byte[] mask = new byte[voxels];
        for (int i = 0; i < voxels; i++) {
            mask[i] = (byte) (random.nextDouble() < share ? 1 : 0);
        }
        return mask;
    }

    /// A ball of random size and place with holes and scattered voxels.
    private static byte[] blob(Random random, Grid grid) {
        double cz = random.nextDouble() * grid.z();
        double cy = random.nextDouble() * grid.y();
        double cx = random.nextDouble() * grid.x();
        double r = 1 + random.nextDouble() * 4;
        byte[] mask = random(random, (int) grid.voxels(), 0.02);
        for (int i = 0; i < mask.length; i++) {
            double z = i / grid.x() / grid.y() - cz;
            double y = i / grid.x() % grid.y() - cy;
            double x = i % grid.x() - cx;
            if (z * z + y * y + x * x <= r * r && random.nextDouble() < 0.9) {
                mask[i] = 1;
            }
        }
        mask[random.nextInt(mask.length)] = 1;
        return mask;
    }

    private static Grid randomGrid(Random random, int round) {
        int z = round % 3 == 0 ? 1 : 1 + random.nextInt(9);
        return new Grid(
                z,
                1 + random.nextInt(12),
                1 + random.nextInt(40),
                0.3 + random.nextDouble() * 3,
                0.3 + random.nextDouble() * 3,
                0.3 + random.nextDouble() * 3);
    }

    @Test
    void surfaceMetricsAreThoseOfAllPairsOfSurfaceVoxels() {
        var random = new Random(5);
        for (int round = 0; round < 200; round++) {
            Grid grid = randomGrid(random, round);
            byte[] p = blob(random, grid);
            byte[] r = blob(random, grid);
            double[] there = SlowSurface.distances(p, r, grid);
            double[] back = SlowSurface.distances(r, p, grid);
            double[] both = new double[there.length + back.length];
            System.arraycopy(there, 0, both, 0, there.length);
            System.arraycopy(back, 0, both, there.length, back.length);
            String where = "round " + round;
            assertThat(value("hd", p, r, grid)).as(where).isCloseTo(SlowSurface.quantile(both, 1), within(1e-12));
            assertThat(value("hd95", p, r, grid))
                    .as(where)
                    .isCloseTo(
                            Math.max(SlowSurface.quantile(there, 0.95), SlowSurface.quantile(back, 0.95)),
                            within(1e-12));
            assertThat(value("hd95_pooled", p, r, grid))
                    .as(where)
                    .isCloseTo(SlowSurface.quantile(both, 0.95), within(1e-12));
            assertThat(value("assd", p, r, grid)).as(where).isCloseTo(SlowSurface.mean(both), within(1e-12));
            assertThat(value("masd", p, r, grid))
                    .as(where)
                    .isCloseTo((SlowSurface.mean(there) + SlowSurface.mean(back)) / 2, within(1e-12));
            assertThat(value("nsd@1.5", p, r, grid)).as(where).isEqualTo(SlowSurface.share(both, 1.5));
        }
    }

    /// So far apart, and so many points, that looking around costs more than the dense transform.
    @ParameterizedTest
    @ValueSource(ints = {1, 24})
    void distancesAcrossAnImageAreThoseOfAllPairs(int slices) {
        var random = new Random(9);
        for (int round = 0; round < 5; round++) {
            var grid = new Grid(slices, 40, 70, 1.3, 0.7, 0.3 + random.nextDouble());
            byte[] p = new byte[(int) grid.voxels()];
            byte[] r = new byte[p.length];
            for (int i = 0; i < p.length; i++) {
                int x = i % grid.x();
                p[i] = (byte) (x < 20 && random.nextDouble() < 0.5 ? 1 : 0);
                r[i] = (byte) (x > 64 && random.nextDouble() < 0.01 ? 1 : 0);
            }
            r[p.length - 1] = 1;
            double[] there = SlowSurface.distances(p, r, grid);
            assertThat(value("hd", p, r, grid)).isCloseTo(SlowSurface.quantile(there, 1), within(1e-12));
            assertThat(value("masd", p, r, grid))
                    .isCloseTo(
                            (SlowSurface.mean(there) + SlowSurface.mean(SlowSurface.distances(r, p, grid))) / 2,
                            within(1e-12));
        }
    }

    @Test
    void whatIsTrueOfADistanceIsTrueOfEverySurfaceMetric() {
        var random = new Random(6);
        for (int round = 0; round < 60; round++) {
            Grid grid = randomGrid(random, round);
            byte[] p = blob(random, grid);
            byte[] r = blob(random, grid);
            Map<Metric, Score> one = score(p, r, grid);
            Map<Metric, Score> swapped = score(r, p, grid);
            double factor = 1.75;
            var large = new Grid(
                    grid.z(),
                    grid.y(),
                    grid.x(),
                    factor * grid.spacingZ(),
                    factor * grid.spacingY(),
                    factor * grid.spacingX());
            Map<Metric, Score> scaled = score(p, r, large);
            Map<Metric, Score> same = score(p, p, grid);
            for (Metric metric : OF_MASKS) {
                double value = one.get(metric).value();
                if (metric.unit().equals("mm")) {
                    assertThat(swapped.get(metric).value()).as("%s", metric).isCloseTo(value, within(1e-12));
                    assertThat(scaled.get(metric).value()).as("%s", metric).isCloseTo(factor * value, within(1e-12));
                    assertThat(same.get(metric).value()).as("%s", metric).isZero();
                } else if (metric.higherIsBetter() && metric.most() == 1) {
                    assertThat(value).as("%s", metric).isBetween(-1.0, 1 + 1e-12);
                    if (same.get(metric).status() == Status.OK) {
                        assertThat(same.get(metric).value()).as("%s", metric).isCloseTo(1, within(1e-12));
                    }
                }
            }
            assertThat(value("nsd@1.75", p, r, large)).isCloseTo(value("nsd@1", p, r, grid), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void theSameBitsForAnyNumberOfThreads(int slices) {
        var random = new Random(8);
        var grid = new Grid(slices, 61, 75, 1.3, 0.7, 0.9);
        byte[] p = random(random, (int) grid.voxels(), 0.01);
        byte[] r = random(random, (int) grid.voxels(), 0.02);
        var scorer = new Scorer(OF_MASKS, Policy.DEFAULT);
        Map<Metric, Score> one = scorer.score(p, r, grid, 1);
        for (int threads : new int[] {2, 3, 8}) {
            assertThat(scorer.score(p, r, grid, threads)).isEqualTo(one);
        }
    }

    /// One slice along any axis is a plane: the same voxels in the same order, of the same size.
    @Test
    void aPlaneIsOneAlongWhicheverAxisItIsStored() {
        var random = new Random(12);
        var scorer = new Scorer(MetricCatalog.all(), Policy.DEFAULT);
        for (int round = 0; round < 20; round++) {
            var plane = new Grid(1, 2 + random.nextInt(20), 2 + random.nextInt(20), 5, 0.6, 0.7);
            byte[] p = blob(random, plane);
            byte[] r = round == 0 ? new byte[p.length] : blob(random, plane);
            float[] probabilities = new float[p.length];
            for (int i = 0; i < p.length; i++) {
                probabilities[i] = random.nextFloat();
            }
            Map<Metric, Score> expected = scorer.score(p, r, plane, Optional.of(probabilities), 2);
            for (Grid stored : List.of(
                    new Grid(plane.y(), 1, plane.x(), 0.6, 5, 0.7), new Grid(plane.y(), plane.x(), 1, 0.6, 0.7, 5))) {
                assertThat(scorer.score(p, r, stored, Optional.of(probabilities), 2))
                        .as("%s", stored)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void theEdgeOfTheImageIsASurface() {
        var grid = new Grid(1, 3, 3, 1, 1, 1);
        byte[] all = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        byte[] middle = {0, 0, 0, 0, 1, 0, 0, 0, 0};
        // eight voxels around the middle: four at 1 and four at √2; the way back is 1
        assertThat(value("hd", all, middle, grid)).isEqualTo(Math.sqrt(2));
        assertThat(value("assd", all, middle, grid)).isCloseTo((4 + 4 * Math.sqrt(2) + 1) / 9, within(1e-15));
        assertThat(value("masd", all, middle, grid)).isCloseTo(((4 + 4 * Math.sqrt(2)) / 8 + 1) / 2, within(1e-15));
    }

    /// DeepMind surface-distance 0.1: compute_surface_distances of two 5 x 6 masks with spacing (0.5, 1.5).
    @Test
    void surfaceElementsOfAPlaneImageAreLines() {
        var grid = new Grid(1, 5, 6, 9, 0.5, 1.5);
        byte[] r = {
            0, 0, 0, 0, 0, 0,
            0, 1, 1, 0, 0, 0,
            0, 1, 1, 0, 1, 0,
            0, 0, 0, 1, 0, 0,
            0, 0, 0, 0, 0, 0
        };
        byte[] p = {
            0, 0, 0, 0, 0, 0,
            0, 1, 1, 1, 0, 0,
            0, 1, 1, 0, 0, 0,
            0, 1, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0
        };
        assertThat(value("masd_surfel", p, r, grid)).isCloseTo(0.2210060568018862, within(1e-12));
        assertThat(value("nsd_surfel@0.5", p, r, grid)).isCloseTo(0.9003960535538188, within(1e-12));
        assertThat(value("hd95_surfel", p, r, grid)).isCloseTo(1.5811388300841898, within(1e-12));
    }

    @Test
    void boundaryIouCountsLayersOfVoxelsWhateverTheirSize() {
        var grid = new Grid(1, 1, 12, 5, 5, 5);
        // a line one voxel high: every voxel is at the border
        byte[] p = {0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0};
        byte[] r = {0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
        assertThat(value("biou@1", p, r, grid)).isEqualTo(5 / 7.0);
        var square = new Grid(1, 7, 7, 5, 5, 5);
        byte[] full = new byte[49];
        Arrays.fill(full, (byte) 1);
        byte[] hollow = full.clone();
        hollow[24] = 0;
        // rings of 24 and 16 of a square of 49; a hole in the middle has the ring of 4 around it at 1
        assertThat(value("biou@1", full, hollow, square)).isEqualTo(24 / 28.0);
        assertThat(value("biou@2", full, hollow, square)).isEqualTo(40 / 48.0);
    }

    @Test
    void partsThatMatchShareMoreThanHalfOfTheirUnion() {
        var grid = new Grid(1, 1, 16, 1, 1, 1);
        byte[] r = {1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0};
        byte[] p = {1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1};
        // matches: IoU 3/4, and not 2/5
        assertThat(value("pq", p, r, grid)).isEqualTo(0.75 / 3);
        byte[] half = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] whole = {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        // IoU of exactly 1/2 is no match
        assertThat(value("pq", half, whole, grid)).isZero();
    }

    @Test
    void centreLinesOfALineAreTheLine() {
        var grid = new Grid(1, 1, 8, 1, 1, 1);
        byte[] r = {0, 1, 1, 1, 1, 1, 1, 0};
        byte[] p = {0, 0, 0, 1, 1, 1, 0, 0};
        // precision 1, recall 3/6
        assertThat(value("cldice", p, r, grid)).isCloseTo(2 * 0.5 / 1.5, within(1e-15));
        assertThat(value("cldice", new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, r, grid))
                .isZero();
    }

    @Test
    void probabilitiesAreScoredByHand() {
        var grid = new Grid(1, 1, 4, 1, 1, 1);
        byte[] r = {0, 1, 1, 0};
        float[] p = {0, 0.5f, 1, 0.25f};
        Map<Metric, Score> scores = new Scorer(Metric.parseList("ece,brier,nll"), Policy.DEFAULT)
                .score(new byte[] {0, 1, 1, 0}, r, grid, Optional.of(p), 1);
        // bins: 0 and 1 alone without a gap, 0.5 has 0.5, 0.25 has 0.25
        assertThat(scores.get(Metric.parse("ece")).value()).isEqualTo((0.5 + 0.25) / 4);
        assertThat(scores.get(Metric.parse("brier")).value()).isEqualTo((0.25 + 0.0625) / 4);
        assertThat(scores.get(Metric.parse("nll")).value())
                .isCloseTo((Math.log(2) - Math.log(0.75)) / 4, within(1e-15));
        // a sure mistake is clipped
        Map<Metric, Score> wrong = new Scorer(Metric.parseList("nll"), Policy.DEFAULT)
                .score(new byte[] {1, 0, 0, 0}, r, grid, Optional.of(new float[] {1, 1, 1, 0}), 1);
        assertThat(wrong.get(Metric.parse("nll")).value()).isCloseTo(-Math.log(1e-7) / 4, within(1e-12));
        assertThat(new Scorer(Metric.parseList("nll_clipped"), Policy.DEFAULT)
                        .score(r, r, grid, Optional.of(new float[] {1, 1, 1, 0}), 1))
                .containsValue(new Score(1, Status.OK));
        assertThat(new Scorer(Metric.parseList("nll_clipped"), Policy.DEFAULT)
                        .score(r, r, grid, Optional.of(new float[] {0, 1e-8f, 2e-7f, 1}), 1))
                .containsValue(new Score(2, Status.OK));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> value("ece", r, r, grid))
                .withMessageContaining("ece needs probabilities");
    }

    @ParameterizedTest
    @CsvSource({
        // of 12 voxels in a row, 0.1 mm wide: 5 and 6 are true, predicted 1; 4 and 7 are 0.5, 3 and 8 are 0.25, others
        // 0
        "0.05, 2, 0",
        "0.1, 4, 1",
        "0.19, 4, 1",
        "0.2, 6, 1.5",
        "0.3, 8, 1.5",
        "99, 12, 1.5"
    })
    void calibrationNearTheReferenceIsNotDilutedByBackground(double margin, int voxels, double gap) {
        byte[] r = new byte[12];
        float[] p = new float[12];
        float[] half = {0.25f, 0.5f, 1, 1, 0.5f, 0.25f};
        System.arraycopy(half, 0, p, 3, 6);
        r[5] = 1;
        r[6] = 1;
        Metric metric = new BoxCalibrationError(margin);
        // as an axis of each kind, from a file with float spacing
        for (Grid grid : List.of(
                new Grid(1, 1, 12, 9, 9, 0.1f), new Grid(1, 12, 1, 9, 0.1f, 9), new Grid(12, 1, 1, 0.1f, 9, 9))) {
            assertThat(new Scorer(List.of(metric), Policy.DEFAULT)
                            .score(r, r, grid, Optional.of(p), 1)
                            .get(metric)
                            .value())
                    .isCloseTo(gap / voxels, within(1e-15));
        }
    }

    @Test
    void whatWasNotPredictedIsAMissEvenWhereTheReferenceIsEmpty() {
        var grid = new Grid(1, 2, 2, 99, 3, 4);
        byte[] none = new byte[4];
        byte[] one = {0, 0, 1, 0};
        var scorer = new Scorer(Metric.parseList("dice,nsd@1,hd,recall,mcc,rvd"), Policy.DEFAULT);
        assertThat(scorer.missed(one, grid, 1)).isEqualTo(scorer.score(none, one, grid, 1));
        assertThat(scorer.missed(none, grid, 1).values())
                .extracting(Score::value)
                .containsExactly(0.0, 0.0, 10.0, Double.NaN, Double.NaN, Double.NaN);
        assertThat(scorer.missed(none, grid, 1).values()).allMatch(s -> s.status() == Status.PRED_EMPTY);
    }

    @ParameterizedTest
    @CsvSource({
        // metric, both empty by score, by na, only the prediction, only the reference
        "dice, 1, NaN, 0, 0",
        "iou, 1, NaN, 0, 0",
        "precision, NaN, NaN, 0, NaN",
        "recall, NaN, NaN, NaN, 0",
        "specificity, 1, 1, 0.75, 1",
        "mcc, NaN, NaN, 0, 0",
        "kappa, NaN, NaN, 0, 0",
        "rvd, NaN, NaN, NaN, -1",
        "vs, 1, NaN, 0, 0",
        "hd, 0, NaN, 10, 10",
        "hd95, 0, NaN, 10, 10",
        "hd95_pooled, 0, NaN, 10, 10",
        "hd_surfel, 0, NaN, 10, 10",
        "hd95_surfel, 0, NaN, 10, 10",
        "assd, 0, NaN, 10, 10",
        "masd, 0, NaN, 10, 10",
        "masd_surfel, 0, NaN, 10, 10",
        "nsd@1, 1, NaN, 0, 0",
        "nsd_surfel@1, 1, NaN, 0, 0",
        "biou@1, 1, NaN, 0, 0",
        "cldice, 1, NaN, 0, 0",
        "ece, 0.5, 0.5, 0.5, 0.25",
        "ece_box@1, NaN, NaN, NaN, 0.5",
        "brier, 0.25, 0.25, 0.25, 0.25",
        "nll, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453",
        "nll_clipped, 0, 0, 0, 0",
        "lesion_f1@0.1, 1, NaN, 0, 0",
        "lesions_found@0.1, 0, 0, 0, 0",
        "lesions_missed@0.1, 0, 0, 0, 1",
        "lesions_invented@0.1, 0, 0, 1, 0",
        "pq, 1, NaN, 0, 0"
    })
    void emptyMasks(String id, double score, double na, double referenceEmpty, double predictionEmpty) {
        // 2 x 2 voxels of 3 x 4 mm: a diagonal of √(6² + 8²)
        var grid = new Grid(1, 2, 2, 99, 3, 4);
        byte[] none = new byte[4];
        byte[] one = {0, 0, 1, 0};
        Metric metric = Metric.parse(id);
        Optional<float[]> half = Optional.of(new float[] {0.5f, 0.5f, 0.5f, 0.5f});
        var scorer = new Scorer(List.of(metric), Policy.DEFAULT);
        assertThat(scorer.score(none, none, grid, half, 1)).containsValue(new Score(score, Status.BOTH_EMPTY));
        assertThat(scorer.score(one, none, grid, half, 1)).containsValue(new Score(referenceEmpty, Status.REF_EMPTY));
        assertThat(scorer.score(none, one, grid, half, 1)).containsValue(new Score(predictionEmpty, Status.PRED_EMPTY));
        var strict = new Scorer(List.of(metric), Policy.parse("na", "inf"));
        assertThat(strict.score(none, none, grid, half, 1)).containsValue(new Score(na, Status.BOTH_EMPTY));
        double far = metric.unit().equals("mm") ? Double.POSITIVE_INFINITY : predictionEmpty;
        assertThat(strict.score(none, one, grid, half, 1)).containsValue(new Score(far, Status.PRED_EMPTY));
        var fixed = new Scorer(List.of(metric), Policy.parse("score", "374"));
        double mm = metric.unit().equals("mm") ? 374 : referenceEmpty;
        assertThat(fixed.score(one, none, grid, half, 1)).containsValue(new Score(mm, Status.REF_EMPTY));
    }

    @Test
    void everyMetricHasARowAboutEmptyMasks() throws NoSuchMethodException {
        String[] rows = ScorerTest.class
                .getDeclaredMethod("emptyMasks", String.class, double.class, double.class, double.class, double.class)
                .getAnnotation(CsvSource.class)
                .value();
        assertThat(MetricCatalog.all())
                .extracting(Metric::id)
                .containsExactlyElementsOf(List.of(rows).stream()
                        .map(row -> row.substring(0, row.indexOf(',')))
                        .toList());
    }

    @Test
    void aFullMaskIsUndefinedWhereTheFormulaIs() {
        var grid = new Grid(1, 1, 2, 1, 1, 1);
        byte[] all = {1, 1};
        for (String id : List.of("mcc", "kappa", "specificity")) {
            Metric metric = Metric.parse(id);
            assertThat(score(all, all, grid).get(metric)).isEqualTo(new Score(Double.NaN, Status.UNDEFINED));
        }
    }

    @Test
    void aStructureThatOnlyTheReferenceHasStaysInTheMean() {
        var good = new Score(0.8, Status.OK);
        var missed = new Score(0, Status.PRED_EMPTY);
        var absent = new Score(Double.NaN, Status.BOTH_EMPTY);
        var unknown = new Score(Double.NaN, Status.PRED_EMPTY);
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(good, missed))).isEqualTo(new Score(0.4, Status.PRED_EMPTY));
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(good, absent))).isEqualTo(new Score(0.8, Status.OK));
        // a miss beside an absent class, in either order, is no empty case
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(absent, unknown)))
                .isEqualTo(new Score(Double.NaN, Status.PRED_EMPTY));
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(unknown, absent)))
                .isEqualTo(new Score(Double.NaN, Status.PRED_EMPTY));
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(new Score(Double.NaN, Status.UNDEFINED), missed))
                        .status())
                .isEqualTo(Status.PRED_EMPTY);
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(absent, absent)))
                .isEqualTo(new Score(Double.NaN, Status.BOTH_EMPTY));
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(good, unknown)))
                .isEqualTo(new Score(Double.NaN, Status.PRED_EMPTY));
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(good, good)).status())
                .isEqualTo(Status.OK);
    }

    @Test
    void aClassTooLargeAndOneTooSmallDontCancel() {
        var classes = List.of(new Score(0.5, Status.OK), new Score(-0.5, Status.OK));
        assertThat(Scorer.mean(Metric.parse("rvd"), classes)).isEqualTo(new Score(0.5, Status.OK));
        assertThat(Scorer.mean(Metric.parse("mcc"), classes)).isEqualTo(new Score(0, Status.OK));
    }

    @Test
    void wrongSizesAreNamed() {
        var grid = new Grid(1, 1, 2, 1, 1, 1);
        var scorer = new Scorer(OF_MASKS, Policy.DEFAULT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer.score(new byte[3], new byte[2], grid, 1))
                .withMessageContaining("prediction has 3 voxels, grid (1, 1, 2) has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer.score(new byte[2], new byte[2], grid, Optional.of(new float[1]), 1))
                .withMessageContaining("1 probabilities");
    }
}
