package org.segloss.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.segloss.cli.score.EvaluateCommand;
import org.segloss.cli.score.ReportCommand;
import org.segloss.cli.score.ScoreCommand;
import org.segloss.cli.terminal.Console;
import org.segloss.cli.terminal.StandardOutput;
import org.segloss.file.ObjectUrl;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The program `segloss`.
@Command(
        name = "segloss",
        description = "Image-segmentation losses: exact, fast, and compared on your own data.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  segloss compare                     five losses on generated images, in minutes",
            "  segloss compare --data DIR          the same on your own images",
            "  segloss losses                      which losses there are",
            "  segloss COMMAND --help              all about a command",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong call or bad input, 75 another program works there: try again later."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    Main() {}

    static void main(String[] args) {
        Version.check(Runtime.version()).ifPresent(problem -> {
            System.err.println("segloss: " + problem);
            System.exit(1);
        });
        System.setProperty("java.awt.headless", "true");
        int status;
        try {
            status = run(new FileOutputStream(FileDescriptor.out), new PrintWriter(System.err, true), args);
        } catch (OutOfMemoryError e) {
            System.err.println(
                    "segloss: out of memory: Java may use %d MiB here; smaller images or fewer cases need less"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20));
            status = 1;
        }
        System.exit(status);
    }

    /// {@return the exit status; 1 also if not all could be printed, because the disk is full for example}
    static int run(OutputStream out, PrintWriter err, String... args) {
        var output = new StandardOutput(out);
        PrintWriter console = output.writer(System.out.charset());
        int status = commandLine().setOut(console).setErr(err).execute(args);
        console.flush();
        if (output.failure().isEmpty()) {
            return status;
        }
        String reason = output.failure().get().getMessage();
        // who reads the first lines alone, as head does, knows that there are more
        if (!"Broken pipe".equals(reason)) {
            err.println("segloss: the standard output can't be written: " + reason);
        }
        return ExitCode.SOFTWARE;
    }

    /// {@return the program's command line}
    ///
    /// The commands that train are there if the modules are that train; the others need neither those nor libtorch.
    public static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        if (Main.class.getResource("/org/segloss/experiment/Run.class") != null) {
            line.addSubcommand(new CompareCommand())
                    .addSubcommand(new CellCommand())
                    .addSubcommand(new TrainCommand())
                    .addSubcommand(new PredictCommand());
        }
        return line.addSubcommand(new EvaluateCommand())
                .addSubcommand(new ScoreCommand(Version.number()))
                .addSubcommand(new LossCommand())
                .addSubcommand(new LossesCommand())
                .addSubcommand(new ValidateCommand())
                .addSubcommand(new PhantomCommand())
                .addSubcommand(new CacheCommand())
                .addSubcommand(new ReportCommand())
                .registerConverter(Path.class, Main::path)
                .registerConverter(Location.class, Main::location)
                .setResourceBundle(new FormatTexts())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Main::runLast)
                .setParameterExceptionHandler(Failures::wrongCall)
                .setExecutionExceptionHandler(Failures::failed);
    }

    /// No text at all would be the name of the folder that the program was started in.
    private static Path path(String name) {
        if (name.isEmpty()) {
            throw new TypeConversionException("the name is empty. Give one; the folder you are in is '.'");
        }
        if (ObjectUrl.isUrl(name)) {
            // it would be a folder 's3a:' here
            throw new TypeConversionException(
                    "this is a URL, and a file or folder of this machine was expected. --data and --out of compare, and cell, take those of object stores");
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'%s' can't be a name here: %s".formatted(name, e.getReason()));
        }
    }

    private static Location location(String name) {
        if (!ObjectUrl.isUrl(name)) {
            return new Location(Optional.of(path(name)), Optional.empty());
        }
        try {
            return new Location(Optional.empty(), Optional.of(ObjectUrl.parse(name)));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /// Shows what commands print on a [Console], and gives the end of the memory to [Failures], which gets
    /// exceptions
    /// alone.
    private static int runLast(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        CommandLine line = parsed.commandSpec().commandLine();
        line.setOut(Console.on(line.getOut())).setErr(Console.on(line.getErr()));
        try {
            return new RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            throw new ExecutionException(
                    parsed.asCommandLineList().getLast(),
                    "%d MiB of memory are not enough for this; give Java more, for example with JDK_JAVA_OPTIONS=-Xmx16g, or use smaller images"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20),
                    e);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
