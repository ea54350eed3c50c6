package org.segloss.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What can be wrong with a file of any kind.
final class FileChecks {
    private FileChecks() {}

    static List<Finding> readable(Path file) {
        if (!Files.exists(file)) {
            return List.of(Finding.error("there is no such file", "Check the name."));
        }
        if (Files.isDirectory(file)) {
            return List.of(Finding.error("this is a folder", "Expected was an image file."));
        }
        if (!Files.isRegularFile(file)) {
            // a pipe may never end, and has no size to compare a header with
            return List.of(Finding.error("this is no regular file", "Copy what it gives into a file."));
        }
        if (!Files.isReadable(file)) {
            return List.of(Finding.error("the file may not be read", "Change its permissions."));
        }
        return List.of();
    }

    /// {@return an error where reading takes more memory than there is}
    ///
    /// @param needed    bytes that reading takes at its peak, about
    /// @param available bytes that Java may take
    static List<Finding> memory(double needed, long available) {
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

    static long availableMemory() {
        return Runtime.getRuntime().maxMemory();
    }

    static Finding damaged(IOException e) {
        String message = e.getMessage() == null ? "the file ends too early" : e.getMessage();
        return Finding.error(message, "The file is damaged: get it again.");
    }
}
