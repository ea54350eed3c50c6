package org.segloss.prep;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.segloss.file.AtomicFile;
import org.segloss.file.CacheFolder;
import org.segloss.file.Sha256;
import org.segloss.image.Geometry;

/// Prepared cases in files of this machine, for trainings on more of them than fit into memory. A patch is
/// read from
/// such a file through a mapping of it, so that no more of it is in memory than the patch needs.
///
/// A file is named after all that decides its content, is there whole or not at all, and is never changed.
/// Those that
/// were not used for the longest time are deleted where all together take more than a bound, which is half of
/// what the
/// disk has for them; but none that this program uses. One that is gone, deleted by whomever, is made once more.
public final class CaseCache {
    private static final String ENDING = ".case";
    private static final long MAGIC = 0x7365676c6f737331L;

    /// The code that makes a prepared case: where it changes, what it made before is none of this version's.
    private static final List<Class<?>> MAKERS = List.of(
            Preprocessing.class,
            Preprocessing.Prepared.class,
            Resampling.class,
            Normalization.class,
            IntensityScale.class,
            PreparedCase.class);

    private static final int FIXED = 72;
    private static final int CHUNK = 1 << 18;

    private final Path folder;
    private final Optional<Long> bound;
    private final Set<Path> used = new HashSet<>();

    /// @param bound bytes; half of what the disk has, if absent
    private CaseCache(Path folder, Optional<Long> bound) {
        this.folder = folder;
        this.bound = bound;
    }

    /// {@return that of this machine, in its [folder][CacheFolder]}
    public static CaseCache ofThisMachine() {
        return new CaseCache(CacheFolder.ofThisMachine().resolve("cases"), Optional.empty());
    }

    /// @param bound bytes that the files take together
    public static CaseCache in(Path folder, long bound) {
        return new CaseCache(folder, Optional.of(bound));
    }

    public Path folder() {
        return folder;
    }

