package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.segloss.grid.Shape;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The losses of MONAI 1.6 and their arguments, in our text form.
final class MonaiNames {

    /// How numbers become probabilities.
    enum Activation {
        /// They are probabilities.
        NONE,
        SIGMOID,
        SOFTMAX
    }

    /// A summand of a loss. All have the same activation but where MONAI gives its parts different ones.
    record Part(double factor, String text, Activation activation) {
        private Part times(double more) {
            return new Part(factor * more, text, activation);
        }
    }

    /// What a loss is computed of, as far as it matters to the names.
    ///
    /// @param exclusive whether probabilities that are given add up to 1
    /// @param only      the class whose unreduced loss is wanted
    record Data(int batch, int classes, long voxels, boolean exclusive, OptionalInt only) {}

    private final JsonNode arguments;
    private final Data data;

    private MonaiNames(JsonNode arguments, Data data) {
        this.arguments = arguments;
        this.data = data;
    }

    static List<Part> parts(String loss, JsonNode arguments, Data data) {
        return new MonaiNames(arguments, data).parts(loss);
    }

    /// {@return the expression of parts that have the same activation}
    static String text(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(text.isEmpty() ? "" : " + ")
                    .append(part.factor())
                    .append('*')
                    .append(part.text());
        }
        return text.toString();
    }

    /// {@return the arguments of a call in Python}, of numbers, lists, names in quotes, True and False
    static JsonNode arguments(String call) {
        String inside = call.substring(call.indexOf('(') + 1, call.lastIndexOf(')'));
        return new ObjectMapper()
                .readTree("{"
                        + inside.replaceAll("(\\w+)=", "\"$1\":")
                                .replace("True", "true")
                                .replace("False", "false")
                        + "}");
    }

    private List<Part> parts(String loss) {
        return switch (loss) {
            case "DiceLoss", "MaskedDiceLoss" -> List.of(dice(smooth(1e-5, 1)));
            case "GeneralizedDiceLoss" -> List.of(generalizedDice());
            case "TverskyLoss" -> List.of(tversky());
            case "MCCLoss" -> List.of(mcc());
            case "GeneralizedWassersteinDiceLoss" -> List.of(wassersteinDice());
            case "FocalLoss" -> List.of(flag("use_softmax", false) ? softmaxFocal() : sigmoidFocal());
            case "DiceCELoss" ->
                List.of(
                        dice(smooth(1e-5, 1)).times(number("lambda_dice", 1)),
                        crossEntropy().times(number("lambda_ce", 1)));
            case "DiceFocalLoss" ->
                List.of(
                        dice(smooth(1e-5, 1)).times(number("lambda_dice", 1)),
                        sigmoidFocal().times(number("lambda_focal", 1)));
            case "GeneralizedDiceFocalLoss" ->
                List.of(
                        generalizedDice().times(number("lambda_gdl", 1)),
                        sigmoidFocal().times(number("lambda_focal", 1)));
            case "BoundaryLoss" -> List.of(averaged("boundary", mean(true, false), List.of()));
            case "HausdorffDTLoss" -> List.of(hausdorff());
            case "LogHausdorffDTLoss" ->
                List.of(new Part(1, "log1p(" + text(List.of(hausdorff())) + ")", activation()));
            case "SoftclDiceLoss" -> List.of(clDice());
            case "SoftDiceclDiceLoss" ->
                List.of(dice(smooth(1, 1)).times(1 - number("alpha", 0.5)), clDice().times(number("alpha", 0.5)));
            case "NACLLoss" -> List.of(nacl());
            case "AsymmetricUnifiedFocalLoss" -> List.of(unifiedFocal());
            case "SSIMLoss" -> List.of(new Part(samples(), "ssim", Activation.NONE));
            default -> throw new IllegalArgumentException("no name for " + loss);
        };
    }

    private Part dice(List<String> smooth) {
        Mean mean = mean(true, flag("batch", false));
        List<String> options = new ArrayList<>(smooth);
        boolean jaccard = flag("jaccard", false);
        boolean squared = flag("squared_pred", false);
        refuse(jaccard && squared, "a squared Jaccard");
        if (jaccard) {
            // twice the intersection over twice the union, so that the smoothing counts half
            options = smooth(1e-5, 2);
        }
        if (flag("soft_label", false) && !squared) {
            options.add("form=l1");
        }
        return averaged(jaccard ? "jaccard" : squared ? "squaredDice" : "dice", mean, options);
    }

    private Part tversky() {
        List<String> options = smooth(1e-5, 1);
        options.add("fp=" + number("alpha", 0.5));
        options.add("fn=" + number("beta", 0.5));
        if (flag("soft_label", false)) {
            options.add("form=l1");
        }
        return averaged("tversky", mean(true, flag("batch", false)), options);
    }

    private Part generalizedDice() {
        List<String> options = smooth(1e-5, 1);
        options.add("weighting=" + word("w_type", "square"));
        options.add("batch=" + flag("batch", false));
        options.add("form=" + (flag("soft_label", false) ? "l1" : "product"));
        options.addAll(background(true));
        double factor = flag("batch", false) ? 1 : samples();
        return new Part(factor, call("generalizedDice", options), activation());
    }

    private Part mcc() {
        boolean batch = flag("batch", false);
        // counts here are shares of the voxels
        double n = (double) data.voxels() * (batch ? data.batch() : 1);
        List<String> options = new ArrayList<>(List.of(
                "smoothNum=" + number("smooth_nr", 0) / (n * n),
                "smoothDen=" + number("smooth_dr", 1e-5) / (n * n * n * n)));
        return averaged("mcc", mean(true, batch), options);
    }

    private Part wassersteinDice() {
        List<String> options = smooth(1e-5, 1);
        options.add("matrix=" + arguments.get("dist_matrix"));
        options.add("weighting=" + word("weighting_mode", "default").toLowerCase(Locale.ROOT));
        return new Part(samples(), call("wassersteinDice", options), Activation.SOFTMAX);
    }

    /// Each class against all others, background too.
    private Part sigmoidFocal() {
        Mean mean = mean(true, false, data.classes() > 1);
        List<String> options = new ArrayList<>(List.of("gamma=" + number("gamma", 2)));
        options.add("alpha=" + (has("alpha") ? number("alpha", 0) : "[]"));
        options.addAll(mean.options());
        // ignored voxels leave MONAI's divisor, but then it forgets the classes
        double factor = mean.factor() * (has("ignore_index") ? data.classes() : 1);
        factor *= data.classes() == 1 ? weights(false)[0] : 1;
        return new Part(factor, call("focal", options), Activation.SIGMOID);
    }

    private Part softmaxFocal() {
        refuse(!flag("include_background", true), "a softmax without the background");
        int classes = data.classes();
        // MONAI's weights are no weights of a mean, but factors of the classes
        double[] factors = new double[classes];
        double[] weights = weights(false);
        for (int c = 0; c < classes; c++) {
            factors[c] = weights[c] * (!has("alpha") ? 1 : c == 0 ? 1 - number("alpha", 0) : number("alpha", 0));
        }
        boolean plain = Arrays.stream(factors).allMatch(f -> f == 1);
        List<String> options =
                List.of("gamma=" + number("gamma", 2), "alpha=" + (plain ? "[]" : Arrays.toString(factors)));
        // a mean over voxels and classes, unless voxels are ignored; and the sum is one over classes and samples
        double factor = isSum() ? data.batch() : has("ignore_index") ? 1 : 1.0 / classes;
        return new Part(factor, call("focal", options), Activation.SOFTMAX);
    }

    private Part crossEntropy() {
        refuse(isSum(), "a sum of cross-entropies");
        if (data.classes() == 1) {
            List<String> options = has("weight") ? List.of("posWeight=" + weights(false)[0]) : List.of();
            return new Part(1, call("bce", options), Activation.SIGMOID);
        }
        List<String> options = new ArrayList<>(List.of("smoothing=" + number("label_smoothing", 0)));
        if (has("weight")) {
            options.add("weights=" + arguments.get("weight"));
        }
        return new Part(1, call("ce", options), Activation.SOFTMAX);
    }

    private Part hausdorff() {
        List<String> options = new ArrayList<>(List.of("alpha=" + number("alpha", 2)));
        return averaged("hausdorff", mean(false, flag("batch", false)), options);
    }

    private Part clDice() {
        List<String> options = smooth(1, 1);
        options.add("epsilon=" + number("smooth", 1e-4));
        options.add("iterations=" + number("iter_", 3));
        options.add("classes=together");
        options.addAll(background(true));
        return new Part(samples(), call("clDice", options), activation());
    }

    private Part nacl() {
        refuse(number("kernel_size", 3) != 3, "a larger neighbourhood");
        return new Part(
                1,
                call(
                        "nacl",
                        List.of(
                                "alpha=" + number("alpha", 0.1),
                                "distance=" + word("distance_type", "l1"),
                                "kernel=" + word("kernel_ops", "mean"),
                                "sigma=" + number("sigma", 1))),
                Activation.SOFTMAX);
    }

    private Part unifiedFocal() {
        double weight = number("weight", 0.5);
        // cross-entropy is a mean over its two classes too, and so has half the weight
        double all = weight / 2 + 1 - weight;
        return new Part(
                all,
                call(
                        "unifiedFocal",
                        List.of(
                                "focalWeight=" + weight / 2 / all,
                                "delta=" + number("delta", 0.7),
                                "gamma=" + number("gamma", 0.5))),
                activation());
    }

    // ---------------------------------------------------------------- means over classes and samples

    /// MONAI multiplies with weights that it doesn't divide by; our mean does. A lone class has no weight
    /// there.
    private record Mean(double factor, List<String> options) {}

    private Mean mean(boolean backgroundByDefault, boolean batch) {
        Mean mean = mean(backgroundByDefault, batch, !isExclusive());
        if (isExclusive()) {
            mean.options().addAll(background(backgroundByDefault));
        }
        if (batch) {
            mean.options().add("batch=true");
        }
        return mean;
    }

    /// @param apart whether the classes are channels of their own, so that a weight of 0 leaves the
    /// background out
    private Mean mean(boolean backgroundByDefault, boolean batch, boolean apart) {
        boolean drops = data.classes() > 1 && !flag("include_background", backgroundByDefault);
        double[] weights = data.classes() == 1 ? new double[] {1} : weights(drops);
        for (int c = 0; c < weights.length; c++) {
            weights[c] = data.only().isEmpty() || data.only().getAsInt() == c ? weights[c] : 0;
        }
        double sum = Arrays.stream(weights).sum();
        int counted = data.only().isPresent() ? 1 : data.classes() - (drops ? 1 : 0);
        double factor = isSum() ? sum * (batch ? 1 : data.batch()) : sum / counted;
        boolean plain = !has("weight") && data.only().isEmpty() && !(drops && apart);
        List<String> options = new ArrayList<>();
        if (!plain && data.classes() > 1) {
            options.add("weights=" + Arrays.toString(weights));
        }
        return new Mean(factor, options);
    }

    /// {@return MONAI's weight of each class}, 0 for a background that is dropped
    private double[] weights(boolean drops) {
        double[] weights = new double[data.classes()];
        Arrays.fill(weights, drops ? 1 : 0, weights.length, 1);
        if (has("weight")) {
            double[] given = Golden.numbers(arguments.get("weight"));
            // DiceCELoss takes the background's too, the others don't
            int skipped = weights.length - given.length;
            for (int c = drops ? 1 : 0; c < weights.length; c++) {
                weights[c] = given.length == 1 ? given[0] : given[c - skipped];
            }
        }
        return weights;
    }

    private double samples() {
        return isSum() ? data.batch() : 1;
    }

    private boolean isSum() {
        return word("reduction", "mean").equals("sum");
    }

    private List<String> background(boolean standard) {
        boolean background = data.classes() == 1 || flag("include_background", standard);
        refuse(!background && !isExclusive(), "a background of classes that may overlap");
        return List.of("background=" + background);
    }

    private boolean isExclusive() {
        return activation() == Activation.SOFTMAX || (activation() == Activation.NONE && data.exclusive());
    }

    private Activation activation() {
        if (data.classes() > 1 && flag("softmax", false)) {
            return Activation.SOFTMAX;
        }
        return flag("sigmoid", false) ? Activation.SIGMOID : Activation.NONE;
    }

    private Part averaged(String name, Mean mean, List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.addAll(mean.options());
        return new Part(mean.factor(), call(name, all), activation());
    }

    // ---------------------------------------------------------------- arguments

    private List<String> smooth(double standard, double divisor) {
        return new ArrayList<>(List.of(
                "smoothNum=" + number("smooth_nr", standard) / divisor,
                "smoothDen=" + number("smooth_dr", standard) / divisor));
    }

    private static String call(String name, List<String> options) {
        return options.isEmpty() ? name : name + "(" + String.join(", ", options) + ")";
    }

    private static void refuse(boolean condition, String what) {
        if (condition) {
            throw new IllegalArgumentException("our text form doesn't have " + what);
        }
    }

    private boolean has(String name) {
        return arguments.has(name);
    }

    private double number(String name, double standard) {
        return has(name) ? arguments.get(name).asDouble() : standard;
    }

    private boolean flag(String name, boolean standard) {
        return has(name) ? arguments.get(name).asBoolean() : standard;
    }

    private String word(String name, String standard) {
        return has(name) ? arguments.get(name).asString() : standard;
    }

    // ---------------------------------------------------------------- evaluation

    /// {@return the value that MONAI's call has here}, and its derivatives
    ///
    /// @param y    labels, one for each voxel, or numbers in the prediction's shape
    /// @param mask bytes, one for each voxel
    static Golden.Result evaluate(
            String loss,
            JsonNode arguments,
            Shape shape,
            double[] prediction,
            double[] y,
            Optional<byte[]> mask,
            OptionalInt only) {
        int n = (int) shape.voxels();
        boolean labels = shape.classes() > 1 && y.length < prediction.length;
        boolean exclusive = IntStream.range(0, shape.batch() * n)
                .allMatch(i -> Math.abs(IntStream.range(0, shape.classes())
                                        .mapToDouble(c -> prediction[(i / n * shape.classes() + c) * n + i % n])
                                        .sum()
                                - 1)
                        < 1e-6);
        var data = new Data(shape.batch(), shape.classes(), n, exclusive, only);
        return parts(loss, arguments, data).stream()
                .map(part -> {
                    Task task = task(part, data);
                    boolean asLabels = labels && task.kind() == Task.Kind.MULTICLASS;
                    if (arguments.has("ignore_index")) {
                        task = task.ignoring(arguments.get("ignore_index").asInt());
                    }
                    Target target =
                            asLabels ? Golden.labels(y) : Golden.probabilities(labels ? Golden.oneHot(y, shape) : y);
                    return Golden.evaluate(
                            text(List.of(part)),
                            task,
                            part.activation() == Activation.NONE
                                    ? Prediction.Scale.PROBABILITIES
                                    : Prediction.Scale.LOGITS,
                            shape,
                            prediction,
                            mask.map(bytes -> target.masked(MemorySegment.ofArray(bytes)))
                                    .orElse(target));
                })
                .reduce(Golden.Result::plus)
                .orElseThrow();
    }

    private static Task task(Part part, Data data) {
        if (data.classes() == 1) {
            return Task.binary();
        }
        boolean exclusive =
                part.activation() == Activation.SOFTMAX || (part.activation() == Activation.NONE && data.exclusive());
        return exclusive ? Task.multiclass(data.classes()) : Task.multilabel(data.classes());
    }
}
