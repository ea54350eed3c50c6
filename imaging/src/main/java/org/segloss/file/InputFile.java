package org.segloss.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The place of a file that is to be read, which a user may have named wrongly.
public final class InputFile {
    private InputFile() {}

    /// Why a file can't be read: the name is wrong, not what is in the file, and not the disk.
    public static final class Unusable extends FileSystemException {
        private static final long serialVersionUID = 1;

        Unusable(Path file, String reason) {
            super(file.toString(), null, reason);
        }
    }

    /// @param found that a name means, in words
    /// @param fix   what to do
    public record Problem(String found, String fix) {}

    /// {@return why nothing can be read from a name, if so}
    ///
    /// @param expected what was to be named, with its article: `a CSV file`
    public static Optional<Problem> problem(Path file, String expected) {
        if (!Files.exists(file)) {
            return Optional.of(new Problem("there is no such file", "Check the name."));
        }
        if (Files.isDirectory(file)) {
            return Optional.of(new Problem("this is a folder", "Give " + expected + "."));
        }
        if (!Files.isReadable(file)) {
            return Optional.of(new Problem("the file may not be read", "Change its permissions."));
        }
        return Optional.empty();
    }

    /// @param expected what was to be named, with its article: `a CSV file`
    /// @throws Unusable if nothing can be read from a name; says why, and what to do
    public static void check(Path file, String expected) throws IOException {
        Optional<Problem> problem = problem(file, expected);
        if (problem.isPresent()) {
            throw new Unusable(
                    file,
                    "%s. %s".formatted(problem.get().found(), problem.get().fix()));
        }
    }

    /// {@return what keeps a file from being read or written, and which one}: the system's own exceptions have its name
    /// alone for a message
    public static String message(IOException e) {
        return switch (e) {
            case Unusable named -> named.getMessage();
            case NoSuchFileException missing ->
                missing.getFile() + ": there is no such file or folder. Check the name.";
            case AccessDeniedException closed -> closed.getFile() + ": permission denied. Change its permissions.";
            case FileAlreadyExistsException file -> file.getFile() + ": this exists, and is not a folder";
            default -> e.getMessage();
        };
    }

    /// @throws Unusable if there is nothing of a name, neither a file nor a folder
    public static void checkThere(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new Unusable(path, "there is no such file or folder. Check the name.");
        }
    }

    /// @param expected the folder that was to be named, with its article: `the folder of a data set`
    /// @throws Unusable if a name is of no folder; says what is there, and what to do
    public static void checkFolder(Path folder, String expected) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new Unusable(
                    folder,
                    "%s. Give %s."
                            .formatted(Files.exists(folder) ? "this is a file" : "there is no such folder", expected));
        }
    }
}
