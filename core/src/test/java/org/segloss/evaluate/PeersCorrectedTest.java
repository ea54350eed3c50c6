package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

/// What is right where the code of a peer is wrong: the number that it gives, and the formula of its paper.
class PeersCorrectedTest {

    @Test
    void penaltyDiceTakesOneMinusTheCoefficient() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        JsonNode wrong =
                PeersGoldenTest.entry(golden, "penalty GDice as coded (v=-GDice)", "SegLossOdyssey PenaltyGDiceLoss");
        double[] logits = Golden.numbers(golden.get("z3"));
        double[] labels = Golden.numbers(golden.get("y3"));
        Shape shape = Golden.shape(Golden.dimensions(golden.get("z3")));
        Shape one = new Shape(1, 3, shape.z(), shape.y(), shape.x());
        int n = (int) one.voxels();
        double right = 0;
        double mean = 0;
        for (int b = 0; b < 2; b++) {
            double g = Golden.evaluate(
                            "generalizedDice(smoothNum=2e-5)",
                            Task.multiclass(3),
                            Prediction.Scale.LOGITS,
                            one,
                            Arrays.copyOfRange(logits, b * 3 * n, (b + 1) * 3 * n),
                            Golden.labels(Arrays.copyOfRange(labels, b * n, (b + 1) * n)))
                    .value();
            // Yang et al. (2019): g / (1 + k (1 - g)), k = 2.5
            right += g / (1 + 2.5 * (1 - g)) / 2;
            mean += g / 2;
        }
        double ours = PeersGoldenTest.evaluate(
                        golden, wrong, PeersGoldenTest.Data.MULTICLASS, "penaltyDice(smoothNum=2e-5)")
                .value();
        assertThat(ours).isCloseTo(right, within(PeersGoldenTest.EXACT));
        // theirs is the same formula of the same sums, with the wrong sign, and of the mean over samples
        double v = mean - 1;
        assertThat(wrong.get("value").asDouble()).isCloseTo(v / (1 + 2.5 * (1 - v)), within(PeersGoldenTest.FLOAT));
        assertThat(Math.abs(ours - wrong.get("value").asDouble())).isGreaterThan(0.1);
    }

    @Test
    void unifiedFocalHasHalfTheCrossEntropyInMonai16() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        JsonNode entry = PeersGoldenTest.entry(
                golden, "asymmetric unified focal", "MONAI AsymmetricUnifiedFocalLoss on softmax(z)");
        // MONAI 1.6.1: AsymmetricUnifiedFocalLoss(to_onehot_y=True)(z.softmax(1), y.clamp(max=1)), float64
        assertThat(PeersGoldenTest.evaluate(
                                golden,
                                entry,
                                PeersGoldenTest.Data.TWO,
                                "0.75*unifiedFocal(delta=0.7, focalWeight=0.3333333333333333)")
                        .value())
                .isCloseTo(0.4780497320494199, within(PeersGoldenTest.EXACT));
    }

    @Test
    void samplesOfTheWassersteinDiceDontLeakIntoOneAnother() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        JsonNode wrong = PeersGoldenTest.entry(
                golden, "generalized Wasserstein dice default (batch 2)", "MONAI 1.5.0 GWDL default");
        double right = PeersGoldenTest.entry(golden, "generalized Wasserstein dice default", "LucasFidon GWDL default")
                .get("value")
                .asDouble();
        double ours = PeersGoldenTest.evaluate(
                        golden,
                        wrong,
                        PeersGoldenTest.Data.MULTICLASS,
                        "wassersteinDice(matrix=[[0, 1, 1], [1, 0, 0.5], [1, 0.5, 0]])")
                .value();
        // smooth is 1e-5 here and 0 in the author's code, beside sums of about 50
        assertThat(ours).isCloseTo(right, within(1e-6));
        assertThat(Math.abs(ours - wrong.get("value").asDouble())).isGreaterThan(0.1);
    }

    @Test
    void expLogRaisesEachClassAndEachVoxel() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        JsonNode other = PeersGoldenTest.entry(
                golden, "exp-log as coded (CE not raised; dice averaged first)", "SegLossOdyssey ExpLog_loss");
        double[] y = Golden.numbers(golden.get("y3"));
        Shape shape = Golden.shape(Golden.dimensions(golden.get("z3")));
        double[] p = softmax(Golden.numbers(golden.get("z3")), shape);
        double[] mask = Golden.oneHot(y, shape);
        int n = (int) shape.voxels();
        double logDice = 0;
        for (int from = 0; from < p.length; from += n) {
            double both = 0;
            double sum = 0;
            for (int i = from; i < from + n; i++) {
                both += p[i] * mask[i];
                sum += p[i] + mask[i];
            }
            logDice += Math.pow(-Math.log((2 * both + 1e-5) / (sum + 1e-5)), 0.3) * n / p.length;
        }
        double ce = IntStream.range(0, p.length)
                .filter(i -> mask[i] == 1)
                .mapToDouble(i -> Math.pow(-Math.log(p[i]), 0.3))
                .average()
                .orElseThrow();
        double ours = PeersGoldenTest.evaluate(golden, other, PeersGoldenTest.Data.MULTICLASS, "expLog")
                .value();
        // Wong et al. (2018)
        assertThat(ours).isCloseTo(0.8 * logDice + 0.2 * ce, within(PeersGoldenTest.EXACT));
        assertThat(Math.abs(ours - other.get("value").asDouble())).isGreaterThan(0.05);
    }

    @Test
    void lovaszSoftmaxSortsTheMaskOfAClass() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        JsonNode wrong = PeersGoldenTest.entry(golden, "lovasz softmax per image", "kornia lovasz_softmax_loss");
        Shape shape = Golden.shape(Golden.dimensions(golden.get("z2")));
        double[] p = softmax(Golden.numbers(golden.get("z2")), shape);
        double[] mask = Golden.oneHot(Golden.numbers(golden.get("y2")), shape);
        int n = (int) shape.voxels();
        double sum = 0;
        for (int from = 0; from < p.length; from += n) {
            sum += lovasz(Arrays.copyOfRange(p, from, from + n), Arrays.copyOfRange(mask, from, from + n));
        }
        double ours = PeersGoldenTest.evaluate(golden, wrong, PeersGoldenTest.Data.MULTICLASS, "lovasz")
                .value();
        // every class is in every sample, so that all are averaged
        assertThat(ours).isCloseTo(sum * n / p.length, within(PeersGoldenTest.EXACT));
        assertThat(Math.abs(ours - wrong.get("value").asDouble())).isGreaterThan(0.1);
    }

    /// The Jaccard loss of the i largest errors, each written out, times the steps between the errors.
    private static double lovasz(double[] p, double[] mask) {
        double[] errors = IntStream.range(0, p.length)
                .mapToDouble(i -> Math.abs(mask[i] - p[i]))
                .toArray();
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -errors[i]))
                .mapToInt(i -> i)
                .toArray();
        double foreground = DoubleStream.of(mask).sum();
        double falseNegatives = 0;
        double falsePositives = 0;
        double loss = 0;
        for (int i = 0; i < order.length; i++) {
            falseNegatives += mask[order[i]];
            falsePositives += 1 - mask[order[i]];
            double next = i + 1 < order.length ? errors[order[i + 1]] : 0;
            double jaccard = 1 - (foreground - falseNegatives) / (foreground + falsePositives);
            loss += jaccard * (errors[order[i]] - next);
        }
        return loss;
    }

    private static double[] softmax(double[] z, Shape shape) {
        int n = (int) shape.voxels();
        double[] p = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            int first = i / (n * shape.classes()) * n * shape.classes() + i % n;
            double sum = 0;
            for (int c = 0; c < shape.classes(); c++) {
                sum += Math.exp(z[first + c * n]);
            }
            p[i] = Math.exp(z[i]) / sum;
        }
        return p;
    }
}
