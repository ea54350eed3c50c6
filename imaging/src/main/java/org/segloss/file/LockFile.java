package org.segloss.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The file by which a program holds a folder, on a file system that many machines may share.
///
/// It is named `.lock-N` and says who holds it. A program takes a folder by creating the file with the number after the
/// highest that is there, which one program alone can do; then it looks once more, for a list of files may have been an
/// old one, and deletes those that it follows. So a lock is never renamed, two that follow the same one don't both have
/// the folder, and who was followed finds its file gone.
///
/// A lock is given up if its process is known to have ended, or hasn't been renewed for [three minutes][#EXPIRY]: NFS
/// may show a file's time a minute late, and renewing it every twenty seconds leaves room. Times are compared with that
/// of a file that is made for it, so by the clock of the file system's machine alone.
final class LockFile {
    static final Duration EXPIRY = Duration.ofMinutes(3);
    static final Duration RENEWAL = Duration.ofSeconds(20);

    private static final Pattern NAME = Pattern.compile("\\.lock-(\\d{1,9})");
    private static final int ATTEMPTS = 20;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);
    /// A process's start is known to about a second.
    private static final Duration SAME_START = Duration.ofSeconds(5);

    /// Who holds a folder.
    ///
    /// @param machine [id][Host#id]
    /// @param token   of this one lock
    record Holder(String host, String machine, long pid, Instant started, String token) {
        /// Of a file that has been created and not yet been written.
        static final Holder UNKNOWN = new Holder("", "", 0, Instant.EPOCH, "");

        static Holder here() {
            ProcessHandle process = ProcessHandle.current();
            Host host = Host.here();
            return new Holder(
                    host.name(),
                    host.id(),
                    process.pid(),
                    process.info().startInstant().orElse(Instant.EPOCH).truncatedTo(ChronoUnit.MILLIS),
                    UUID.randomUUID().toString());
        }

        static Holder parse(String text) {
            Map<String, String> values = text.lines()
                    .map(line -> line.split(" ", 2))
                    .filter(words -> words.length == 2)
                    .collect(Collectors.toMap(words -> words[0], words -> words[1], (a, b) -> b));
            try {
                return new Holder(
                        values.getOrDefault("host", ""),
                        values.getOrDefault("machine", ""),
                        Long.parseLong(values.getOrDefault("process", "")),
                        Instant.parse(values.getOrDefault("started", "")),
                        values.getOrDefault("token", ""));
            } catch (IllegalArgumentException | DateTimeException _) {
                return UNKNOWN;
            }
        }

        String text() {
            // always as long, so that it can be written over
            return "host %s\nprocess %d\nmachine %s\nstarted %s\ntoken %s\nrenewed %s\n"
                    .formatted(host, pid, machine, started, token, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }

        /// {@return whether its process is known to have ended}
        boolean isDead() {
            return machine.equals(Host.here().id())
                    && ProcessHandle.of(pid)
                            .filter(ProcessHandle::isAlive)
                            .filter(process -> process.info()
                                    .startInstant()
                                    .map(start -> Duration.between(start, started)
                                                    .abs()
                                                    .compareTo(SAME_START)
                                            < 0)
                                    .orElse(true))
                            .isEmpty();
        }

        /// {@return such as 'process 12', 'process 12 on node7'}
        @Override
        public String toString() {
            if (this.equals(UNKNOWN)) {
                return "another program";
            }
            return machine.equals(Host.here().id()) ? "process " + pid : "process %d on %s".formatted(pid, host);
        }
    }

    /// Somebody has the folder.
    static final class Held extends Exception {
        private static final long serialVersionUID = 1;

        Held(String holder) {
            super(holder);
        }
    }

    private final Path file;
    private final Holder own;

    private LockFile(Path file, Holder own) {
        this.file = file;
        this.own = own;
    }

    static LockFile take(Path folder) throws IOException, Held {
        Holder own = Holder.here();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<Path, Holder> seen = holders(folder);
            boolean unknown = false;
            for (Map.Entry<Path, Holder> lock : seen.entrySet()) {
                if (!lock.getValue().isDead()) {
                    boolean expired = isExpired(lock.getKey());
                    unknown |= !expired && lock.getValue().equals(Holder.UNKNOWN);
                    if (!expired && !unknown) {
                        throw new Held(lock.getValue().toString());
                    }
                }
            }
            if (!unknown) {
                Optional<LockFile> taken = follow(folder, seen, own);
                if (taken.isPresent()) {
                    return taken.get();
                }
            }
            pause();
        }
        throw new Held(Holder.UNKNOWN.toString());
    }

    /// {@return who holds a folder, if anybody does}
    static Optional<String> holder(Path folder) throws IOException {
        for (Map.Entry<Path, Holder> lock : holders(folder).entrySet()) {
            if (!lock.getValue().isDead() && !isExpired(lock.getKey())) {
                return Optional.of(lock.getValue().toString());
            }
        }
        return Optional.empty();
    }

    private static Optional<LockFile> follow(Path folder, Map<Path, Holder> seen, Holder own) throws IOException {
        int next = 1 + seen.keySet().stream().mapToInt(LockFile::number).max().orElse(0);
        Path file = folder.resolve(".lock-" + next);
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException _) {
            return Optional.empty();
        }
        try {
            write(file, own);
            Map<Path, Holder> again = holders(folder);
            again.remove(file);
            if (seen.entrySet().containsAll(again.entrySet())) {
                for (Path followed : seen.keySet()) {
                    Files.deleteIfExists(followed);
                }
                return Optional.of(new LockFile(file, own));
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        Files.deleteIfExists(file);
        return Optional.empty();
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Who the locks of a folder are of, by their files.
    private static Map<Path, Holder> holders(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
        var holders = new LinkedHashMap<Path, Holder>();
        for (Path file : files) {
            read(file).ifPresent(holder -> holders.put(file, holder));
        }
        return holders;
    }

    private static int number(Path file) {
        var name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    private static Optional<Holder> read(Path file) throws IOException {
        try {
            return Optional.of(Holder.parse(Files.readString(file)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static boolean isExpired(Path file) throws IOException {
        try (Temporary probe = Temporary.unguarded(file)) {
            Files.createFile(probe.path());
            Instant now = Files.getLastModifiedTime(probe.path()).toInstant();
            return Duration.between(Files.getLastModifiedTime(file).toInstant(), now)
                            .compareTo(EXPIRY)
                    > 0;
        } catch (NoSuchFileException _) {
            return true;
        }
    }

    /// In place, so that a file that another program has deleted doesn't come back.
    private static void write(Path file, Holder holder) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(holder.text().getBytes(UTF_8));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /// {@return who has the folder instead, if it isn't this program any more}
    synchronized Optional<String> successor() throws IOException {
        // opening a file asks its file system's machine, where a list may be an old one
        if (read(file).filter(own::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(holder(file.getParent()).orElse(Holder.UNKNOWN.toString()));
    }

    synchronized void renew() throws IOException {
        write(file, own);
    }

    synchronized void release() throws IOException {
        if (read(file).filter(own::equals).isPresent()) {
            Files.deleteIfExists(file);
        }
    }
}
