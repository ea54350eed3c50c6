package org.segloss.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.golden.GoldenFile;
import org.segloss.grid.Shape;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tables of how other libraries' losses are called here.
class OtherLibrariesTest {

    /// Calls in the tables, and the peers of [PeersGoldenTest] that made the same.
    private static final Map<String, String> PEERS = Map.ofEntries(
            Map.entry("DiceLoss(\"multiclass\")", "SMP DiceLoss(multiclass)"),
            Map.entry("DiceLoss(\"multiclass\", smooth=1)", "SMP DiceLoss(multiclass,smooth=1)"),
            Map.entry("DiceLoss(\"multiclass\", log_loss=True)", "SMP DiceLoss(log_loss=True)"),
            Map.entry("TverskyLoss(\"multiclass\", alpha=0.3, beta=0.7)", "SMP TverskyLoss(.3,.7)"),
            Map.entry("TverskyLoss(\"multiclass\", alpha=0.3, beta=0.7, gamma=0.75)", "SMP TverskyLoss(gamma=.75)"),
            Map.entry("FocalLoss(\"multiclass\", alpha=0.25)", "SMP FocalLoss(multiclass,alpha=.25)"),
            Map.entry("LovaszLoss(\"multiclass\")", "SMP LovaszLoss(multiclass)"),
            Map.entry("SoftCrossEntropyLoss(smooth_factor=0.1)", "SMP SoftCrossEntropyLoss(.1)"),
            Map.entry("SoftBCEWithLogitsLoss(smooth_factor=0.1)", "SMP SoftBCEWithLogitsLoss(smooth_factor=.1)"),
            Map.entry("SoftBCEWithLogitsLoss()", "torch BCEWithLogits"),
            Map.entry("MCCLoss()", "SMP MCCLoss on sigmoid(z)"),
            Map.entry("RobustCrossEntropyLoss()", "nnU-Net RobustCrossEntropyLoss"),
            Map.entry("TopKLoss(k=10)", "nnU-Net TopKLoss(k=10)"),
            Map.entry(
                    "SoftDiceLoss(do_bg=False, smooth=1e-5)", "nnU-Net SoftDiceLoss(do_bg=False,smooth=1e-5) = dice-1"),
            Map.entry("DC_and_topk_loss", "nnU-Net DC_and_topk_loss"),
            Map.entry("DiceLoss()", "kornia dice_loss"),
            Map.entry("TverskyLoss(alpha=0.3, beta=0.7)", "kornia tversky_loss(.3,.7)"),
            Map.entry("FocalLoss(alpha=0.5, reduction=\"mean\")", "kornia focal_loss(alpha=.5,mean)"),
            Map.entry(
                    "BinaryFocalLossWithLogits(alpha=0.25, reduction=\"mean\")",
                    "kornia binary_focal_loss_with_logits(mean)"),
            Map.entry("LovaszHingeLoss()", "kornia lovasz_hinge_loss"));

    /// Keras 3.15.1 on PyTorch, segmentation_models_pytorch 0.6.0, kornia 0.9.0: logits `2 sin(i)` of the
    /// shape (2, C, 12), labels `i*i mod 7 mod C`, or mod 2 of one channel, in double as far as they keep
    /// to it. Keras has its channels last and, where it wants probabilities, sigmoid or softmax before.
    /// Values of each task of the line.
    private static final Map<String, List<Double>> NUMBERS = Map.ofEntries(
            Map.entry("BinaryCrossentropy(from_logits=True)", List.of(0.659088671207428)),
            Map.entry("BinaryCrossentropy()", List.of(0.659088671207428)),
            Map.entry("BinaryCrossentropy(label_smoothing=0.1)", List.of(0.6843891143798828)),
            Map.entry("CategoricalCrossentropy(from_logits=True)", List.of(0.8778092861175537)),
            Map.entry("SparseCategoricalCrossentropy(from_logits=True)", List.of(0.8778092861175537)),
            Map.entry("CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)", List.of(0.9183592200279236)),
            Map.entry("CategoricalGeneralizedCrossEntropy()", List.of(0.6837722659111023)),
            Map.entry("BinaryFocalCrossentropy()", List.of(0.30927684903144836)),
            Map.entry("BinaryFocalCrossentropy(apply_class_balancing=True)", List.of(0.2186146378517151)),
            Map.entry("CategoricalFocalCrossentropy()", List.of(0.09215531498193741)),
            Map.entry("Dice()", List.of(0.49194777884343444, 0.5493993465384326, 0.5300481881552859)),
            Map.entry(
                    "Tversky(alpha=0.3, beta=0.7)",
                    List.of(0.5428198507979585, 0.5493993474771839, 0.5662754829913061)),
            Map.entry("JaccardLoss(\"multiclass\")", List.of(0.7045518729393866)),
            Map.entry("LovaszLoss(\"binary\", per_image=True)", List.of(1.4276431798934937)),
            Map.entry("DiceLoss(average=\"macro\")", List.of(0.5504984701685003)));

    private record Row(String library, String call, String task, String text) {

        List<Task> tasks() {
            return switch (task) {
                case "any" -> List.of(Task.binary(), Task.multiclass(3), Task.multilabel(3));
                case "binary" -> List.of(Task.binary());
                case "multiclass" -> List.of(Task.multiclass(3));
                default -> List.of(Task.multilabel(3));
            };
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        String library = "";
        for (String line : Files.readAllLines(Path.of("../docs/coming-from-other-libraries.md"))) {
            if (line.startsWith("## ")) {
                library = line.substring(3);
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("\\|");
                rows.add(new Row(library, code(cells[1]), cells[2].strip(), code(cells[3])));
            }
        }
        return rows;
    }

