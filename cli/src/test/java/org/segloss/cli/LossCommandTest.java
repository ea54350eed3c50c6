package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.cli.CommandLineTest.Call;
import org.segloss.format.ArrayFile;
import org.segloss.format.Images;
import org.segloss.format.numpy.Npy;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

class LossCommandTest {
    private static final double[] P = {0.875, 0.25, 0.5, 0.75, 0.125, 0.375, 0.625, 0.9375};
    private static final int[] Y = {1, 0, 1, 1, 0, 0, 0, 1};

    @TempDir
    Path folder;

    private Path prediction;
    private Path target;

    @BeforeEach
    void write() throws IOException {
        prediction = folder.resolve("p.npy");
        target = folder.resolve("t.npy");
        Npy.write(prediction, NumericArray.of(P, List.of(2, 1, 2, 2)));
        Npy.write(target, NumericArray.of(bytes(Y), List.of(2, 2, 2)));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private Call loss(String expression, Object... more) {
        var arguments = new ArrayList<Object>(
                List.of("loss", expression, "--prediction", prediction, "--target", target, "--json"));
        arguments.addAll(List.of(more));
        return segloss(arguments.toArray());
    }

    private double value(String expression, Object... more) {
        Call call = loss(expression, more);
        // P is logits here, and looks like probabilities
        assertThat(call.err().lines().filter(line -> !line.contains("say --from probabilities")))
                .isEmpty();
        assertThat(call.status()).isZero();
        return call.json().get("value").doubleValue();
    }

    @Test
    void distancesGoWithTheSpacingAndRampsWithTheProgress() {
        double once = value("boundary", "--from", "probabilities");
        assertThat(value("boundary", "--from", "probabilities", "--spacing", "2,2,2"))
                .isEqualTo(2 * once, within(1e-15));
        assertThat(value("ramp(0, 3)*boundary", "--from", "probabilities", "--progress", "0.5"))
                .isEqualTo(1.5 * once, within(1e-15));
        Call two = loss("boundary", "--spacing", "2,2");
        assertThat(two.status()).isEqualTo(2);
        assertThat(two.err()).contains("--spacing takes three numbers Z,Y,X, but 2 are given");
    }

    // two samples: sum py = 2.125 and 0.9375, sum p = 2.375 and 2.0625, sum y = 3 and 1
    @Test
    void diceOfProbabilitiesIsTheOneByHand() {
        double first = 1 - 2 * 2.125 / (2.375 + 3);
        double second = 1 - 2 * 0.9375 / (2.0625 + 1);
        assertThat(value("dice(smooth=0)", "--from", "probabilities")).isEqualTo((first + second) / 2, within(1e-15));
    }

    @Test
    void aValueThatIsNotFiniteIsNullInJsonAndSaid() throws IOException {
        Npy.write(prediction, NumericArray.of(new double[] {0, 1e300, 0, 0, 0, 0, 0, 0}, List.of(2, 1, 2, 2)));
        Call call = loss("1e300*bce");
        assertThat(call.status()).isZero();
        assertThat(call.json().get("value").isNull()).isTrue();
        assertThat(call.err()).contains("the value is Infinity");
    }

    @Test
    void probabilitiesThatAreTakenForLogitsAreAWarning() throws IOException {
        assertThat(loss("bce").err()).contains("all numbers of", "are from 0 to 1", "--from probabilities");
        assertThat(loss("bce", "--from", "probabilities").err()).isEmpty();
        Npy.write(prediction, NumericArray.of(new double[] {0, 1, 0.5, 0.2, -0.1, 0, 1, 1}, List.of(2, 1, 2, 2)));
        assertThat(loss("bce").err()).isEmpty();
        Npy.write(prediction, NumericArray.of(new double[8], List.of(2, 1, 2, 2)));
        assertThat(loss("bce").err()).isEmpty();
    }

    @Test
    void aSumIsPrintedWithItsTerms() {
        JsonNode json = loss("0.5*dice+bce", "--from", "probabilities").json();
        assertThat(json.propertyNames()).containsExactly("loss", "value", "terms");
        assertThat(json.get("loss").stringValue()).isEqualTo("0.5*dice + bce");
        assertThat(json.at("/terms/0").propertyNames()).containsExactly("term", "weight", "value");
        assertThat(json.at("/terms/0/term").stringValue()).isEqualTo("dice");
        assertThat(json.at("/terms/0/weight").doubleValue()).isEqualTo(0.5);
        assertThat(json.get("value").doubleValue())
                .isEqualTo(
                        0.5 * json.at("/terms/0/value").doubleValue()
                                + json.at("/terms/1/value").doubleValue(),
                        within(1e-15));
    }

    /// The article's code in float64 on its probabilities of shape (1, 1, 1, 2, 3) clipped to [1e-5, 1 - 1e-5],
    /// computed with NumPy 2.4.6: its Dice and Tversky are minus the coefficient, where these are one minus it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bce(clip=1e-5)                                      | 0.6001732656089186",
                "dice(smooth=1e-5)                                   | 0.32033764808680987",
                "tversky(fp=0.7, fn=0.3, smooth=1e-5)                | 0.3269616162832458",
                "focal(alpha=0.25, gamma=2, clip=1e-5, reduction=sum) | 0.7085996415366834",
                "bce(clip=1e-5) + log1p(dice(smooth=1e-5))           | 0.8780607635026484"
            })
    void theArticlesLossesHaveTheArticlesValues(String expression, double expected) throws IOException {
        Npy.write(prediction, NumericArray.of(GOLD_P, List.of(1, 1, 1, 2, 3)));
        Npy.write(target, NumericArray.of(bytes(GOLD_T), List.of(1, 1, 2, 3)));
        assertThat(value(expression, "--from", "probabilities")).isEqualTo(expected, within(1e-12));
    }

    private static final double[] GOLD_P = {0.961597, 0.000002, 0.541365, 0.128828, 0.999999, 0.519574};
    private static final int[] GOLD_T = {1, 0, 0, 1, 1, 0};

    static Stream<List<Integer>> sameTargets() {
        return Stream.of(List.of(2, 2, 2), List.of(2, 1, 2, 2));
    }

    @ParameterizedTest
    @MethodSource("sameTargets")
    void theTargetsShapeAndTypeMayVary(List<Integer> shape) throws IOException {
        double expected = value("bce + dice");
        for (NumericArray array : List.of(
                NumericArray.of(bytes(Y), shape),
                NumericArray.of(new float[] {1, 0, 1, 1, 0, 0, 0, 1}, shape),
                NumericArray.of(new double[] {1, 0, 1, 1, 0, 0, 0, 1}, shape))) {
            Npy.write(target, array);
            assertThat(value("bce + dice")).isEqualTo(expected);
        }
    }

    @Test
    void severalClassesTakeIndicesOrProbabilities() throws IOException {
        // (1, 2, 3): two classes, three pixels in a row
        Npy.write(prediction, NumericArray.of(new double[] {1, 0, 2, 0, 1, 2}, List.of(1, 2, 3)));
        Npy.write(target, NumericArray.of(bytes(0, 1, 1), List.of(1, 3)));
        // softmax of (1, 0), (0, 1), (2, 2)
        double expected = (2 * Math.log(1 + Math.exp(-1)) + Math.log(2)) / 3;
        assertThat(value("ce")).isEqualTo(expected, within(1e-15));
        Npy.write(target, NumericArray.of(new float[] {0, 1, 1}, List.of(1, 1, 3)));
        assertThat(value("ce")).isEqualTo(expected, within(1e-15));
        Npy.write(target, NumericArray.of(bytes(1, 0, 0, 0, 1, 1), List.of(1, 2, 3)));
        assertThat(value("ce")).isEqualTo(expected, within(1e-15));
    }

    @Test
    void whoeverLeavesOutABackgroundThatIsNotThereIsTold() {
        Call call = loss("ce + dice(background = false)");
        assertThat(call.status()).isZero();
        assertThat(call.err())
                .contains(
                        "Warning: background=false changes nothing in ce + dice(background = false): a binary task has no class for the background");
        assertThat(loss("ce + dice").err()).doesNotContain("background");
        // whose part leaves it out by itself
        assertThat(loss("diceCe").err()).doesNotContain("background");
        assertThat(LossTexts.warnings(List.of("dice(background=false)", "ce"), Task.Kind.MULTICLASS))
                .isEmpty();
        assertThat(LossTexts.warnings(List.of("dice(batch=true, background=false)", "ce"), Task.Kind.MULTILABEL))
                .singleElement()
                .asString()
                .contains("in dice(batch=true, background=false): a multilabel task");
    }

    @Test
    void ignoredAndMaskedVoxelsDoNotCount() throws IOException {
        Path mask = folder.resolve("m.npy");
        Npy.write(mask, NumericArray.of(bytes(1, 0, 0, 0, 0, 0, 0, 0), List.of(2, 2, 2)));
        // the first logit is 0.875 and its target 1
        double expected = Math.log(1 + Math.exp(-0.875));
        assertThat(value("bce", "--mask", mask)).isEqualTo(expected, within(1e-15));
        Npy.write(target, NumericArray.of(bytes(1, 7, 7, 7, 7, 7, 7, 7), List.of(2, 2, 2)));
        assertThat(value("bce", "--ignore", 7)).isEqualTo(expected, within(1e-15));
        Npy.write(target, NumericArray.of(bytes(1, 7, 9, 7, -1, 7, 7, 7), List.of(2, 2, 2)));
        assertThat(value("bce", "--ignore", "9, 255,7")).isEqualTo(expected, within(1e-15));
        assertThat(value("bce", "--ignore", "9, 255", "--ignore", 7)).isEqualTo(expected, within(1e-15));
    }

    @Test
    void theGradientHasThePredictionsShapeAndTypeAndIsTheDerivative() throws IOException {
        Path file = folder.resolve("g.npy");
        value("bce + dice", "--gradient", file);
        NumericArray gradient = ArrayFile.read(file).array();
        assertThat(gradient.shape()).containsExactly(2, 1, 2, 2);
        assertThat(gradient.type()).isEqualTo(ElementType.FLOAT64);
        double h = 0x1p-17;
        for (int i = 0; i < P.length; i++) {
            double[] moved = P.clone();
            moved[i] = P[i] + h;
            Npy.write(prediction, NumericArray.of(moved, List.of(2, 1, 2, 2)));
            double up = value("bce + dice");
            moved[i] = P[i] - h;
            Npy.write(prediction, NumericArray.of(moved, List.of(2, 1, 2, 2)));
            double down = value("bce + dice");
            // truncation h^2 = 6e-11 times a third derivative below 1, rounding 1e-16 / h = 1e-11
            assertThat(gradient.get(i)).isEqualTo((up - down) / (2 * h), within(1e-10));
        }
    }

    @Test
    void anImageIsABatchOfOneAndItsGradientKeepsThePlace() throws IOException {
        Geometry grid = Geometry.scaled(2, 2, 2, 1, 1, 2.5);
        float[] logits = new float[8];
        for (int i = 0; i < 8; i++) {
            logits[i] = (float) P[i];
        }
        Npy.write(prediction, NumericArray.of(logits, List.of(1, 1, 2, 2, 2)));
        Npy.write(target, NumericArray.of(bytes(Y), List.of(1, 2, 2, 2)));
        double expected = value("bce + dice");

        prediction = folder.resolve("p.nii.gz");
        target = folder.resolve("t.nii");
        Images.write(prediction, new Volume(grid, 1, logits));
        Images.write(target, grid, NumericArray.of(bytes(Y), List.of(2, 2, 2)));
        Path gradient = folder.resolve("g.nii.gz");
        assertThat(value("bce + dice", "--gradient", gradient)).isEqualTo(expected);
        assertThat(Images.read(gradient).geometry()).isEqualTo(grid);
        // in the words of the image's header: a scanner's qform, micrometres
        Path plain = folder.resolve("p.nii");
        Images.write(plain, new Volume(grid, 1, logits));
        byte[] header = Files.readAllBytes(plain);
        header[123] = 3;
        header[252] = 1;
        Files.write(plain, header);
        prediction = plain;
        gradient = folder.resolve("g.nii");
        value("bce + dice", "--gradient", gradient);
        byte[] written = Files.readAllBytes(gradient);
        assertThat(new byte[] {written[123], written[252], written[254]}).containsExactly(3, 1, header[254]);
    }

    @Test
    void aTargetOfAnotherOrderOfAxesIsTurnedToItsPrediction() throws IOException {
        float[] logits = new float[8];
        for (int i = 0; i < 8; i++) {
            logits[i] = (float) P[i];
        }
        prediction = folder.resolve("p.nii.gz");
        target = folder.resolve("t.nii");
        Images.write(prediction, new Volume(Geometry.identity(2, 2, 2), 1, logits));
        Images.write(target, Geometry.identity(2, 2, 2), NumericArray.of(bytes(Y), List.of(2, 2, 2)));
        double expected = value("bce");
        // x and z exchanged, y backward, in 16 bits
        var turned = new Geometry(2, 2, 2, new double[] {0, 0, 1, 0, 0, -1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1});
        short[] labels = new short[8];
        for (int i = 0; i < 8; i++) {
            int x = i % 2;
            int y = i / 2 % 2;
            int z = i / 4;
            labels[z + 2 * (1 - y) + 4 * x] = (short) Y[i];
        }
        NumericArray stored = new NumericArray(List.of(2, 2, 2), ElementType.INT16, MemorySegment.ofArray(labels));
        Images.write(target, turned, stored);
        assertThat(value("bce")).isEqualTo(expected);
        assertThat(value("bce", "--mask", target)).isNotEqualTo(expected);
        Images.write(target, Geometry.scaled(2, 2, 2, 1, 1, 2), NumericArray.of(bytes(Y), List.of(2, 2, 2)));
        assertThat(loss("bce").err()).contains("t.nii has the affine [1 0 0 0; 0 1 0 0; 0 0 2 0]", "p.nii.gz has [1 0");
    }

    @Test
    void theGradientReplacesNoInput() throws IOException {
        byte[] before = Files.readAllBytes(target);
        Call call = loss("bce", "--gradient", target);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("the gradient would replace the input " + target, "give another --gradient");
        assertThat(target).hasBinaryContent(before);
    }

    @Test
    void aShapeThatDoesNotFitIsNamedWithBoth() throws IOException {
        Npy.write(target, NumericArray.of(bytes(1, 0, 1), List.of(1, 3)));
        Call call = loss("bce");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("(1, 3)", "(2, 1, 2, 2)", "(2, 2, 2)");
        Npy.write(prediction, NumericArray.of(P, List.of(8)));
        assertThat(loss("bce").err()).contains("p.npy has the shape (8)", "(batch, class, space...)");
    }

    @Test
    void aLossThatDoesNotFitTheTaskSaysWhatDoes() throws IOException {
        Npy.write(prediction, NumericArray.of(P, List.of(1, 2, 4)));
        Npy.write(target, NumericArray.of(bytes(1, 0, 1, 0), List.of(1, 4)));
        Call call = loss("bce");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("ce");
    }
}
