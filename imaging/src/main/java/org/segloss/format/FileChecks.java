package org.segloss.format;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.segloss.file.InputFile;

/// What can be wrong with a file of any kind.
public final class FileChecks {
    private FileChecks() {}

    public static List<Finding> readable(Path file) {
        Optional<InputFile.Problem> problem = InputFile.problem(file, "an image file");
        if (problem.isPresent()) {
            return List.of(Finding.error(problem.get().found(), problem.get().fix()));
        }
        // a pipe may never end, and has no size to compare a header with
        return Files.isRegularFile(file)
                ? List.of()
                : List.of(Finding.error("this is no regular file", "Copy what it gives into a file."));
    }

    /// {@return an error where reading takes more memory than there is}
    ///
    /// @param needed    bytes that reading takes at its peak, about
    /// @param available bytes that Java may take
    public static List<Finding> memory(double needed, long available) {
        return needed <= available
                ? List.of()
                : List.of(Finding.error(
                        String.format(
                                Locale.ROOT,
                                "reading it needs about %.0f MiB of memory, but %d MiB are available",
                                Math.ceil(needed / (1 << 20)),
                                available >> 20),
                        "Give Java more, for example with JDK_JAVA_OPTIONS=-Xmx16g, or crop the image."));
    }

    public static long availableMemory() {
        return Runtime.getRuntime().maxMemory();
    }

    public static Finding damaged(IOException e) {
        if (e instanceof FileSystemException) {
            // the file itself may be whole
            return Finding.error("it can't be read now: " + InputFile.message(e), "Check the disk.");
        }
        String message = e.getMessage() == null ? "the file ends too early" : e.getMessage();
        return Finding.error(message, "The file is damaged: get it again.");
    }
}
