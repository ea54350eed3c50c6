package org.segloss.cli.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.segloss.cli.terminal.ConsoleProgress;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.dataset.CaseColumns;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.file.FolderLock;
import org.segloss.file.InputFile;
import org.segloss.report.Report;
import org.segloss.run.RunFolder;
import org.segloss.score.Method;
import org.segloss.score.MethodScores;
import org.segloss.score.ScoreRow;
import org.segloss.score.ScoredMethods;
import org.segloss.score.ScoringRequest;
import org.segloss.stat.Compared;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "score",
        description = {
            "Scores what any methods predicted, of any programs, and compares the methods: scores, verdicts and the report.",
            "",
            "A method is a name and the folder of its predictions, named as the references. Folders of nnU-Net are read as they are: one of predictions, or one with fold_0/validation, fold_1/validation and so on of a cross-validation; the Dice in summary.json is held against ours, and a difference is said. A prediction without a reference has no score, and is named.",
            "",
            "All methods are scored on the same cases and classes. Without --labels these are all labels but 0 that a reference or a prediction has; where there is but one, any label counts as foreground."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss score --reference labelsTs nnunet=nnunet mist=mist \"dice + ce=predictions\" --images imagesTs --out runs/mine",
            "  segloss score --reference labelsTr nnunet=nnUNetTrainer__nnUNetPlans__3d_fullres ours=ours --metric nsd@2 --out runs/mine",
            "  segloss score --reference labelsTs a-s1=a1 a-s2=a2 b-s1=b1 b-s2=b2 --seeds '-s(\\d+)$' --out runs/mine"
        })
