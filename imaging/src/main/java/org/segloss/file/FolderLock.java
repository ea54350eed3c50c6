package org.segloss.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A folder that one program at a time works in. The lock ends with the program, however that ends; the hidden file
/// that carries it is deleted on closing.
///
/// Within a program a folder belongs to a thread, which may take it again.
public final class FolderLock implements AutoCloseable {
    /// The folders of this program. Their files are not opened a second time: where any channel of a file is closed the
    /// system may take all of a process's locks on it for given up.
    private static final Map<Path, FolderLock> HELD = new HashMap<>();

    private final Path folder;
    private final Path existing;
    private final FileChannel channel;
    private final Thread owner = Thread.currentThread();
    private int times = 1;

    private FolderLock(Path folder, Path existing, FileChannel channel) {
        this.folder = folder;
        this.existing = existing;
        this.channel = channel;
    }

    /// Takes a folder, made if it isn't there; whether something can be written there is known then. Where a link
    /// leads to nothing, the folder is made there.
    ///
    /// @throws FileSystemException if another program, or another part of this one, works in it; says which
    /// @throws IOException         if it is a file or nothing can be written there; then nothing is left behind
    public static FolderLock take(Path folder) throws IOException {
        synchronized (HELD) {
            // a link that leads nowhere yet is where the folder is made
            Path name = OutputFile.target(folder).toAbsolutePath().normalize();
            Path existing = existing(name);
            try {
                Files.createDirectories(name);
                Path place = folder.toRealPath();
                FolderLock held = HELD.get(place);
                if (held == null) {
                    held = new FolderLock(name, existing, lock(folder));
                    HELD.put(place, held);
                } else if (held.owner == Thread.currentThread()) {
                    held.times++;
                } else {
                    throw new Busy(folder, pid());
                }
                return held;
            } catch (Busy e) {
                throw e;
            } catch (IOException e) {
                deleteIfEmpty(name, existing);
                throw new IOException(
                        "%s: nothing can be written there (%s); name another folder".formatted(folder, reason(e)), e);
            }
        }
    }

    private static final class Busy extends FileSystemException {
        private static final long serialVersionUID = 1;

        Busy(Path folder, String process) {
            super(
                    folder.toString(),
                    null,
                    "process %s works in this folder; wait for its end, or name another folder".formatted(process));
        }
    }

    /// {@return the folder, or the nearest one above it that is there}
    static Path existing(Path folder) throws IOException {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw new IOException(
                    "%s is a file, where a folder was expected or could be made; name another folder".formatted(there));
        }
        return there;
    }

    /// {@return why something can't be written, in words}
    static String reason(IOException e) {
        return switch (e) {
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException _ -> "it cannot be made";
            // the system's own words, such as 'No space left on device'
            default -> e.getMessage();
        };
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve(".lock");
        while (true) {
            Optional<Object> before = key(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    throw new Busy(folder, Files.readString(file).strip());
                }
                // otherwise whoever had it deleted it in the meantime, and others may lock another file of this name
                if (before.isPresent() && before.equals(key(file))) {
                    channel.truncate(0);
                    channel.write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)));
                    return channel;
                }
            } catch (Busy e) {
                channel.close();
                throw e;
            } catch (IOException e) {
                try (channel) {
                    Files.deleteIfExists(file);
                }
                throw e;
            }
            channel.close();
        }
    }

    /// {@return what tells a file from another of the same name, if it is there}
    private static Optional<Object> key(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            // Windows has none
            return Optional.of(Objects.requireNonNullElse(key, file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static String pid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /// Deletes the folders that were made for the lock, as far as nobody has put anything there.
    private static void deleteIfEmpty(Path folder, Path existing) throws IOException {
        try {
            for (Path made = folder; made.startsWith(existing) && !made.equals(existing); made = made.getParent()) {
                Files.deleteIfExists(made);
            }
        } catch (DirectoryNotEmptyException _) {
            // it is in use
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            times--;
            if (times == 0) {
                HELD.values().remove(this);
                try (channel) {
                    Files.deleteIfExists(folder.resolve(".lock"));
                }
                deleteIfEmpty(folder, existing);
            }
        }
    }
}
