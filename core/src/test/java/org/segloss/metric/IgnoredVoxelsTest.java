package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.grid.Grid;
import org.segloss.metric.Score.Status;

/// What nobody knows counts in no metric, and is no border.
class IgnoredVoxelsTest {
    private static final Scorer ALL = new Scorer(MetricCatalog.all(), Policy.DEFAULT);

    /// A case of which a part is unknown: scattered voxels and a block.
    private record Problem(byte[] p, byte[] r, boolean[] known, float[] probabilities, Grid grid) {

        static Problem random(Random random, Grid grid) {
            int n = (int) grid.voxels();
            byte[] p = new byte[n];
            byte[] r = new byte[n];
            boolean[] known = new boolean[n];
            float[] probabilities = new float[n];
            double cy = random.nextDouble() * grid.y();
            double cx = random.nextDouble() * grid.x();
            int from = random.nextInt(n);
            int to = from + random.nextInt(n / 2);
            for (int i = 0; i < n; i++) {
                double y = i / grid.x() % grid.y() - cy;
                double x = i % grid.x() - cx;
                boolean in = y * y + x * x < 12;
                r[i] = (byte) (in || random.nextInt(40) == 0 ? 1 : 0);
                p[i] = (byte) (random.nextInt(6) == 0 ? 1 - r[i] : r[i]);
                known[i] = random.nextInt(8) > 0 && (i < from || i >= to);
                probabilities[i] = Math.clamp(p[i] * 0.6f + random.nextFloat() * 0.4f, 0, 1);
            }
            return new Problem(p, r, known, probabilities, grid);
        }

        Map<Metric, Score> scores() {
            return ALL.score(p, r, Optional.of(known), grid, Optional.of(probabilities), 2);
        }
    }

    private static Grid grid(Random random, int round) {
        int z = round % 3 == 0 ? 1 : 2 + random.nextInt(5);
        return new Grid(z, 3 + random.nextInt(9), 3 + random.nextInt(12), 2.5, 0.7, 1 + random.nextInt(2));
    }

    @Test
    void whatIsPredictedWhereNobodyKnowsChangesNoBit() {
        var random = new Random(1);
        for (int round = 0; round < 150; round++) {
            Problem problem = Problem.random(random, grid(random, round));
            Map<Metric, Score> before = problem.scores();
            for (int i = 0; i < problem.p.length; i++) {
                if (!problem.known[i]) {
                    problem.p[i] = (byte) random.nextInt(2);
                    problem.r[i] = (byte) random.nextInt(2);
                    problem.probabilities[i] = random.nextFloat();
                }
            }
            assertThat(problem.scores()).as("round %d", round).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dice",
                "iou",
                "precision",
                "recall",
                "specificity",
                "mcc",
                "kappa",
                "rvd",
                "vs",
                "ece",
                "brier",
                "nll",
                "nll_clipped"
            })
    void aCountIsThatOfTheKnownVoxelsAlone(String id) {
        var random = new Random(2);
        var scorer = new Scorer(List.of(Metric.parse(id)), Policy.DEFAULT);
        for (int round = 0; round < 60; round++) {
            Problem problem = Problem.random(random, grid(random, round));
            int[] kept = IntStream.range(0, problem.p.length)
                    .filter(i -> problem.known[i])
                    .toArray();
            byte[] p = new byte[kept.length];
            byte[] r = new byte[kept.length];
            float[] probabilities = new float[kept.length];
            for (int k = 0; k < kept.length; k++) {
                p[k] = problem.p[kept[k]];
                r[k] = problem.r[kept[k]];
                probabilities[k] = problem.probabilities[kept[k]];
            }
            assertThat(scorer.score(
                            problem.p,
                            problem.r,
                            Optional.of(problem.known),
                            problem.grid,
                            Optional.of(problem.probabilities),
                            1))
                    .as("round %d", round)
                    .isEqualTo(scorer.score(p, r, new Grid(1, 1, kept.length, 1, 1, 1), Optional.of(probabilities), 1));
        }
    }

    @Test
    void whereEverythingIsKnownNothingChanges() {
        var random = new Random(3);
        for (int round = 0; round < 30; round++) {
            Problem problem = Problem.random(random, grid(random, round));
            Arrays.fill(problem.known, true);
            assertThat(problem.scores())
                    .isEqualTo(ALL.score(problem.p, problem.r, problem.grid, Optional.of(problem.probabilities), 1));
        }
    }