public final class ScoreCommand implements Callable<Integer> {
    private final String version;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME=DIR",
            description =
                    "A method's name, and the folder of its predictions. A name with spaces stands in quotes: \"dice + ce=DIR\".")
    private List<String> given = List.of();

    @Option(
            names = "--reference",
            required = true,
            paramLabel = "DIR",
            description = "The folder of the references; those of its cases are scored.")
    private Path reference;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description =
                    "The folder of the images that the report shows, named as the references, or with _0000 behind it. Default: imagesTs beside labelsTs, imagesTr beside labelsTr, images beside masks or labels, if there is one.")
    private Optional<Path> images;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where scores.csv, comparison.json, report.html and score.json are written.")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "REGEX",
            description =
                    "Which methods are one, trained with several seeds: what this finds in a name says the seed, with the number in parentheses, and the rest is the method: '-seed(\\d+)$'.")
    private Optional<String> seeds;

    @Mixin
    private RulesOptions rules;

    @Mixin
    private GroupOptions groups;

    @Mixin
    private ScoringOptions scoring;

    /// @param version of this program, which the results name
    public ScoreCommand(String version) {
        this.version = version;
    }

    @Override
    public Integer call() throws IOException {
        List<Method> methods = methods();
        ComparisonRules by = rules.over(ComparisonRules.standard());
        checkBaseline(by, methods);
        ScoringRequest request = scoring.request(Optional.empty(), Optional.of(by.metric()));
        var target = new RunFolder(out);
        checkTarget(target);
        checkOutside(methods);
        Optional<Path> shown = images();
        Comparison comparison;
        var said = new ArrayList<String>();
        var columns = new AtomicReference<>(CaseColumns.NONE);
        // first of all: what can't be written is said before anything is read
        try (FolderLock _ = FolderLock.take(out)) {
            MethodScores found;
            try (var progress = ConsoleProgress.on(spec.commandLine().getErr())) {
                found = MethodScores.of(methods, reference, request, ids -> groups(ids, columns), progress);
            }
            said.addAll(found.limits());
            said.addAll(found.remarks());
            try {
                comparison =
                        Comparison.of(found.rows(), by.withColumns(columns.get().byColumn()), Compared.METHODS);
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
            write(target, request, methods, shown, found, comparison);
        }
        said.forEach(spec.commandLine().getErr()::println);
        ReportCommand.print(spec.commandLine().getOut(), comparison, Compared.METHODS, target);
        return 0;
    }

    private Groups groups(List<String> ids, AtomicReference<CaseColumns> columns) throws IOException {
        Groups together = groups.of(Dataset.folderOf(reference), ids);
        columns.set(together.columns());
        return together;
    }

    private List<Method> methods() {
        try {
            List<Method> methods = given.stream().map(Method::parse).toList();
            Method.checkDiffer(methods);
            if (seeds.isPresent()) {
                methods = Method.seeds(methods, Pattern.compile(seeds.get()));
                Method.checkDiffer(methods);
            }
            return methods;
        } catch (PatternSyntaxException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seeds is no regular expression: %s at %d"
                            .formatted(e.getDescription(), Math.max(0, e.getIndex())),
                    e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void checkBaseline(ComparisonRules by, List<Method> methods) {
        List<String> names = methods.stream().map(Method::name).distinct().toList();
        by.baseline().filter(name -> !names.contains(name)).ifPresent(name -> {
            throw new ParameterException(
                    spec.commandLine(),
                    "the baseline %s is none of the methods: %s".formatted(name, String.join(", ", names)));
        });
    }

    /// @throws IOException if files of something else would be replaced
    private static void checkTarget(RunFolder target) throws IOException {
        if (Files.exists(target.settings())) {
            throw new IOException("%s is the folder of a run, whose statistics stay with it; give another --out"
                    .formatted(target.root()));
        }
        if (!Files.exists(ScoredMethods.in(target.root()))) {
            for (Path file : List.of(target.scores(), target.comparison(), target.report())) {
                if (Files.exists(file)) {
                    throw new IOException(
                            "%s is there already, and not of 'segloss score'; give another --out".formatted(file));
                }
            }
        }
    }

    /// Predictions and references stay what they are.
    private void checkOutside(List<Method> methods) throws IOException {
        for (Path folder : Stream.concat(Stream.of(reference), methods.stream().map(Method::folder))
                .toList()) {
            if (Files.exists(out) && Files.exists(folder) && Files.isSameFile(out, folder)) {
                throw new IOException("%s holds what is scored; give another --out".formatted(out));
            }
        }
    }

    private Optional<Path> images() throws IOException {
        if (images.isPresent()) {
            InputFile.checkThere(images.get());
            InputFile.checkFolder(images.get(), "the folder of the images");
            return images;
        }
        String name = reference.toAbsolutePath().normalize().getFileName().toString();
        String beside = name.startsWith("labels") ? "images" + name.substring("labels".length()) : "images";
        Path folder = reference.toAbsolutePath().normalize().resolveSibling(beside);
        return (name.startsWith("labels") || name.equals("masks")) && Files.isDirectory(folder)
                ? Optional.of(reference.resolveSibling(beside))
                : Optional.empty();
    }

    /// Nothing is written before all is known, and a report never stands beside scores of something else.
    private void write(
            RunFolder target,
            ScoringRequest request,
            List<Method> methods,
            Optional<Path> shown,
            MethodScores found,
            Comparison comparison)
            throws IOException {
        var scored = new ScoredMethods(
                version,
                spec.commandLine().getParseResult().originalArgs(),
                absolute(reference),
                shown.map(ScoreCommand::absolute),
                methods.stream()
                        .map(method -> new ScoredMethods.Source(
                                method.given(), method.name(), method.seed(), absolute(method.folder())))
                        .toList(),
                found.binary(),
                scoring.sameGrid(),
                found.ignored().labels(),
                request.scorer().policy().toString(),
                found.limits(),
                found.remarks());
        Files.deleteIfExists(target.report());
        Files.deleteIfExists(target.comparison());
        scored.write(target.root());
        ScoreRow.write(
                target.scores(),
                found.rows(),
                request.scorer().policy(),
                found.ignored().labels());
        comparison.write(target.comparison());
        Report.write(target, scored, comparison, found.rows());
    }

    /// The report is made again from wherever somebody is.
    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }
}