    /// {@return the name of what is made of a case}
    ///
    /// @param content  a hash of the case's image and labels
    /// @param ignored  labels that are no foreground
    public static String key(String content, Preprocessing preprocessing, Set<Integer> ignored) {
        MessageDigest digest = Sha256.digest();
        for (Class<?> maker : MAKERS) {
            String name = maker.getName();
            try (InputStream code = maker.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                digest.update(code.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Sha256.of("%s %s %s %s %s"
                .formatted(
                        Sha256.hex(digest), ByteOrder.nativeOrder(), content, preprocessing, new TreeSet<>(ignored)));
    }

    /// Prepares a case.
    public interface Maker {
        PreparedCase make() throws IOException;
    }

    /// {@return a case from its file, which is made first where it isn't there}
    ///
    /// @param arena what is returned may be used until it is closed
    /// @throws IOException if the file can't be written or read
    public PreparedCase get(String key, Maker maker, Arena arena) throws IOException {
        Path file = folder.resolve(key + ENDING);
        Optional<PreparedCase> there = read(file, arena);
        if (there.isPresent()) {
            return there.get();
        }
        write(file, maker.make());
        return read(file, arena)
                .orElseThrow(() -> new IOException("%s: it was deleted while it was made; try again".formatted(file)));
    }

    private synchronized void write(Path file, PreparedCase prepared) throws IOException {
        used.add(file);
        try {
            Files.createDirectories(folder);
            AtomicFile.write(file, out -> write(prepared, out));
        } catch (IOException e) {
            throw new IOException(
                    "%s. A prepared case of %d MiB goes there, because all of them don't fit into memory: make room, set XDG_CACHE_HOME to a folder of another disk, or give Java more memory (JDK_JAVA_OPTIONS=-Xmx16g)"
                            .formatted(e.getMessage(), prepared.size() >> 20),
                    e);
        }
        keepBound();
    }

    private static void write(PreparedCase prepared, OutputStream out) throws IOException {
        Geometry grid = prepared.grid();
        double[] spacing = grid.spacing();
        ByteBuffer head = ByteBuffer.allocate(head(prepared.foreground().size()))
                .order(ByteOrder.nativeOrder())
                .putLong(MAGIC)
                .putLong(grid.x())
                .putLong(grid.y())
                .putLong(grid.z())
                .putDouble(spacing[0])
                .putDouble(spacing[1])
                .putDouble(spacing[2])
                .putLong(prepared.channels())
                .putLong(prepared.foreground().size());
        prepared.foreground().forEach(voxels -> head.putLong(voxels.byteSize()));
        out.write(head.array());
        copy(prepared.image(), out);
        for (MemorySegment voxels : prepared.foreground()) {
            copy(voxels, out);
        }
        copy(prepared.labels(), out);
    }

    private static int head(int labels) {
        return FIXED + 8 * labels;
    }

    private static void copy(MemorySegment from, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long at = 0; at < from.byteSize(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, from.byteSize() - at);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }

    /// {@return what a file holds}, nothing if it isn't there or isn't whole
    private Optional<PreparedCase> read(Path file, Arena arena) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        MemorySegment all;
        try (FileChannel channel = FileChannel.open(file)) {
            all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        use(file);
        if (all.byteSize() < FIXED || all.get(ValueLayout.JAVA_LONG, 0) != MAGIC) {
            return Optional.empty();
        }
        int labels = (int) all.get(ValueLayout.JAVA_LONG, FIXED - 8);
        int channels = (int) all.get(ValueLayout.JAVA_LONG, FIXED - 16);
        if (labels < 0 || labels > 255 || all.byteSize() < head(labels)) {
            return Optional.empty();
        }
        Geometry grid = Geometry.scaled(
                (int) all.get(ValueLayout.JAVA_LONG, 8),
                (int) all.get(ValueLayout.JAVA_LONG, 16),
                (int) all.get(ValueLayout.JAVA_LONG, 24),
                all.get(ValueLayout.JAVA_DOUBLE, 32),
                all.get(ValueLayout.JAVA_DOUBLE, 40),
                all.get(ValueLayout.JAVA_DOUBLE, 48));
        long at = head(labels);
        long end = at + grid.voxels() * (4L * channels + 1);
        for (int label = 0; label < labels; label++) {
            end += all.get(ValueLayout.JAVA_LONG, head(label));
        }
        if (end != all.byteSize()) {
            return Optional.empty();
        }
        MemorySegment image = all.asSlice(at, 4L * channels * grid.voxels());
        at += image.byteSize();
        List<MemorySegment> foreground = new ArrayList<>();
        for (int label = 0; label < labels; label++) {
            foreground.add(all.asSlice(at, all.get(ValueLayout.JAVA_LONG, head(label))));
            at += foreground.getLast().byteSize();
        }
        return Optional.of(new PreparedCase(grid, channels, image, all.asSlice(at), foreground));
    }

    /// Says once that a file is used.
    private synchronized void use(Path file) {
        if (used.add(file)) {
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            } catch (IOException _) {
                // then it seems to be older than it is
            }
        }
    }

    /// What there is.
    ///
    /// @param cases how many
    /// @param bytes that they take
    /// @param bound that they may take
    public record Contents(int cases, long bytes, long bound) {}

    private record Stored(Path file, long bytes, FileTime used) {}

    public Contents contents() throws IOException {
        List<Stored> stored = stored();
        long bytes = stored.stream().mapToLong(Stored::bytes).sum();
        return new Contents(stored.size(), bytes, bound(bytes));
    }

    private long bound(long bytes) throws IOException {
        if (bound.isPresent()) {
            return bound.get();
        }
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return (Files.getFileStore(existing).getUsableSpace() + bytes) / 2;
    }

    private List<Stored> stored() throws IOException {
        List<Stored> stored = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(ENDING)).toList()) {
                    try {
                        stored.add(new Stored(file, Files.size(file), Files.getLastModifiedTime(file)));
                    } catch (NoSuchFileException _) {
                        // another program deleted it
                    }
                }
            }
        }
        return stored;
    }

    private void keepBound() throws IOException {
        List<Stored> stored = stored();
        long bytes = stored.stream().mapToLong(Stored::bytes).sum();
        long most = bound(bytes);
        stored.sort(Comparator.comparing(Stored::used));
        for (Stored one : stored) {
            if (bytes > most && !used.contains(one.file)) {
                Files.deleteIfExists(one.file);
                bytes -= one.bytes;
            }
        }
    }

    /// Deletes all. A training that uses them makes them once more.
    ///
    /// @return what there was
    public Contents delete() throws IOException {
        Contents contents = contents();
        for (Stored one : stored()) {
            Files.deleteIfExists(one.file);
        }
        return contents;
    }
}
