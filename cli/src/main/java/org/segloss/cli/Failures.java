package org.segloss.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.segloss.cli.terminal.Interruption;
import org.segloss.file.FolderLock;
import org.segloss.file.Host;
import org.segloss.file.InputFile;
import org.segloss.file.MachineFault;
import org.segloss.file.Printable;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns exceptions into a line for people and an exit status. With `SEGLOSS_DEBUG=1` in the environment the stack
/// trace follows.
final class Failures {
    /// As `sysexits.h` of BSD has it (`EX_TEMPFAIL`), which schedulers know.
    private static final int TRY_AGAIN = 75;

    private Failures() {}

    static int wrongCall(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(Printable.message(message(e, command)));
        err.println("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
        debug(e, err);
        return ExitCode.USAGE;
    }

    static int failed(Exception e, CommandLine command, ParseResult parsed) {
        if (Interruption.isNow()) {
            // it could not be finished because somebody stopped it, and was told so
            return ExitCode.SOFTWARE;
        }
        PrintWriter err = command.getErr();
        err.println("%s: %s".formatted(name(command), message(e)));
        debug(e, err);
        return switch (e) {
            case FolderLock.Busy _, FolderLock.Lost _ -> TRY_AGAIN;
            default -> badInput(e) ? ExitCode.USAGE : ExitCode.SOFTWARE;
        };
    }

    /// The command; of one that is one of many on many machines also where it is.
    private static String name(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        return command.getCommand() instanceof CellCommand
                ? "%s on %s".formatted(name, Host.here().name())
                : name;
    }

    private static String message(ParameterException e, CommandLine command) {
        List<String> unmatched = command.getUnmatchedArguments();
        Optional<String> option =
                unmatched.stream().filter(argument -> argument.startsWith("-")).findFirst();
        if (option.isPresent()) {
            // also in place of what is missing, which may be there, but mistyped
            return "Unknown option '%s'%s".formatted(option.get(), similar(option.get(), command));
        }
        Collection<String> known = command.getSubcommands().keySet();
        return e instanceof UnmatchedArgumentException && !known.isEmpty()
                ? "Unknown command '%s'; known: %s".formatted(unmatched.getFirst(), String.join(", ", known))
                : e.getMessage();
    }

    private static String similar(String option, CommandLine command) {
        return new UnmatchedArgumentException(command, List.of(option))
                .getSuggestions().stream()
                        .findFirst()
                        .map("; do you mean %s?"::formatted)
                        .orElse("");
    }

    private static void debug(Exception e, PrintWriter err) {
        if ("1".equals(System.getenv("SEGLOSS_DEBUG"))) {
            trace(e, err);
        }
    }

    /// Also where the command was not begun, and has no [console][org.segloss.cli.terminal.Console] yet.
    static void trace(Exception e, PrintWriter err) {
        var trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace, true));
        err.print(Printable.message(trace.toString()));
        err.flush();
    }

    private static boolean badInput(Exception e) {
        return switch (e) {
            case NoSuchFileException _, InputFile.Unusable _ -> true;
            // the disk, not what is on it
            case FileSystemException _ -> false;
            case Exception fault when MachineFault.isOne(fault) -> false;
            case UncheckedIOException wrapped -> badInput(wrapped.getCause());
            case IOException _, IllegalArgumentException _ -> true;
            default -> false;
        };
    }

    private static String message(Exception e) {
        return switch (e) {
            case IOException file -> InputFile.message(file);
            case IllegalArgumentException _, IllegalStateException _ -> e.getMessage();
            case ExecutionException memory -> memory.getMessage();
            case UncheckedIOException wrapped -> message(wrapped.getCause());
            default -> "failed unexpectedly, %s (SEGLOSS_DEBUG=1 shows where)".formatted(e);
        };
    }
}
