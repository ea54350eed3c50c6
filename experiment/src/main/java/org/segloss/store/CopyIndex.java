package org.segloss.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.segloss.file.AtomicFile;

/// Which version of a store's files those of a folder were copied from, or to: lines of a text file, of which a later
/// one replaces an earlier one of the same name. A line that was cut off counts for nothing, and the file is copied
/// again.
final class CopyIndex {
    private static final Pattern LINE = Pattern.compile("(-?\\d+) (-?\\d+) (\\S+) (.+)");
    /// In place of the version of a file that is in the store no more.
    private static final String GONE = "-";

    /// In place of the version of a file that is being sent or deleted: if no answer comes, nobody knows
    /// whether it was.
    static final Entry UNDER_WAY = new Entry(0, 0, "?");

    /// A file when it was copied.
    ///
    /// @param size    of the one here
    /// @param time    in nanoseconds, when it was changed here
    /// @param version of the one in the store
    record Entry(long size, long time, String version) {

        /// {@return a file as it is here now}; of one that isn't there nothing
        static Optional<Entry> of(Path file, String version) throws IOException {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new Entry(now.size(), now.lastModifiedTime().to(TimeUnit.NANOSECONDS), version));
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        }
    }

    private final Path file;
    private final Map<String, Entry> entries = new TreeMap<>();

    CopyIndex(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(this::take);
        }
    }

    private void take(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return;
        }
        if (parts.group(3).equals(GONE)) {
            entries.remove(parts.group(4));
        } else {
            entries.put(
                    parts.group(4),
                    new Entry(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3)));
        }
    }

    /// {@return all files that were in the store when it was last looked at}
    synchronized Map<String, Entry> entries() {
        return Map.copyOf(entries);
    }

    synchronized Optional<Entry> of(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    synchronized void put(String name, Entry entry) throws IOException {
        entries.put(name, entry);
        append(line(name, entry));
    }

    synchronized void remove(String name) throws IOException {
        if (entries.remove(name) != null) {
            append(line(name, new Entry(0, 0, GONE)));
        }
    }

    /// Replaces all that is known.
    synchronized void set(Map<String, Entry> now) throws IOException {
        entries.clear();
        entries.putAll(now);
        var lines = new StringBuilder();
        entries.forEach((name, entry) -> lines.append(line(name, entry)));
        AtomicFile.write(file, lines.toString().getBytes(UTF_8));
    }

    private void append(String line) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String line(String name, Entry entry) {
        return "%d %d %s %s\n".formatted(entry.size, entry.time, entry.version, name);
    }
}
