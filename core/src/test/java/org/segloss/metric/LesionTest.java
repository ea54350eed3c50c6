package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.grid.Components;
import org.segloss.grid.Grid;

class LesionTest {
    private static final List<String> NAMES =
            List.of("lesion_f1", "lesions_found", "lesions_missed", "lesions_invented");

    /// F1, found, missed, invented.
    private static double[] scores(double iou, byte[] prediction, byte[] reference, Grid grid) {
        List<Metric> metrics =
                NAMES.stream().map(name -> Metric.parse(name + "@" + iou)).toList();
        return new Scorer(metrics, Policy.DEFAULT)
                .score(prediction, reference, grid, 1).values().stream()
                        .mapToDouble(Score::value)
                        .toArray();
    }

    /// A line of voxels, `#` inside.
    private static byte[] line(String text) {
        byte[] mask = new byte[text.length()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (text.charAt(i) == '#' ? 1 : 0);
        }
        return mask;
    }

    @ParameterizedTest
    @CsvSource({
        // the whole image: an IoU of 3 / 24 with each lesion, and one part can find but one of them
        "########################, ###....###........###..., 0.2, 0, 0, 3, 1",
        "########################, ###....###........###..., 0.1, 0.5, 1, 2, 0",
        // a voxel in each: an IoU of 1/10, of 1/8 and of 1/4
        "#..........#........#..., ##########.########.####, 0.2, 0.3333333333333333, 1, 2, 2",
        "#..........#........#..., ##########.########.####, 0.1, 1, 3, 0, 0",
        // one part over two lesions, and two parts on one lesion: one of the two is found with it
        "########, ###..###, 0.1, 0.6666666666666666, 1, 1, 0",
        "###..###, ########, 0.1, 0.6666666666666666, 1, 0, 1",
        // IoU 2/10, 5/11 and 2/12 in a chain: the best pair alone would leave its neighbours without
        "..########.######, ####.########...., 0.15, 1, 2, 0, 0",
        "..########.######, ####.########...., 0.3, 0.5, 1, 1, 1",
        // 3 of 10: 0.3 times 10 is no more than 3
        "###......., ##########, 0.3, 1, 1, 0, 0",
        "##........, ##########, 0.3, 0, 0, 1, 1",
        "####, ####, 1, 1, 1, 0, 0"
    })
    void partsArePairedOneToOneByTheirOverlap(
            String prediction, String reference, double iou, double f1, int found, int missed, int invented) {
        byte[] p = line(prediction);
        var grid = new Grid(1, 1, p.length, 1, 1, 1);
        assertThat(scores(iou, p, line(reference), grid)).containsExactly(f1, found, missed, invented);
    }

    private static byte[] random(Random random, int voxels) {
        byte[] mask = new byte[voxels];
        for (int i = 0; i < voxels; i++) {
            mask[i] = (byte) (random.nextInt(5) < 2 ? 1 : 0);
        }
        return mask;
    }

    private record Pair(int prediction, int reference, double iou) {
        boolean sharesPartOf(Pair other) {
            return prediction == other.prediction || reference == other.reference;
        }
    }

    @Test
    void noOtherWayToPairPartsHasMorePairs() {
        var random = new Random(11);
        var line = new Grid(1, 1, 49, 1, 1, 1);
        var square = new Grid(1, 7, 7, 1, 1, 1);
        int chains = 0;
        for (int round = 0; round < 300; round++) {
            Grid grid = round % 3 == 0 ? line : square;
            byte[] p = random(random, 49);
            byte[] r = random(random, 49);
            if (grid == square) {
                // rows across columns: a part may fit any other
                for (int i = 0; i < 49; i++) {
                    p[i] = (byte) (i / 7 % 2 == 0 && random.nextInt(4) > 0 ? 1 : 0);
                    r[i] = (byte) (i % 7 % 2 == 0 && random.nextInt(4) > 0 ? 1 : 0);
                }
            }
            List<Pair> pairs = pairs(p, r, grid, 0.1);
            double[] scores = scores(0.1, p, r, grid);
            int most = most(pairs);
            assertThat(scores[1]).as("round %d", round).isEqualTo(most);
            assertThat(scores(0.1, r, p, grid)).containsExactly(scores[0], scores[1], scores[3], scores[2]);
            chains += most > bestFirst(pairs) ? 1 : 0;
        }
        // there were some in which it isn't enough to take the best pair that is left, again and again
        assertThat(chains).isPositive();
    }

    /// Parts that overlap enough, those that do so most first.
    private static List<Pair> pairs(byte[] p, byte[] r, Grid grid, double least) {
        int[] predicted = Components.of(p, grid);
        int[] expected = Components.of(r, grid);
        var pairs = new ArrayList<Pair>();
        for (int a = 1; a <= 30; a++) {
            for (int b = 1; b <= 30; b++) {
                int both = 0;
                int either = 0;
                for (int i = 0; i < predicted.length; i++) {
                    both += predicted[i] == a && expected[i] == b ? 1 : 0;
                    either += predicted[i] == a || expected[i] == b ? 1 : 0;
                }
                if (both > 0 && both >= least * either) {
                    pairs.add(new Pair(a, b, (double) both / either));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::iou).reversed());
        return pairs;
    }

    /// The larger of the two numbers with the first pair and without it.
    private static int most(List<Pair> pairs) {
        if (pairs.isEmpty()) {
            return 0;
        }
        List<Pair> rest = pairs.subList(1, pairs.size());
        List<Pair> free = rest.stream()
                .filter(pair -> !pair.sharesPartOf(pairs.getFirst()))
                .toList();
        int with = 1 + most(free);
        return free.size() == rest.size() ? with : Math.max(with, most(rest));
    }

    private static int bestFirst(List<Pair> pairs) {
        var taken = new ArrayList<Pair>();
        for (Pair pair : pairs) {
            if (taken.stream().noneMatch(pair::sharesPartOf)) {
                taken.add(pair);
            }
        }
        return taken.size();
    }

    private static int hash(int n) {
        return (n * 1103515245 + 12345 & 0x7fffffff) >> 16;
    }

    private static boolean block(int z, int y, int x) {
        return z % 4 > 0 && y % 4 > 0 && x % 4 > 0 && hash((z / 4 * 5 + y / 4) * 7 + x / 4) % 5 > 0;
    }

    /// SciPy 1.17.1: 47 parts each by `ndimage.label` with a structure of ones, 47 pairs with an IoU from 0.19 to
    /// 0.483, found by `optimize.linear_sum_assignment` of `-(IoU >= t)`.
    @ParameterizedTest
    @CsvSource({
        "0.1, 1.0, 47, 0, 0",
        "0.2, 0.9787234042553191, 46, 1, 1",
        "0.3, 0.723404255319149, 34, 13, 13",
        "0.4, 0.19148936170212766, 9, 38, 38",
        "0.5, 0.0, 0, 47, 47"
    })
    void partsOfAVolumeAreFoundAsByScipy(double iou, double f1, int found, int missed, int invented) {
        var grid = new Grid(12, 16, 20, 1, 1, 1);
        byte[] p = new byte[12 * 16 * 20];
        byte[] r = new byte[p.length];
        for (int i = 0; i < p.length; i++) {
            int z = i / 320;
            int y = i / 20 % 16;
            int x = i % 20;
            p[i] = (byte) (block(z, y, x + 1) && hash(i + 5000) % 3 > 0 ? 1 : 0);
            r[i] = (byte) (block(z, y, x) && hash(i) % 7 > 0 ? 1 : 0);
        }
        assertThat(scores(iou, p, r, grid)).containsExactly(f1, found, missed, invented);
    }
}
