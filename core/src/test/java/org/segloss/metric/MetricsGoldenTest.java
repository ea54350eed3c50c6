package org.segloss.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Grid;
import tools.jackson.databind.JsonNode;

/// Against what DeepMind's surface-distance (1f805ce), MetricsReloaded (cb38dfc) and medpy (d6abf41) gave, and
/// overlap by NumPy in float64.
class MetricsGoldenTest {
    private static final int SIDE = 24;

    /// Our ids, by the file's names. Surfel distances of the two directions are averaged here.
    private static final Map<String, String> NAMES = names();

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String same : List.of("dice", "iou", "precision", "recall", "specificity", "mcc", "kappa", "vs", "rvd")) {
            names.put(same, same);
        }
        names.put("hd", "hd");
        names.put("hd95_maxdir", "hd95");
        names.put("hd95_pooled", "hd95_pooled");
        names.put("hd95_surfel", "hd95_surfel");
        names.put("hd_surfel", "hd_surfel");
        names.put("assd_pooled", "assd");
        names.put("masd", "masd");
        names.put("asd_surfel_gt2p_p2gt", "masd_surfel");
        names.put("nsd1_voxel", "nsd@1");
        names.put("nsd1_surfel", "nsd_surfel@1");
        names.put("biou_d1", "biou@1");
        return names;
    }

    private static JsonNode golden() throws IOException {
        return GoldenFile.read("metrics.json");
    }

    static Stream<String> problems() throws IOException {
        return golden().propertyNames().stream().filter(name -> name.contains("@"));
    }

    private interface Inside {
        boolean at(int z, int y, int x);
    }

    private static byte[] mask(Inside inside) {
        byte[] mask = new byte[SIDE * SIDE * SIDE];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (inside.at(i / SIDE / SIDE, i / SIDE % SIDE, i % SIDE) ? 1 : 0);
        }
        return mask;
    }

    private static byte[] box(int z0, int y0, int x0, int z1, int y1, int x1) {
        return mask((z, y, x) -> z >= z0 && z < z1 && y >= y0 && y < y1 && x >= x0 && x < x1);
    }

    private static byte[] sphere(int cz, int cy, int cx, int r) {
        return mask((z, y, x) -> (z - cz) * (z - cz) + (y - cy) * (y - cy) + (x - cx) * (x - cx) <= r * r);
    }

    /// The reference, then the prediction.
    private static List<byte[]> masks(String name) {
        byte[] ball = sphere(11, 11, 11, 6);
        byte[] andFar = ball.clone();
        andFar[(SIDE + 1) * SIDE + 1] = 1;
        return switch (name) {
            case "box7_shift_x1" -> List.of(box(5, 6, 4, 12, 13, 11), box(6, 6, 4, 13, 13, 11));
            case "box7_vs_box5" -> List.of(box(5, 6, 4, 12, 13, 11), box(6, 7, 5, 11, 12, 10));
            case "sphere6_vs_sphere5" -> List.of(ball, sphere(11, 11, 11, 5));
            case "sphere6_shift_1_2_0" -> List.of(ball, sphere(12, 13, 11, 6));
            case "sphere6_plus_far_voxel" -> List.of(ball, andFar);
            case "disjoint_boxes" -> List.of(box(2, 2, 2, 6, 6, 6), box(14, 14, 14, 18, 18, 18));
            case "touch_border" -> List.of(box(0, 0, 0, 6, 6, 6), box(0, 0, 0, 5, 6, 6));
            case "identical" -> List.of(ball, ball);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @MethodSource("problems")
    void everyNamedDefinitionHasItsValue(String problem) throws IOException {
        JsonNode golden = golden().get(problem);
        JsonNode spacing = golden.get("spacing");
        var grid = new Grid(
                SIDE,
                SIDE,
                SIDE,
                spacing.get(0).asDouble(),
                spacing.get(1).asDouble(),
                spacing.get(2).asDouble());
        List<byte[]> masks = masks(problem.substring(0, problem.indexOf('@')));
        List<Metric> metrics = NAMES.values().stream().map(Metric::parse).toList();
        Map<Metric, Score> scores = new Scorer(metrics, Policy.DEFAULT).score(masks.get(1), masks.get(0), grid, 2);
        NAMES.forEach((name, id) -> {
            JsonNode value = golden.get(name);
            double expected =
                    value.isArray() ? (value.get(0).asDouble() + value.get(1).asDouble()) / 2 : value.asDouble();
            assertThat(scores.get(Metric.parse(id)))
                    .isEqualTo(new Score(scores.get(Metric.parse(id)).value(), Score.Status.OK));
            assertThat(scores.get(Metric.parse(id)).value()).as(id).isCloseTo(expected, within(1e-9));
        });
    }

    @Test
    void nothingOfTheFileIsLeftOut() throws IOException {
        JsonNode golden = golden();
        List<String> counts = List.of("spacing", "tp", "fp", "fn", "tn");
        for (String problem : problems().toList()) {
            assertThat(golden.get(problem).propertyNames())
                    .allMatch(name -> counts.contains(name) || NAMES.containsKey(name));
        }
    }
}