    /// The definitions, by looking at every two voxels.
    @Test
    void surfacesAndBordersAreThoseBetweenKnownVoxels() {
        var random = new Random(4);
        int compared = 0;
        for (int round = 0; round < 150; round++) {
            Problem problem = Problem.random(random, grid(random, round));
            List<int[]> p = surface(problem.p, problem);
            List<int[]> r = surface(problem.r, problem);
            if (p.isEmpty() || r.isEmpty()) {
                continue;
            }
            compared++;
            double[] there = distances(p, r, problem.grid);
            double[] back = distances(r, p, problem.grid);
            double[] both = DoubleStream.concat(Arrays.stream(there), Arrays.stream(back))
                    .toArray();
            Map<Metric, Score> scores = problem.scores();
            String where = "round %d".formatted(round);
            assertThat(value(scores, "hd")).as(where).isCloseTo(SlowSurface.quantile(both, 1), within(1e-12));
            assertThat(value(scores, "hd95"))
                    .as(where)
                    .isCloseTo(
                            Math.max(SlowSurface.quantile(there, 0.95), SlowSurface.quantile(back, 0.95)),
                            within(1e-12));
            assertThat(value(scores, "assd")).as(where).isCloseTo(SlowSurface.mean(both), within(1e-12));
            assertThat(value(scores, "nsd@1")).as(where).isEqualTo(SlowSurface.share(both, 1));
            for (double width : new double[] {1, 1.5, 2.5}) {
                assertThat(biou(problem, width))
                        .as(where)
                        .isEqualTo(Overlap.of(border(problem.p, problem, width), border(problem.r, problem, width))
                                .iou());
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    private static double biou(Problem problem, double width) {
        Metric metric = new BoundaryIou(width);
        return new Scorer(List.of(metric), Policy.DEFAULT)
                .score(problem.p, problem.r, Optional.of(problem.known), problem.grid, Optional.empty(), 1)
                .get(metric)
                .value();
    }

    private static double value(Map<Metric, Score> scores, String id) {
        return scores.get(Metric.parse(id)).value();
    }

    /// {@return whether a voxel is known to be outside, as everything beyond the image is}
    private static boolean isOutside(byte[] mask, Problem problem, int z, int y, int x) {
        Grid grid = problem.grid;
        if (z < 0 || z >= grid.z() || y < 0 || y >= grid.y() || x < 0 || x >= grid.x()) {
            return true;
        }
        int i = (z * grid.y() + y) * grid.x() + x;
        return problem.known[i] && mask[i] == 0;
    }

    private static List<int[]> surface(byte[] mask, Problem problem) {
        Grid grid = problem.grid;
        int[][] steps = {{0, 0, 1}, {0, 0, -1}, {0, 1, 0}, {0, -1, 0}, {1, 0, 0}, {-1, 0, 0}};
        var surface = new ArrayList<int[]>();
        for (int i = 0; i < mask.length; i++) {
            int[] at = {i / grid.x() / grid.y(), i / grid.x() % grid.y(), i % grid.x()};
            boolean border = Arrays.stream(steps, 0, grid.z() > 1 ? 6 : 4)
                    .anyMatch(d -> isOutside(mask, problem, at[0] + d[0], at[1] + d[1], at[2] + d[2]));
            if (mask[i] != 0 && problem.known[i] && border) {
                surface.add(at);
            }
        }
        return surface;
    }

    private static double[] distances(List<int[]> from, List<int[]> to, Grid grid) {
        return from.stream()
                .mapToDouble(a -> to.stream()
                        .mapToDouble(b -> Math.sqrt(Math.pow((a[0] - b[0]) * grid.spacingZ(), 2)
                                + Math.pow((a[1] - b[1]) * grid.spacingY(), 2)
                                + Math.pow((a[2] - b[2]) * grid.spacingX(), 2)))
                        .min()
                        .orElseThrow())
                .toArray();
    }

    private static byte[] border(byte[] mask, Problem problem, double width) {
        Grid grid = problem.grid;
        byte[] border = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            int reach = (int) width;
            for (int z = -reach; z <= reach; z++) {
                for (int y = -reach; y <= reach; y++) {
                    for (int x = -reach; x <= reach; x++) {
                        boolean near = z * z + y * y + x * x <= width * width && (z == 0 || grid.z() > 1);
                        if (near
                                && mask[i] != 0
                                && problem.known[i]
                                && isOutside(
                                        mask,
                                        problem,
                                        i / grid.x() / grid.y() + z,
                                        i / grid.x() % grid.y() + y,
                                        i % grid.x() + x)) {
                            border[i] = 1;
                        }
                    }
                }
            }
        }
        return border;
    }

    // ---------------------------------------------------------------- by hand

    /// Rows of `.` for 0, `p` and `r` for voxels of the prediction and the reference alone, `b` for both, `?` for what
    /// nobody knows; 1 mm.
    private static Problem drawn(String... rows) {
        String all = String.join("", rows);
        byte[] p = new byte[all.length()];
        byte[] r = new byte[all.length()];
        boolean[] known = new boolean[all.length()];
        float[] probabilities = new float[all.length()];
        for (int i = 0; i < p.length; i++) {
            p[i] = (byte) ("pb".indexOf(all.charAt(i)) >= 0 ? 1 : 0);
            r[i] = (byte) ("rb".indexOf(all.charAt(i)) >= 0 ? 1 : 0);
            known[i] = all.charAt(i) != '?';
            probabilities[i] = p[i];
        }
        return new Problem(p, r, known, probabilities, new Grid(1, rows.length, rows[0].length(), 1, 1, 1));
    }

    /// Where the reference goes on into what is unknown it has no surface: of its 12 voxels 9 are of the
    /// surface, (2, 4) isn't. Of the prediction's nine voxels 8 are. (1, 4) and (3, 4) of the reference are 1
    /// mm from the other surface, (2, 3) of the prediction is.
    ///
    /// The elements of the reference are three sides, of which two are 3 mm long and end in the open, and two cut
    /// corners of √½; those of the prediction four sides of 2 mm and four such corners, of which two sides and two
    /// corners lie where the other one has elements; of the right side both millimetres are 1 mm away.
    @Test
    void aSurfaceEndsWhereNobodyKnows() {
        Problem problem = drawn(
                ".....???.", //
                ".bbbr???.",
                ".bbbr???.",
                ".bbbr???.",
                ".....???.");
        Map<Metric, Score> scores = problem.scores();
        assertThat(value(scores, "hd")).isEqualTo(1);
        var nsd = new SurfaceDice(SurfaceDice.Surface.VOXELS, 0.5);
        var elements = new SurfaceDice(SurfaceDice.Surface.ELEMENTS, 0.5);
        var scorer = new Scorer(List.of(nsd, elements), Policy.DEFAULT);
        Map<Metric, Score> near =
                scorer.score(problem.p, problem.r, Optional.of(problem.known), problem.grid, Optional.empty(), 1);
        assertThat(near.get(nsd).value()).isEqualTo(14 / 17.0);
        double corner = Math.sqrt(0.5);
        assertThat(near.get(elements).value()).isCloseTo((14 + 6 * corner) / (16 + 6 * corner), within(1e-12));
        assertThat(value(scores, "hd_surfel")).isEqualTo(1);
    }

    /// 4 TP, 1 FP, 2 FN and 7 TN are known; twelve voxels of which nobody knows would be TN.
    @Test
    void whatNobodyKnowsIsNoTrueNegative() {
        Problem problem = drawn(
                "bbbb.??????", //
                "prr..??????",
                "....???????");
        Map<Metric, Score> scores = problem.scores();
        assertThat(value(scores, "specificity")).isEqualTo(7 / 8.0);
        assertThat(value(scores, "mcc")).isCloseTo((4 * 7 - 2) / Math.sqrt(5.0 * 6 * 8 * 9), within(1e-15));
        assertThat(value(scores, "brier")).isCloseTo(3 / 14.0, within(1e-15));
    }

    /// The box around the reference, with 1 mm more, has 12 voxels, of which two aren't known; one is wrong by 1.
    @Test
    void aBoxHasTheVoxelsThatAreKnown() {
        Problem problem = drawn(
                "......", //
                ".b?...", ".p?...", "......");
        assertThat(value(problem.scores(), "ece_box@1")).isCloseTo(1 / 7.0, within(1e-15));
    }

    /// Two parts that only unknown voxels part, nobody knows whether they are two.
    @Test
    void aLesionThatUnknownVoxelsCutIsOne() {
        Map<Metric, Score> cut = drawn(
                        "....?....", //
                        ".bbb?bbr.",
                        "....?....")
                .scores();
        assertThat(value(cut, "lesions_found@0.1")).isEqualTo(1);
        // five of six voxels; the one between them is of neither
        assertThat(value(cut, "pq")).isEqualTo(5 / 6.0);
        Map<Metric, Score> two = drawn(
                        ".........", //
                        ".bbb.bbr.",
                        ".........")
                .scores();
        assertThat(value(two, "lesions_found@0.1")).isEqualTo(2);
    }

    /// The middle row is the skeleton of the bar, whatever is known of two voxels beside it: with a hole there would be
    /// a loop, of which most isn't predicted.
    @Test
    void aSkeletonHasNoHoleWhereNobodyKnows() {
        String row = "." + "r".repeat(28) + ".";
        String line = "." + "r".repeat(5) + "b".repeat(18) + "r".repeat(5) + ".";
        String part = "." + "r".repeat(13) + "??" + "r".repeat(13) + ".";
        String none = ".".repeat(30);
        Problem whole = drawn(none, row, row, row, row, row, line, row, row, row, row, row, none);
        Problem partly = drawn(none, row, row, row, part, row, line, row, row, row, row, row, none);
        double expected = value(whole.scores(), "cldice");
        assertThat(expected).isGreaterThan(0.8);
        assertThat(value(partly.scores(), "cldice")).isEqualTo(expected);
        Arrays.fill(partly.known, true);
        assertThat(value(partly.scores(), "cldice")).isLessThan(expected);
    }

    // ---------------------------------------------------------------- at the edges

    /// Of a class that fills what is known nobody knows a surface. Two such masks agree; where the other one lacks its
    /// middle, it alone has a surface.
    @ParameterizedTest
    @CsvSource({"b, 1, 0, BOTH_EMPTY", "r, 0, 7.0710678118654755, REF_EMPTY", "p, 0, 7.0710678118654755, PRED_EMPTY"})
    void aMaskMayHaveNoSurfaceThatIsKnown(char middle, double nsd, double hd, Status status) {
        Map<Metric, Score> scores = drawn(
                        "?????", //
                        "?bbb?",
                        "?b" + middle + "b?",
                        "?bbb?",
                        "?????")
                .scores();
        assertThat(scores.get(OverlapMetric.DICE).status()).isEqualTo(Status.OK);
        for (String id : List.of("hd", "hd95", "assd", "masd", "hd_surfel", "hd95_surfel", "masd_surfel")) {
            assertThat(scores.get(Metric.parse(id))).as(id).isEqualTo(new Score(hd, status));
        }
        for (String id : List.of("nsd@1", "nsd_surfel@1", "biou@1")) {
            assertThat(scores.get(Metric.parse(id))).as(id).isEqualTo(new Score(nsd, status));
        }
    }

    @Test
    void aCaseOfWhichNothingIsKnownHasNoScore() {
        byte[] p = {0, 1, 1, 0};
        var scorer = new Scorer(MetricCatalog.all(), Policy.DEFAULT);
        Grid grid = new Grid(1, 2, 2, 1, 1, 1);
        Optional<boolean[]> nothing = Optional.of(new boolean[4]);
        Score none = new Score(Double.NaN, Status.ALL_IGNORED);
        assertThat(scorer.score(p, p, nothing, grid, Optional.of(new float[4]), 1)
                        .values())
                .containsOnly(none);
        var ofMasks = new Scorer(List.of(OverlapMetric.DICE, DistanceMetric.HD), Policy.DEFAULT);
        assertThat(ofMasks.missed(p, nothing, grid, 1).values()).containsOnly(none);
        // and it is left out of the mean over cases, and counted
        Mean mean = Mean.of(OverlapMetric.DICE, List.of(none, new Score(0.5, Status.OK)));
        assertThat(mean).isEqualTo(new Mean(0.5, 1, 1, 0));
        assertThat(Scorer.mean(OverlapMetric.DICE, List.of(none, none))).isEqualTo(none);
    }

    /// What a missed case lacks is what is known of it.
    @Test
    void aMissedCaseIsOneOfKnownVoxels() {
        byte[] r = {0, 1, 1, 0};
        boolean[] known = {true, false, false, true};
        var scorer = new Scorer(List.of(OverlapMetric.SPECIFICITY, OverlapMetric.RECALL), Policy.DEFAULT);
        assertThat(scorer.missed(r, Optional.of(known), new Grid(1, 2, 2, 1, 1, 1), 1)
                        .values())
                .containsExactly(new Score(1, Status.PRED_EMPTY), new Score(Double.NaN, Status.PRED_EMPTY));
    }

    /// By hand: class 1 is found in one of two known voxels; the prediction's 255 at the end is no class.
    @Test
    void labelsOfTheReferenceAreIgnored() {
        byte[] p = {1, 0, 1, 2, (byte) 255, 2};
        byte[] r = {1, 1, (byte) 255, (byte) 254, 2, 2};
        Grid grid = new Grid(1, 1, 6, 1, 1, 1);
        var scorer = new Scorer(List.of(OverlapMetric.DICE, OverlapMetric.SPECIFICITY), Policy.DEFAULT);
        Map<Integer, Map<Metric, Score>> scores = scorer.scoreClasses(p, r, List.of(1, 2), Set.of(254, 255), grid, 1);
        assertThat(scores.get(1).values()).containsExactly(new Score(2 / 3.0, Status.OK), new Score(1, Status.OK));
        assertThat(scores.get(2).values()).containsExactly(new Score(2 / 3.0, Status.OK), new Score(1, Status.OK));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer.scoreClasses(p, r, List.of(1, 255), Set.of(255), grid, 1))
                .withMessage("label 255 is ignored, and can't be scored as a class too");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer.score(p, r, Optional.of(new boolean[5]), grid, Optional.empty(), 1))
                .withMessage("it is said of 5 voxels whether they are known, grid (1, 1, 6) has 6");
    }
}
