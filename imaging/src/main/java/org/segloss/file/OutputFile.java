package org.segloss.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// The place of a result that a user named. Names that come from data are not asked about here: a link there is
/// replaced, whatever it leads to.
public final class OutputFile {
    /// As many as Linux follows.
    private static final int MOST_LINKS = 40;

    /// Where Linux shows the open files of processes, as `/dev/stdout` and the shell's `>(...)` do.
    private static final Path OPEN_FILES = Path.of("/proc");

    private OutputFile() {}

    /// {@return the file that a name means: the one that links lead to, be it there or not; what can't be replaced,
    /// such as `/dev/stdout`, is named by the last link before it}
    ///
    /// @throws IOException if nothing can be written there; then nothing has changed
    public static Path of(Path name) throws IOException {
        Path file = target(name);
        checkWritable(file);
        return file;
    }

    /// {@return the file or folder that a name means, as [#of], whether it can be written or not}
    public static Path target(Path name) throws IOException {
        Path file = name;
        for (int links = 0; Files.isSymbolicLink(file) && !isOpenFile(file); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemException(name.toString(), null, "its links lead in a circle; give another name");
            }
            file = file.resolveSibling(Files.readSymbolicLink(file));
            Path folder = file.toAbsolutePath().getParent();
            if (Files.isDirectory(folder)) {
                // '..' after a link to a folder is not where the name without both would be
                file = folder.toRealPath().resolve(file.getFileName());
            }
        }
        return file;
    }

    /// @throws IOException if a file can't be written or replaced, or has a longer name than its file system takes;
    ///                     then nothing has changed
    public static void checkWritable(Path file) throws IOException {
        if (isStream(file)) {
            if (!Files.isWritable(file)) {
                throw new AccessDeniedException(file.toString());
            }
            return;
        }
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.toString(), null, "this is a folder, where a file was expected");
        }
        Path whole = file.toAbsolutePath().normalize();
        Path folder = FolderLock.existing(whole.getParent());
        for (Path name : folder.relativize(whole)) {
            checkName(folder.resolve(name));
        }
        Path probe = folder.resolve(whole.getFileName());
        try (Temporary temporary = Temporary.beside(probe)) {
            Files.createFile(temporary.path());
        } catch (FileSystemException e) {
            throw failure(file, e);
        }
    }

    private static void checkName(Path file) throws IOException {
        try {
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            // it can be made
        }
    }

    /// {@return that a file can't be written, where the system says it of a temporary one, whose name says nothing}
    static FileSystemException failure(Path file, IOException e) {
        var failure = new FileSystemException(file.toString(), null, "it cannot be written: " + FolderLock.reason(e));
        failure.initCause(e);
        return failure;
    }

    /// {@return whether a name is of something that bytes go into and that no file can take the place of: a pipe, a
    /// device, an open file}
    static boolean isStream(Path file) throws IOException {
        if (isOpenFile(file)) {
            return true;
        }
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private static boolean isOpenFile(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null
                && Files.isDirectory(folder)
                && folder.toRealPath().startsWith(OPEN_FILES);
    }

    /// Opens what [is a stream][#isStream]. The standard output goes on where it is: opened by its name, a file that it
    /// was led to would be written from its beginning again.
    static OutputStream open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path own = OPEN_FILES.resolve("self", "fd");
        if (Files.isDirectory(own) && folder.toRealPath().equals(own.toRealPath())) {
            switch (file.getFileName().toString()) {
                case "1" -> {
                    return kept(FileDescriptor.out);
                }
                case "2" -> {
                    return kept(FileDescriptor.err);
                }
                default -> {}
            }
        }
        return Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static OutputStream kept(FileDescriptor descriptor) {
        return new FilterOutputStream(new FileOutputStream(descriptor)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
