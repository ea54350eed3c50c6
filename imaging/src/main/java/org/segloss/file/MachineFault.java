package org.segloss.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// What is wrong is this machine, not what it was given: another one may do the same work.
public final class MachineFault extends IOException {
    private static final long serialVersionUID = 1;

    /// @param message a sentence that names the machine
    public MachineFault(String message) {
        super(message);
    }

    /// {@return whether a problem is one of the machine}: said to be, or of its disk, full or broken
    public static boolean isOne(Throwable problem) {
        return switch (problem) {
            case null -> false;
            case MachineFault _ -> true;
            case InputFile.Unusable _, FolderLock.Busy _, FolderLock.Lost _ -> false;
            // of names and permissions, which are the user's
            case NoSuchFileException _, NotDirectoryException _, FileAlreadyExistsException _ -> false;
            case AccessDeniedException _ -> false;
            case FileSystemException _ -> true;
            case UncheckedIOException wrapped -> isOne(wrapped.getCause());
            case IOException wrapper -> isOne(wrapper.getCause());
            default -> false;
        };
    }
}
