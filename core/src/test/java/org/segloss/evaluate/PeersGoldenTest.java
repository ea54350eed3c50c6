package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;

/// Values and gradients of the authors' and other libraries' code, in our text form.
class PeersGoldenTest {

    /// Both are computed in double.
    static final double EXACT = 1e-9;

    /// The peer computes in float, or rounds to float on the way.
    static final double FLOAT = 1e-6;

    /// kornia has 1e-6 where a one-hot target has 0, which moves a ratio of sums by as much.
    static final double FLOOR = 3e-6;

    enum Data {
        BINARY,
        MULTICLASS,
        MULTILABEL,
        /// Probabilities as the target.
        SOFT,
        /// Skeletons as the target.
        SKELETONS,
        /// Two channels, and all labels but the background as one.
        TWO
    }

    /// An entry that our text form meets.
    record Row(String name, String peer, Data data, String text, double tolerance) {}

    /// An entry that it doesn't.
    private record Other(String name, String peer, String reason) {}

    private static Row row(String name, String peer, Data data, String text, double tolerance) {
        return new Row(name, peer, data, text, tolerance);
    }

    static final List<Row> MET = List.of(
            row(
                    "Hausdorff by erosion on probabilities",
                    "kornia HausdorffERLoss on softmax(z)",
                    Data.MULTICLASS,
                    "hausdorffErosion(background=true)",
                    FLOAT),
            // cross-entropy
            row("CE", "nnU-Net RobustCrossEntropyLoss", Data.MULTICLASS, "ce", EXACT),
            // the weights are not in the file; their ratios are those of the gradients of the classes
            row(
                    "weighted CE: divided by sum of w over voxels",
                    "torch CrossEntropyLoss(weight)",
                    Data.MULTICLASS,
                    "ce(weights=[0.4, 1, 2.6])",
                    EXACT),
            row("CE label smoothing", "SMP SoftCrossEntropyLoss(.1)", Data.MULTICLASS, "ce(smoothing=0.1)", EXACT),
            row("BCE", "torch BCEWithLogits", Data.BINARY, "bce", EXACT),
            // there smoothing is what each of the two outcomes loses, here what both share
            row(
                    "BCE smoothing: target 1-s / s",
                    "SMP SoftBCEWithLogitsLoss(smooth_factor=.1)",
                    Data.BINARY,
                    "bce(smoothing=0.2)",
                    EXACT),
            row("sigmoid focal", "MONAI FocalLoss()", Data.MULTILABEL, "focal(alpha=[])", FLOAT),
            row(
                    "one-against-rest sigmoid focal",
                    "SMP FocalLoss(multiclass,alpha=.25)",
                    Data.MULTILABEL,
                    "focal",
                    EXACT),
            row("binary focal", "kornia binary_focal_loss_with_logits(mean)", Data.BINARY, "focal", EXACT),
            // a mean over voxels and classes, as if a voxel's classes were each a voxel
            row(
                    "softmax focal, mean over B*C*voxels",
                    "MONAI FocalLoss(use_softmax)",
                    Data.MULTICLASS,
                    "0.3333333333333333*focal(alpha=[])",
                    FLOAT),
            // the target is 1 and otherwise 1e-6, which is (1 + 2e-6) times a smoothed one
            row(
                    "softmax focal with target 1e-6 floor",
                    "kornia focal_loss(alpha=.5,mean)",
                    Data.MULTICLASS,
                    "0.333334*focal(alpha=0.5, smoothing=2.999994e-6)",
                    EXACT),
            row("top 10% CE", "nnU-Net TopKLoss(k=10)", Data.MULTICLASS, "topk", EXACT),

            // Dice
            row("dice per sample, mean", "MONAI DiceLoss(softmax,to_onehot_y)", Data.MULTICLASS, "dice", EXACT),
            row(
                    "dice no background",
                    "MONAI DiceLoss(include_background=False)",
                    Data.MULTICLASS,
                    "dice(background=false)",
                    EXACT),
            row("dice over the batch", "MONAI DiceLoss(batch=True)", Data.MULTICLASS, "dice(batch=true)", EXACT),
            row("dice sigmoid", "MONAI DiceLoss(sigmoid)", Data.MULTILABEL, "dice", EXACT),
            row(
                    "dice",
                    "nnU-Net SoftDiceLoss(do_bg=False,smooth=1e-5) = dice-1",
                    Data.MULTICLASS,
                    "dice(background=false) - 1",
                    FLOAT),
            row(
                    "dice over the batch, smooth 0",
                    "SMP DiceLoss(multiclass)",
                    Data.MULTICLASS,
                    "dice(batch=true, smooth=0)",
                    EXACT),
            row(
                    "dice over the batch, SMP smooth=1 is nr=dr=2 in the doubled form",
                    "SMP DiceLoss(multiclass,smooth=1)",
                    Data.MULTICLASS,
                    "dice(batch=true, smooth=2)",
                    EXACT),
            row(
                    "micro dice per image, target floor 1e-6",
                    "kornia dice_loss",
                    Data.MULTICLASS,
                    "dice(classes=together, smoothNum=0, smoothDen=1e-8)",
                    FLOOR),
            row("squared dice", "MONAI DiceLoss(squared_pred=True)", Data.MULTICLASS, "squaredDice", FLOAT),
            row(
                    "dice with soft labels (L1 form, sum of min)",
                    "MONAI DiceLoss(sigmoid,soft_label=True)",
                    Data.SOFT,
                    "dice(form=l1)",
                    EXACT),
            row("dice with soft labels, product form", "MONAI DiceLoss(sigmoid)", Data.SOFT, "dice", EXACT),
            row("log dice", "SMP DiceLoss(log_loss=True)", Data.MULTICLASS, "logDice(batch=true, smooth=0)", EXACT),
            row("dice + CE", "MONAI DiceCELoss", Data.MULTICLASS, "dice + ce", EXACT),
            row(
                    "dice(no bg)-1 + top 10% CE",
                    "nnU-Net DC_and_topk_loss", Data.MULTICLASS, "dice(background=false) - 1 + topk", FLOAT),

            // other overlaps
            // twice the intersection over twice the union, so that the smoothing counts half
            row("jaccard", "MONAI DiceLoss(jaccard=True)", Data.MULTICLASS, "jaccard(smooth=5e-6)", EXACT),
            row("iou", "SegLossOdyssey IoULoss = iou loss - 1", Data.MULTICLASS, "jaccard(smooth=1) - 1", EXACT),
            row(
                    "tversky alpha=FP weight beta=FN weight",
                    "MONAI TverskyLoss(.3,.7)",
                    Data.MULTICLASS,
                    "tversky",
                    EXACT),
            row("tversky", "SMP TverskyLoss(.3,.7)", Data.MULTICLASS, "tversky(batch=true, smooth=0)", EXACT),
            // with all classes of a softmax in one sum, FP = FN: only the sum of their weights counts
            row(
                    "micro tversky: only alpha+beta counts",
                    "kornia tversky_loss(.3,.7)",
                    Data.MULTICLASS,
                    "tversky(classes=together, smoothNum=0, smoothDen=1e-8)",
                    FLOOR),
            row(
                    "micro tversky: the same with alpha, beta exchanged",
                    "kornia tversky_loss(.7,.3)",
                    Data.MULTICLASS,
                    "tversky(fp=0.7, fn=0.3, classes=together, smoothNum=0, smoothDen=1e-8)",
                    FLOOR),
            row(
                    "focal tversky: (mean over classes)^gamma",
                    "SMP TverskyLoss(gamma=.75)",
                    Data.MULTICLASS,
                    "pow(tversky(batch=true, smooth=0), 0.75)",
                    EXACT),
            row(
                    "focal tversky: (mean)^gamma",
                    "SegLossOdyssey FocalTversky_loss(gamma=.75)",
                    Data.MULTICLASS,
                    "pow(tversky(smooth=1), 0.75)",
                    EXACT),
            // there all is divided by 1 + beta^2
            row(
                    "asymmetric (F-beta, beta 1.5)",
                    "SegLossOdyssey AsymLoss = loss - 1",
                    Data.MULTICLASS,
                    "fbeta(smooth=3.25) - 1",
                    EXACT),
            row("generalized dice, w=1/sy^2", "MONAI GeneralizedDiceLoss", Data.MULTICLASS, "generalizedDice", FLOAT),
            // smooth is inside the factor 2 of the numerator
            row(
                    "generalized dice (value = loss-1; numerator 2(I+s))",
                    "SegLossOdyssey GDiceLoss",
                    Data.MULTICLASS,
                    "generalizedDice(smoothNum=2e-5) - 1",
                    FLOAT),
            row("sensitivity-specificity", "SegLossOdyssey SSLoss", Data.MULTICLASS, "sensitivitySpecificity", EXACT),
            // there 1e-5 is added to each of the four counts, which are about 10
            row("MCC over the whole batch", "SMP MCCLoss on sigmoid(z)", Data.BINARY, "mcc(batch=true)", FLOAT),
            row(
                    "generalized Wasserstein dice default",
                    "LucasFidon GWDL default",
                    Data.MULTICLASS,
                    "wassersteinDice(matrix=[[0, 1, 1], [1, 0, 0.5], [1, 0.5, 0]], smooth=0)",
                    EXACT),
            row(
                    "generalized Wasserstein dice GDL",
                    "LucasFidon GWDL GDL",
                    Data.MULTICLASS,
                    "wassersteinDice(matrix=[[0, 1, 1], [1, 0, 0.5], [1, 0.5, 0]], weighting=gdl, smooth=0)",
                    EXACT),
            // a recall: no false positives, and its targets are skeletons made beforehand
            row(
                    "skeleton recall",
                    "Skeleton-Recall SoftSkeletonRecallLoss(do_bg=False)",
                    Data.SKELETONS,
                    "tversky(fp=0, fn=1, smooth=1, background=false) - 1",
                    EXACT),
            row(
                    "asymmetric unified focal",
                    "MONAI AsymmetricUnifiedFocalLoss on softmax(z)",
                    Data.TWO,
                    "unifiedFocal(delta=0.7)",
                    EXACT),

            // ranked
            row(
                    "lovasz softmax",
                    "Berman lovasz_softmax(present)",
                    Data.MULTICLASS,
                    "lovasz(batch=true, absent=ignore)",
                    FLOAT),
            row(
                    "lovasz softmax",
                    "SMP LovaszLoss(multiclass)",
                    Data.MULTICLASS,
                    "lovasz(batch=true, absent=ignore)",
                    FLOAT),
            row(
                    "lovasz softmax",
                    "SegLossOdyssey LovaszSoftmax on softmax(z)",
                    Data.MULTICLASS,
                    "lovasz(batch=true)",
                    FLOAT),
            row("lovasz hinge per image", "Berman lovasz_hinge", Data.BINARY, "lovasz", FLOAT),
            row("lovasz hinge per image", "kornia lovasz_hinge_loss", Data.BINARY, "lovasz", FLOAT),

            // where voxels lie
            row(
                    "Hausdorff DT",
                    "MONAI HausdorffDTLoss(include_background=True)",
                    Data.MULTICLASS,
                    "hausdorff(background=true)",
                    FLOAT),
            row(
                    "boundary, idc=[1,2]",
                    "boundary-loss SurfaceLoss (its one line, einsum then mean)",
                    Data.MULTICLASS,
                    "boundary",
                    EXACT),
            row(
                    "clDice 2D",
                    "MONAI SoftclDiceLoss on softmax(z)",
                    Data.MULTICLASS,
                    "clDice(batch=true, classes=together)",
                    EXACT),
            row("NACL mean kernel, L1", "MONAI NACLLoss(3,2)", Data.MULTICLASS, "nacl", FLOAT));