    private static String code(String cell) {
        assertThat(cell.strip()).matches("`[^`]+`");
        return cell.strip().replace("`", "");
    }

    static Stream<Row> known() throws IOException {
        return rows().stream();
    }

    /// But for one that takes probabilities and a larger image, which MONAI's own tests check.
    static Stream<Row> monai() throws IOException {
        return known().filter(
                        row -> row.library().equals("MONAI") && !row.call().startsWith("SSIMLoss"));
    }

    static Stream<Row> numbered() throws IOException {
        return known().filter(row -> NUMBERS.containsKey(row.call()));
    }

    static Stream<Row> peers() throws IOException {
        return known().filter(row -> !row.library().equals("MONAI") && PEERS.containsKey(row.call()));
    }

    @ParameterizedTest
    @MethodSource("known")
    void everyExpressionIsALossForItsTask(Row row) {
        Loss loss = Loss.parse(row.text());
        assertThat(row.tasks()).allSatisfy(task -> new LossEvaluator(loss, task));
    }

    /// [MonaiNames] is what MONAI's own numbers check.
    @ParameterizedTest
    @MethodSource("monai")
    void monaisCallsMeanWhatTheNamesSay(Row row) {
        String name = row.call().substring(0, row.call().indexOf('('));
        for (Task task : row.tasks()) {
            ObjectNode arguments = (ObjectNode) MonaiNames.arguments(row.call());
            arguments.put(task.kind() == Task.Kind.MULTICLASS ? "softmax" : "sigmoid", true);
            Problem problem = Problem.random(task, 2, 30, 11);
            Shape shape = new Shape(2, task.channels(), 1, 5, 6);
            double[] logits = IntStream.range(0, problem.logits().length)
                    .mapToDouble(i -> problem.logits()[i])
                    .toArray();
            double[] labels = IntStream.of(problem.labels()).mapToDouble(y -> y).toArray();
            Golden.Result monai =
                    MonaiNames.evaluate(name, arguments, shape, logits, labels, Optional.empty(), OptionalInt.empty());
            Golden.Result ours = evaluate(row.text(), task, arguments, shape, logits, labels);
            Golden.assertClose(ours, monai.value(), monai.gradient(), 1e-9, 1e-9);
        }
    }

    @Test
    void monaisNumbersAreThoseOfTheTable() throws Exception {
        List<Row> rows = monai().toList();
        int compared = 0;
        for (JsonNode golden : GoldenFile.read("losses-monai16.json").get("cases")) {
            ObjectNode arguments = (ObjectNode) golden.get("kwargs").deepCopy();
            arguments.remove(List.of("softmax", "sigmoid", "to_onehot_y"));
            for (Row row : rows) {
                Optional<Task> task = row.tasks().stream()
                        .filter(t -> t.kind()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .equals(golden.get("task").asString()))
                        .findFirst();
                boolean same = row.call().startsWith(golden.get("loss").asString() + "(")
                        && MonaiNames.arguments(row.call()).equals(arguments);
                if (same && task.isPresent()) {
                    double[] s = Golden.numbers(golden.get("shape"));
                    double ours = evaluate(
                                    row.text(),
                                    task.get(),
                                    arguments,
                                    new Shape((int) s[0], (int) s[1], (int) s[2], (int) s[3], (int) s[4]),
                                    Golden.numbers(golden.get("logits")),
                                    Golden.numbers(golden.get("target")))
                            .value();
                    assertThat(ours)
                            .as(row.toString())
                            .isCloseTo(golden.get("value").asDouble(), within(1e-6));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(20);
    }

    @ParameterizedTest
    @MethodSource("peers")
    void otherPeersNumbersAreThoseOfTheTable(Row row) throws Exception {
        PeersGoldenTest.Row met = PeersGoldenTest.MET.stream()
                .filter(entry -> entry.peer().equals(PEERS.get(row.call())))
                .findFirst()
                .orElseThrow();
        PeersGoldenTest.isMet(
                new PeersGoldenTest.Row(met.name(), met.peer(), met.data(), row.text(), PeersGoldenTest.FLOOR));
    }

    @ParameterizedTest
    @MethodSource("numbered")
    void othersNumbersAreThoseOfTheTable(Row row) {
        List<Double> values = NUMBERS.get(row.call());
        for (int t = 0; t < values.size(); t++) {
            Task task = row.tasks().get(t);
            Shape shape = new Shape(2, task.channels(), 1, 1, 12);
            double[] logits = IntStream.range(0, (int) shape.elements())
                    .mapToDouble(i -> 2 * Math.sin(i))
                    .toArray();
            double[] labels = IntStream.range(0, 24)
                    .mapToDouble(i -> i * i % 7 % task.classes())
                    .toArray();
            Golden.Result ours = evaluate(row.text(), task, MonaiNames.arguments("()"), shape, logits, labels);
            assertThat(ours.value()).as(task.toString()).isCloseTo(values.get(t), within(PeersGoldenTest.FLOOR));
        }
    }

    @Test
    void noCallWithNumbersIsMissing() throws Exception {
        assertThat(rows().stream().filter(row -> !row.library().equals("MONAI")).map(Row::call))
                .containsAll(PEERS.keySet())
                .containsAll(NUMBERS.keySet());
    }

    private static Golden.Result evaluate(
            String text, Task task, JsonNode arguments, Shape shape, double[] logits, double[] labels) {
        boolean asLabels = task.kind() != Task.Kind.MULTILABEL;
        return Golden.evaluate(
                text,
                arguments.has("ignore_index")
                        ? task.ignoring(arguments.get("ignore_index").asInt())
                        : task,
                Prediction.Scale.LOGITS,
                shape,
                logits,
                asLabels ? Golden.labels(labels) : Golden.probabilities(Golden.oneHot(labels, shape)));
    }
}
