package org.segloss.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.segloss.cli.score.IgnoreOption;
import org.segloss.dataset.Validation;
import org.segloss.file.MessageKinds;
import org.segloss.format.Severity;
import org.segloss.layout.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        description = {
            "Looks at every file of a data set and lists all that is wrong with it.",
            "",
            "Notes say how many voxels of a case don't count, by the label that dataset.json calls \"ignore\" or --ignore. Exit status 2 if there is an error; 0 if there is none, warnings or not."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  segloss validate Task04_Hippocampus")
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder with imagesTr and labelsTr, or with images and masks.")
    private Path folder;

    @Mixin
    private IgnoreOption ignored;

    @Mixin
    private ReadingOptions reading;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Problem> problems = Validation.validate(folder, reading.with(ignored.labels()));
        // errors first, and a line at least for each of the others
        var bySeverity = problems.stream()
                .collect(Collectors.groupingBy(
                        Problem::severity, TreeMap::new, Collectors.mapping(Problem::toString, Collectors.toList())));
        int left = MessageKinds.MOST_LINES - bySeverity.size();
        for (var entry : bySeverity.entrySet()) {
            List<String> lines = MessageKinds.lines(entry.getValue(), left + 1);
            String name = entry.getKey().name().toLowerCase(Locale.ROOT);
            lines.forEach(line -> out.println(String.format("%-9s", name) + line));
            left -= lines.size() - 1;
        }
        long errors = count(problems, Severity.ERROR);
        long warnings = count(problems, Severity.WARNING);
        if (errors + warnings == 0) {
            out.println(folder + ": nothing is wrong");
        } else {
            out.println("%s: %s, %s".formatted(folder, count(errors, "error"), count(warnings, "warning")));
        }
        return errors == 0 ? 0 : 2;
    }

    private static long count(List<Problem> problems, Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
