package org.segloss.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.segloss.experiment.RunFolder;
import org.segloss.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = "Writes the report of a run anew, from its files.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  segloss report runs/phantom-binary-unet")
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN_FOLDER", description = "The --out of a comparison.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        if (Files.isRegularFile(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        var run = new RunFolder(folder);
        Report.write(run);
        spec.commandLine().getOut().println("Report: " + run.report());
        return 0;
    }
}
