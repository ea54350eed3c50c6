package org.segloss.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        if (!Files.isReadable(file)) {
            return List.of(Finding.error("the file may not be read", "Change its permissions."));
        }
        return List.of();
    }

    static Finding damaged(IOException e) {
        String message = e.getMessage() == null ? "the file ends too early" : e.getMessage();
        return Finding.error(message, "The file is damaged: get it again.");
    }
}
