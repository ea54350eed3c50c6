package org.segloss.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hashes of files, remembered by path, size and time: a large data set is read once on a machine, however many
/// programs check it there.
///
/// They are lines of a text file that grows, `hashes-HOST` in the [cache][CacheFolder]: the same path may mean another
/// file on another machine. A file that was changed less than two seconds ago isn't remembered, for it may change once
/// more in the same tick of its file system. Where the cache can't be read or written all is hashed.
public final class KnownHashes {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) (\\d+ \\S+ .+)");
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Path cache;
    private final Map<String, String> known = new HashMap<>();

    private KnownHashes(Path cache) {
        this.cache = cache;
        try {
            Files.readAllLines(cache).forEach(this::remember);
        } catch (IOException _) {
            // nothing is known, as on the first time
        }
    }

    /// {@return what is known of files of this machine}
    public static KnownHashes ofThisMachine() {
        return in(CacheFolder.ofThisMachine()
                .resolve("hashes-" + Host.here().name().replaceAll("[^\\w.-]", "_")));
    }

    static KnownHashes in(Path cache) {
        return new KnownHashes(cache);
    }

    private void remember(String line) {
        Matcher parts = LINE.matcher(line);
        if (parts.matches()) {
            known.put(parts.group(2), parts.group(1));
        }
    }

    /// {@return the [hash][Sha256] of a file's bytes}
    public String of(Path file) throws IOException {
        BasicFileAttributes before = Files.readAttributes(file, BasicFileAttributes.class);
        String key = "%d %s %s".formatted(before.size(), before.lastModifiedTime(), file.toRealPath());
        String found = known.get(key);
        if (found != null) {
            return found;
        }
        String hash = Sha256.of(file);
        Instant changed = before.lastModifiedTime().toInstant();
        if (Duration.between(changed, Instant.now()).abs().compareTo(SETTLED) > 0) {
            write("%s %s\n".formatted(hash, key));
        }
        return hash;
    }

    private void write(String line) {
        remember(line.strip());
        try {
            Files.createDirectories(cache.getParent());
            // one piece, so that the lines of several programs stay whole
            Files.write(cache, line.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException _) {
            // then it is hashed again the next time
        }
    }
}
