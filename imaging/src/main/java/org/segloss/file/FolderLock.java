package org.segloss.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A folder that one program at a time works in, on whatever machine that sees the folder. The lock ends with the
/// program, however that ends: on its own machine at once, for others when it hasn't been renewed for three
/// minutes. The hidden file that carries it is deleted on closing.
///
/// A program that was stopped for so long may find, when it goes on, that another one works in the folder. It must not
/// write there then, and doesn't: [AtomicFile] asks between writing a file and renaming it, and whoever takes a folder
/// deletes what hasn't been renamed by then; [GrowingFile] asks when it opens a file and whenever the lock couldn't be
/// renewed, and whoever takes a folder [puts copies in the place][AtomicFile#detach] of the files that grow: also
/// from a program that has ended, for that one may have taken it from one that was stopped, and not have come so far.
///
/// Within a program a folder belongs to a thread, which may take it again.
public final class FolderLock implements AutoCloseable {
    private static final Map<Path, FolderLock> HELD = new HashMap<>();

    static {
        AtExit.last(FolderLock::releaseAll);
    }

    private final Path folder;
    private final Path existing;
    private final LockFile file;
    private final Thread owner = Thread.currentThread();
    private final Thread renewal = Thread.ofVirtual().unstarted(this::renew);
    private volatile String successor = "";
    private int times = 1;

    private FolderLock(Path folder, Path existing, LockFile file) {
        this.folder = folder;
        this.existing = existing;
        this.file = file;
    }

    /// Takes a folder, made if it isn't there; whether something can be written there is known then. Where a link
    /// leads to nothing, the folder is made there.
    ///
    /// @throws Busy        if another program, or another part of this one, works in it; says which
    /// @throws IOException if it is a file or nothing can be written there; then nothing is left behind
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
                    held = new FolderLock(name, existing, LockFile.take(folder));
                    HELD.put(place, held);
                    held.renewal.start();
                } else if (held.owner == Thread.currentThread()) {
                    held.times++;
                } else {
                    throw new LockFile.Held(LockFile.Holder.here().toString());
                }
                return held;
            } catch (LockFile.Held e) {
                throw new Busy(folder, e.getMessage());
            } catch (IOException e) {
                deleteIfEmpty(name, existing);
                throw new IOException(
                        "%s: nothing can be written there (%s); name another folder".formatted(folder, reason(e)), e);
            }
        }
    }

    /// {@return who works in a folder, such as 'process 12 on node7', if anybody does}
    public static Optional<String> holder(Path folder) throws IOException {
        return Files.isDirectory(folder) ? LockFile.holder(folder) : Optional.empty();
    }

    /// Another program works in a folder.
    public static final class Busy extends FileSystemException {
        private static final long serialVersionUID = 1;

        private final String holder;

        Busy(Path folder, String holder) {
            super(
                    folder.toString(),
                    null,
                    "%s works in this folder; wait for its end, or name another folder".formatted(holder));
            this.holder = holder;
        }

        /// {@return who does, such as 'process 12 on node7'}
        public String holder() {
            return holder;
        }
    }

    /// Another program has taken the folder, for the lock had not been renewed for so long that nobody could know of
    /// this one.
    public static final class Lost extends FileSystemException {
        private static final long serialVersionUID = 1;

        Lost(Path folder, String successor) {
            super(
                    folder.toString(),
                    null,
                    "%s has taken over this folder, because this program had not renewed its lock for %d minutes; nothing more is written here"
                            .formatted(successor, LockFile.EXPIRY.toMinutes()));
        }
    }

    /// {@return the lock by which this program holds the folder that a file lies in, at any depth}
    static Optional<FolderLock> over(Path file) {
        Path name = file.toAbsolutePath().normalize();
        synchronized (HELD) {
            return HELD.values().stream()
                    .filter(lock -> name.startsWith(lock.folder))
                    .max(Comparator.comparingInt(lock -> lock.folder.getNameCount()));
        }
    }

    /// Asks the file system whether the folder is still this program's.
    ///
    /// @throws Lost if it isn't
    void check() throws IOException {
        file.successor().ifPresent(other -> successor = other);
        checkKnown();
    }

    /// As [#check], by what is known from the last renewal.
    void checkKnown() throws Lost {
        if (!successor.isEmpty()) {
            throw new Lost(folder, successor);
        }
    }

    private void renew() {
        while (successor.isEmpty()) {
            try {
                Thread.sleep(LockFile.RENEWAL);
                check();
                file.renew();
            } catch (InterruptedException _) {
                return;
            } catch (IOException _) {
                // a file system that doesn't answer may do so the next time; a lost lock ends the loop
            }
        }
    }

    private static void releaseAll() {
        synchronized (HELD) {
            for (FolderLock lock : HELD.values()) {
                try {
                    lock.file.release();
                } catch (IOException _) {
                    // others see that the process has ended, or that nobody renews the lock
                }
            }
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
                renewal.interrupt();
                file.release();
                deleteIfEmpty(folder, existing);
            }
        }
    }
}