    static final List<Other> OTHERS = List.of(
            new Other(
                    "square=True squares tp, fp, fn per voxel",
                    "SegLossOdyssey SoftDiceLoss(square=True)",
                    "a form of no paper, and its author calls it a mistake: squaredDice is that of the V-Net"),
            new Other(
                    "penalty GDice as coded (v=-GDice)",
                    "SegLossOdyssey PenaltyGDiceLoss",
                    "the formula takes one minus the coefficient, the code minus the coefficient"),
            new Other(
                    "exp-log as coded (CE not raised; dice averaged first)",
                    "SegLossOdyssey ExpLog_loss",
                    "the paper raises cross-entropy too, and each class before they are averaged"),
            new Other(
                    "generalized Wasserstein dice default (batch 2)",
                    "MONAI 1.5.0 GWDL default",
                    "samples leak into one another"),
            new Other(
                    "lovasz softmax per image",
                    "kornia lovasz_softmax_loss",
                    "the labels are sorted where the mask of a class should be"));

    @ParameterizedTest
    @FieldSource("MET")
    void peersAreMet(Row row) throws Exception {
        isMet(row);
    }

    static void isMet(Row row) throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        JsonNode entry = entry(golden, row.name(), row.peer());
        Golden.assertClose(
                evaluate(golden, entry, row.data(), row.text()),
                entry.get("value").asDouble(),
                Golden.numbers(entry.get("grad")),
                row.tolerance(),
                row.tolerance());
    }

    @Test
    void everyEntryIsMetOrHasAReason() throws Exception {
        JsonNode golden = GoldenFile.read("losses-peers.json");
        List<String> all = new ArrayList<>();
        golden.get("entries")
                .forEach(e ->
                        all.add(e.get("name").asString() + " | " + e.get("peer").asString()));
        assertThat(Stream.concat(
                        MET.stream().map(r -> r.name() + " | " + r.peer()),
                        OTHERS.stream().map(o -> o.name() + " | " + o.peer())))
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(OTHERS).noneMatch(other -> other.reason().isBlank());
    }

    static Golden.Result evaluate(JsonNode golden, JsonNode entry, Data data, String text) {
        String input = entry.get("input").asString().substring(0, 2);
        double[] logits = Golden.numbers(golden.get(input));
        double[] labels = Golden.numbers(golden.get(data == Data.SKELETONS ? "sk3" : input.replace('z', 'y')));
        Shape shape = Golden.shape(Golden.dimensions(golden.get(input)));
        if (data == Data.TWO) {
            logits = twoChannels(logits, shape);
            labels = DoubleStream.of(labels).map(y -> Math.min(y, 1)).toArray();
            shape = new Shape(shape.batch(), 2, shape.z(), shape.y(), shape.x());
        }
        Target target =
                switch (data) {
                    case SOFT -> Golden.probabilities(Golden.numbers(golden.get("ys2_soft")));
                    case MULTILABEL -> Golden.probabilities(Golden.oneHot(labels, shape));
                    default -> Golden.labels(labels);
                };
        Task task =
                switch (data) {
                    case BINARY -> Task.binary();
                    case SOFT, MULTILABEL -> Task.multilabel(shape.classes());
                    default -> Task.multiclass(shape.classes());
                };
        return Golden.evaluate(text, task, Prediction.Scale.LOGITS, shape, logits, target);
    }

    private static double[] twoChannels(double[] logits, Shape shape) {
        int sample = logits.length / shape.batch();
        int two = 2 * (int) shape.voxels();
        return IntStream.range(0, shape.batch() * two)
                .mapToDouble(i -> logits[i / two * sample + i % two])
                .toArray();
    }

    static JsonNode entry(JsonNode golden, String name, String peer) {
        for (JsonNode candidate : golden.get("entries")) {
            if (candidate.get("name").asString().equals(name)
                    && candidate.get("peer").asString().equals(peer)) {
                return candidate;
            }
        }
        throw new AssertionError("no entry " + name + " of " + peer);
    }
}
