package org.segloss.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.segloss.grid.Grid;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;

/// HD95, ASSD or MASD, and NSD of two masks of 512 x 512 x 300 voxels, beside MONAI and DeepMind's surface-distance on
/// the same masks, in turns. Refuses to compare where values disagree. See `benchmarks/peers/surfaces`.
public final class SurfacePeers {
    private static final int THREADS = 2;
    private static final int ROUNDS = 3;
    private static final Grid GRID = new Grid(300, 512, 512, 1.5, 0.7, 0.7);

    /// @param rival what does the same by the same definitions
    private record Case(String rival, String metrics) {}

    private static final List<Case> CASES =
            List.of(new Case("monai", "hd95,assd,nsd@1"), new Case("deepmind", "hd95_surfel,masd_surfel,nsd_surfel@1"));

    private SurfacePeers() {}

    /// @param args the Python that has the rivals
    public static void main(String[] args) throws IOException, InterruptedException {
        byte[] prediction = ellipsoid(153, 258, 262);
        byte[] reference = ellipsoid(149, 256, 256);
        Path folder = Files.createTempDirectory("segloss-surfaces");
        Files.write(folder.resolve("prediction"), prediction);
        Files.write(folder.resolve("reference"), reference);
        Process python = new ProcessBuilder(
                        args[0], "benchmarks/peers/surfaces.py", folder.toString(), Integer.toString(THREADS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        System.out.println("| metrics | values | ours, ms | rival | ms | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        try (PrintWriter ask = new PrintWriter(python.outputWriter(), true);
                BufferedReader answers = python.inputReader()) {
            for (Case c : CASES) {
                measure(c, prediction, reference, ask, answers);
            }
        } finally {
            python.waitFor();
            for (String name : List.of("prediction", "reference")) {
                Files.delete(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    private static void measure(Case c, byte[] prediction, byte[] reference, PrintWriter ask, BufferedReader answers)
            throws IOException {
        var scorer = new Scorer(Metric.parseList(c.metrics), Policy.DEFAULT);
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        double[] values = {};
        for (int round = -2; round < ROUNDS; round++) {
            long start = System.nanoTime();
            Map<Metric, Score> scores = scorer.score(prediction, reference, GRID, THREADS);
            double ms = (System.nanoTime() - start) / 1e6;
            values = scores.values().stream().mapToDouble(Score::value).toArray();
            if (round >= 0) {
                ours[round] = ms;
            }
            if (round >= -1) {
                ask.println(c.rival);
                double[] answer = Arrays.stream(answers.readLine().split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                if (round >= 0) {
                    theirs[round] = answer[0];
                }
                check(c, values, Arrays.copyOfRange(answer, 1, answer.length));
            }
        }
        System.out.printf(
                "| %s | %s | %.0f | %s | %.0f | %.1f |%n",
                c.metrics.replace(",", ", "),
                Arrays.toString(values),
                median(ours),
                c.rival,
                median(theirs),
                median(theirs) / median(ours));
    }

    private static void check(Case c, double[] ours, double[] theirs) {
        for (int i = 0; i < ours.length; i++) {
            // MONAI's quantile and sums are those of float
            if (!(Math.abs(ours[i] - theirs[i]) <= 1e-6 * Math.abs(theirs[i]))) {
                throw new IllegalStateException(
                        "%s: %s here, %s there".formatted(c, Arrays.toString(ours), Arrays.toString(theirs)));
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// An ellipsoid of about 300 x 260 x 200 voxels.
    private static byte[] ellipsoid(int cz, int cy, int cx) {
        byte[] mask = new byte[(int) GRID.voxels()];
        for (int i = 0; i < mask.length; i++) {
            double z = (i / GRID.x() / GRID.y() - cz) / 146.0;
            double y = (i / GRID.x() % GRID.y() - cy) / 130.0;
            double x = (i % GRID.x() - cx) / 100.0;
            mask[i] = (byte) (z * z + y * y + x * x <= 1 ? 1 : 0);
        }
        return mask;
    }
}
