package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.segloss.cli.score.IgnoreOption;
import org.segloss.cli.score.InputFiles;
import org.segloss.cli.terminal.TextTable;
import org.segloss.evaluate.Evaluation;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.file.Json;
import org.segloss.file.OutputFile;
import org.segloss.format.ArrayFile;
import org.segloss.grid.Spacing;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "loss",
        description = {
            "Evaluates a loss on arrays, with its gradient if you like.",
            "",
            "The prediction has the shape (batch, class, space...) with one to three axes of space. The target holds indices in the shape (batch, space...) or (batch, 1, space...), or probabilities in the prediction's shape. An image is one sample; its channels are the classes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss loss \"bce + 0.5*dice\" --prediction logits.npy --target labels.npy",
            "  segloss loss ce --prediction p.npy --from probabilities --target labels.npy --gradient g.npy --json"
        })
final class LossCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPRESSION", description = "For example dice(smooth=1); see 'segloss losses'.")
    private String expression;

    @Option(names = "--prediction", required = true, paramLabel = "FILE", description = "${bundle:arrays.names}.")
    private Path prediction;

    @Option(names = "--target", required = true, paramLabel = "FILE", description = "${bundle:arrays.names}.")
    private Path target;

    @Option(
            names = "--from",
            description = "What the prediction holds: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "logits")
    private Prediction.Scale from;

    @Option(
            names = "--task",
            description = "${COMPLETION-CANDIDATES}. Default: binary for one class, otherwise multiclass.")
    private Optional<Task.Kind> kind;

    @Mixin
    private IgnoreOption ignored;

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "Voxels with 0 in it don't count; of the shape (batch, space...) or (batch, 1, space...).")
    private Optional<Path> mask;

    @Option(
            names = "--unnormalized",
            description = "The target's probabilities of a voxel need not add up to 1, in a multiclass task.")
    private boolean unnormalized;

    @Option(
            names = "--spacing",
            paramLabel = "Z,Y,X",
            split = ",",
            arity = "1",
            description = "Millimetres from voxel to voxel, for losses that measure distances. Default: 1,1,1.")
    private List<Double> spacing = List.of(1.0, 1.0, 1.0);

    @Option(
            names = "--progress",
            paramLabel = "SHARE",
            description = "How far a training is, from 0 to 1, for weights that are a ramp. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private double progress;

    @Option(
            names = "--gradient",
            paramLabel = "FILE",
            description =
                    "Writes the derivative by each number of the prediction, in the prediction's shape and type, in the format of the name.")
    private Optional<Path> gradientFile;

    @Option(names = "--json", description = "Prints JSON. A value that is not finite is null.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Loss loss = Loss.parse(expression);
        if (gradientFile.isPresent()) {
            checkGradient(OutputFile.target(gradientFile.get()));
        }
        BatchFile file = BatchFile.read(prediction).asFloats();
        Task task = task(file.shape().classes());
        Target reference = TargetFile.read(target, file, task);
        if (mask.isPresent()) {
            reference = reference.masked(TargetFile.mask(mask.get(), file));
        }
        if (unnormalized) {
            reference = reference.unnormalized();
        }
        if (spacing.size() != 3) {
            throw new IllegalArgumentException(
                    "--spacing takes three numbers Z,Y,X, but %d are given".formatted(spacing.size()));
        }
        reference = reference.spaced(new Spacing(spacing.get(0), spacing.get(1), spacing.get(2)));
        warnOfProbabilities(file);
        var given = new Prediction(file.array().data(), file.floatType(), file.shape(), from);
        var evaluator = new LossEvaluator(loss, task);
        LossTexts.warnings(List.of(expression), task.kind())
                .forEach(spec.commandLine().getErr()::println);
        Evaluation evaluation;
        if (gradientFile.isPresent()) {
            MemorySegment gradient = file.empty();
            evaluation = evaluator.evaluate(given, reference, gradient, progress);
            file.write(OutputFile.target(gradientFile.get()), gradient);
        } else {
            evaluation = evaluator.evaluate(given, reference, progress);
        }
        print(loss, evaluation);
        return 0;
    }

    private void checkGradient(Path file) throws IOException {
        var read = new ArrayList<>(List.of(prediction, target));
        mask.ifPresent(read::add);
        List<Path> written = ArrayFile.written(file);
        InputFiles.of(read).check("the gradient", "--gradient", written);
        for (Path one : written) {
            OutputFile.checkWritable(one);
        }
    }

    /// Logits that are all probabilities are rare, and a forgotten `--from` is not.
    private void warnOfProbabilities(BatchFile file) {
        boolean some = false;
        for (long i = 0; i < file.array().size(); i++) {
            double value = file.array().get(i);
            if (from != Prediction.Scale.LOGITS || !(value >= 0 && value <= 1)) {
                return;
            }
            some |= value != 0;
        }
        if (some) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "Warning: all numbers of %s are from 0 to 1, as probabilities are, and are taken for logits; for what comes out of a sigmoid or softmax say --from probabilities"
                                    .formatted(prediction));
        }
    }

    private Task task(int classes) {
        Task.Kind given = kind.orElse(classes == 1 ? Task.Kind.BINARY : Task.Kind.MULTICLASS);
        Task task =
                switch (given) {
                    case BINARY -> Task.binary();
                    case MULTICLASS -> Task.multiclass(classes);
                    case MULTILABEL -> Task.multilabel(classes);
                };
        return task.ignoring(ignored.labels());
    }

    private void print(Loss loss, Evaluation evaluation) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            record Term(String term, double weight, Optional<Double> value) {}
            record Document(String loss, Optional<Double> value, List<Term> terms) {}
            List<Term> terms = evaluation.terms().stream()
                    .map(t -> new Term(t.term(), t.weight(), Json.finite(t.value())))
                    .toList();
            out.println(Json.line(new Document(loss.text(), Json.finite(evaluation.value()), terms)));
            if (!Double.isFinite(evaluation.value())) {
                spec.commandLine()
                        .getErr()
                        .println("the value is %s, which JSON can't say: it is null there"
                                .formatted(evaluation.value()));
            }
            return;
        }
        out.println("%s = %s".formatted(loss.text(), evaluation.value()));
        if (evaluation.terms().size() > 1) {
            var table = new TextTable();
            table.add(List.of("  term", "weight", "value"));
            for (Evaluation.Term term : evaluation.terms()) {
                table.add(new ArrayList<>(
                        List.of("  " + term.term(), Double.toString(term.weight()), Double.toString(term.value()))));
            }
            table.lines().forEach(out::println);
        }
        gradientFile.ifPresent(file -> out.println("Gradient: " + file));
    }
}
