package org.segloss.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.segloss.dataset.Problem;
import org.segloss.dataset.Validation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        description = {
            "Looks at every file of a data set and lists all that is wrong with it.",
            "",
            "Exit status 2 if there is an error; 0 if there is none, warnings or not."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  segloss validate Task04_Hippocampus")
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder with imagesTr and labelsTr, or with images and masks.")
    private Path folder;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Problem> problems = Validation.validate(folder);
        for (Problem problem : problems) {
            out.println((problem.isError() ? "error    " : "warning  ") + problem);
        }
        long errors = problems.stream().filter(Problem::isError).count();
        if (problems.isEmpty()) {
            out.println(folder + ": nothing is wrong");
        } else {
            out.println(
                    "%s: %s, %s".formatted(folder, count(errors, "error"), count(problems.size() - errors, "warning")));
        }
        return errors == 0 ? 0 : 2;
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
