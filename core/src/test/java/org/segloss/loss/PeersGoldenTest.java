package org.segloss.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.grid.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Values and gradients of the authors' and other libraries' code, in our text form. The numbers are no part of this
/// repository.
class PeersGoldenTest {
    private static final Path GOLDEN = Path.of("../../shared/golden/losses-peers.json");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CE | nnU-Net RobustCrossEntropyLoss | multiclass | ce",
                "BCE | torch BCEWithLogits | binary | bce",
                "sigmoid focal | MONAI FocalLoss() | multilabel | 2*focal(alpha=0.5)",
                "binary focal | kornia binary_focal_loss_with_logits(mean) | binary | focal",
                // over voxels and classes, as if a voxel's classes were each a voxel
                "softmax focal, mean over B*C*voxels | MONAI FocalLoss(use_softmax) | multiclass"
                        + " | 0.6666666666666666*focal(alpha=0.5)",
                "dice per sample, mean | MONAI DiceLoss(softmax,to_onehot_y) | multiclass | dice",
                "dice sigmoid | MONAI DiceLoss(sigmoid) | multilabel | dice",
                "squared dice | MONAI DiceLoss(squared_pred=True) | multiclass | squaredDice",
                // twice the intersection over twice the union
                "jaccard | MONAI DiceLoss(jaccard=True) | multiclass | jaccard(smooth=5e-6)",
                "iou | SegLossOdyssey IoULoss = iou loss - 1 | multiclass | jaccard(smooth=1) - 1",
                "tversky alpha=FP weight beta=FN weight | MONAI TverskyLoss(.3,.7) | multiclass | tversky",
                // there all is divided by 1 + beta^2
                "asymmetric (F-beta, beta 1.5) | SegLossOdyssey AsymLoss = loss - 1 | multiclass"
                        + " | fbeta(smooth=3.25) - 1",
                "dice + CE | MONAI DiceCELoss | multiclass | dice + ce",
                "top 10% CE | nnU-Net TopKLoss(k=10) | multiclass | topk",
                "lovasz softmax | Berman lovasz_softmax(present) | multiclass | lovasz(batch=true)",
                "lovasz softmax | SMP LovaszLoss(multiclass) | multiclass | lovasz(batch=true)",
                "lovasz hinge per image | Berman lovasz_hinge | binary | lovasz",
                "lovasz hinge per image | kornia lovasz_hinge_loss | binary | lovasz",
                "Hausdorff by erosion on probabilities | kornia HausdorffERLoss on softmax(z) | multiclass"
                        + " | hausdorffErosion(background=true)"
            })
    void peersAreMet(String name, String peer, String kind, String text) throws Exception {
        assumeThat(GOLDEN).exists();
        JsonNode golden = new ObjectMapper().readTree(Files.readString(GOLDEN));
        JsonNode entry = entry(golden, name, peer);
        String input = entry.get("input").asString();
        double[] logits = numbers(golden.get(input));
        double[] labels = numbers(golden.get(input.replace('z', 'y')));
        int classes = logits.length / labels.length;
        Shape shape =
                input.equals("z2") ? new Shape(2, classes, 1, 4, 5) : new Shape(2, classes, 1, 1, labels.length / 2);
        Task task =
                switch (kind) {
                    case "binary" -> Task.binary();
                    case "multiclass" -> Task.multiclass(classes);
                    default -> Task.multilabel(classes);
                };
        var problem = new Problem(
                task,
                shape,
                new float[0],
                Arrays.stream(labels).mapToInt(y -> (int) y).toArray());
        // all compute the weights of the Lovász losses in float, MONAI casts to float here and there, and kornia's
        // kernel is float
        boolean inFloat = name.startsWith("lovasz")
                || name.startsWith("Hausdorff")
                || peer.startsWith("MONAI Focal")
                || name.equals("squared dice");
        double tolerance = inFloat ? 1e-6 : 1e-9;

        double[] gradient = new double[logits.length];
        var prediction = new Prediction(
                MemorySegment.ofArray(logits), Prediction.FloatType.FLOAT64, shape, Prediction.Scale.LOGITS);
        double value = new LossEvaluator(Loss.parse(text), task, 2)
                .evaluate(prediction, problem.target(), MemorySegment.ofArray(gradient))
                .value();

        assertThat(value).isCloseTo(entry.get("value").asDouble(), within(tolerance));
        double[] expected = numbers(entry.get("grad"));
        for (int i = 0; i < expected.length; i++) {
            assertThat(gradient[i]).as("logit %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }

    private static JsonNode entry(JsonNode golden, String name, String peer) {
        for (JsonNode candidate : golden.get("entries")) {
            if (candidate.get("name").asString().equals(name)
                    && candidate.get("peer").asString().equals(peer)) {
                return candidate;
            }
        }
        throw new AssertionError("no entry " + name + " of " + peer);
    }

    private static double[] numbers(JsonNode node) {
        List<Double> all = new ArrayList<>();
        collect(node, all);
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> all) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, all));
        } else {
            all.add(node.asDouble());
        }
    }
}
