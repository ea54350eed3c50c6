package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

/// The values that the article's own five functions give in double precision. The article returns minus the coefficient
/// where these losses return one minus it.
class ArticleGoldenTest {
    private static final Map<String, String> LOSSES = Map.of(
            "binary_crossentropy", "bce(clip=1e-5)",
            "binary_dice", "dice - 1",
            "binary_tversky", "tversky(fp=0.7, fn=0.3) - 1",
            "binary_focalloss", "focal(clip=1e-5, reduction=sum)",
            "binary_dicePcrossentroy", "bce(clip=1e-5) + log1p(dice)");

    @ParameterizedTest
    @EnumSource(Prediction.Scale.class)
    void theArticlesFiveLossesAreMet(Prediction.Scale scale) throws Exception {
        JsonNode cases = GoldenFile.read("losses-article.json").get("cases");
        assertThat(cases).isNotEmpty();
        for (JsonNode golden : cases) {
            JsonNode s = golden.get("shape_B_Z_H_W_C");
            Shape shape = new Shape(
                    s.get(0).asInt(),
                    1,
                    s.get(1).asInt(),
                    s.get(2).asInt(),
                    s.get(3).asInt());
            double[] p = numbers(golden.get("probabilities"));
            double[] input =
                    switch (scale) {
                        case PROBABILITIES -> p;
                        case LOGITS ->
                            DoubleStream.of(p)
                                    .map(v -> Math.log(v) - Math.log1p(-v))
                                    .toArray();
                    };
            double[] y = numbers(golden.get("targets"));
            byte[] labels = new byte[y.length];
            for (int i = 0; i < y.length; i++) {
                labels[i] = (byte) y[i];
            }
            var prediction = new Prediction(MemorySegment.ofArray(input), Prediction.FloatType.FLOAT64, shape, scale);
            assertThat(LOSSES)
                    .allSatisfy((name, text) -> assertThat(new LossEvaluator(Loss.parse(text), Task.binary())
                                    .evaluate(prediction, Target.labels(MemorySegment.ofArray(labels)))
                                    .value())
                            .isCloseTo(
                                    golden.get("expected").get(name).asDouble(),
                                    Percentage.withPercentage(1e-6 * 100)));
        }
    }

    private static double[] numbers(JsonNode samples) {
        return StreamSupport.stream(samples.spliterator(), false)
                .flatMap(sample -> StreamSupport.stream(sample.spliterator(), false))
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
