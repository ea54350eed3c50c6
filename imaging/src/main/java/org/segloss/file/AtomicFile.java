package org.segloss.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Files that are there whole or not at all.
public final class AtomicFile {

    /// Writes a file's content.
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /// Writes `content` beside `file` under a temporary name and renames it; replaces what was there. Missing
    /// folders are made. Where writing fails, or the program is interrupted, nothing is left behind and the old
    /// file stays. A link is replaced itself ([OutputFile] follows it); a pipe or a device can't be, and is written
    /// to.
    ///
    /// @throws FileSystemException that names the file, if it cannot be written, because the disk is full for
    ///                             example
    public static void write(Path file, Content content) throws IOException {
        write(file, content, Temporary.beside(file), List.of());
    }

    /// As [#write(Path, byte[])], and where it replaces a file, another one is deleted just before: one that says what
    /// the old bytes mean, and would be wrong about the new ones. Where writing fails both old files stay.
    public static void replace(Path file, byte[] bytes, Path outdated) throws IOException {
        write(
                file,
                out -> out.write(bytes),
                Temporary.beside(file),
                Files.exists(file) ? List.of(outdated) : List.of());
    }

    /// As [#write(Path, Content)], and also while the program is ending. Who calls it there has to make the end wait.
    public static void writeLast(Path file, Content content) throws IOException {
        write(file, content, Temporary.unguarded(file), List.of());
    }

    private static void write(Path file, Content content, Temporary name, List<Path> outdated) throws IOException {
        if (OutputFile.isStream(file)) {
            stream(file, content);
            return;
        }
        try (Temporary temporary = name) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = Files.newOutputStream(temporary.path())) {
                content.writeTo(out);
            }
            // on disk before the name is: otherwise a power cut may leave the name with nothing behind it
            try (FileChannel written = FileChannel.open(temporary.path(), StandardOpenOption.WRITE)) {
                written.force(true);
            }
            // not before it is written: whoever takes the folder from now on deletes it
            checkLock(file);
            for (Path other : outdated) {
                Files.deleteIfExists(other);
            }
            Files.move(temporary.path(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            // where the file was deleted by whoever has taken the folder, that is the reason
            checkLock(file);
            throw name.path().toString().equals(e.getFile()) ? OutputFile.failure(file, e) : e;
        } catch (IOException e) {
            // the system's own words, such as 'No space left on device', do not say where
            throw OutputFile.failure(file, e);
        }
    }

    /// @throws FolderLock.Lost if the file's folder was this program's and no longer is
    private static void checkLock(Path file) throws IOException {
        Optional<FolderLock> lock = FolderLock.over(file);
        if (lock.isPresent()) {
            lock.get().check();
        }
    }

    private static void stream(Path file, Content content) throws IOException {
        try (OutputStream out = OutputFile.open(file)) {
            content.writeTo(out);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw OutputFile.failure(file, e);
        }
    }

    /// As [#write(Path, Content)], with all bytes at once.
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, out -> out.write(bytes));
    }

    /// Puts a copy in a file's place, if it is there, so that a program that still has it open writes where nobody
    /// reads.
    public static void detach(Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            write(file, out -> Files.copy(file, out));
        }
    }
}
