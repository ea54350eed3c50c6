package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHashesTest {
    private static final FileTime OLD = FileTime.from(Instant.now().minus(1, ChronoUnit.HOURS));

    @TempDir
    Path folder;

    private Path write(String text, FileTime time) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), text);
        return Files.setLastModifiedTime(file, time);
    }

    @Test
    void aFileIsHashedOnceForAllProgramsAsLongAsSizeAndTimeAreTheSame() throws IOException {
        Path cache = folder.resolve("cache/hashes");
        assertThat(KnownHashes.in(cache).of(write("abc", OLD))).isEqualTo(Sha256.of("abc"));
        // nobody has looked at the bytes
        assertThat(KnownHashes.in(cache).of(write("xyz", OLD))).isEqualTo(Sha256.of("abc"));
        assertThat(KnownHashes.in(cache).of(write("xyz1", OLD))).isEqualTo(Sha256.of("xyz1"));
        FileTime later = FileTime.from(OLD.toInstant().plusMillis(1));
        assertThat(KnownHashes.in(cache).of(write("xyz", later))).isEqualTo(Sha256.of("xyz"));
        Path moved = Files.move(folder.resolve("file"), folder.resolve("other"));
        assertThat(KnownHashes.in(cache).of(moved)).isEqualTo(Sha256.of("xyz"));
        assertThat(cache).content().hasLineCount(4);
    }

    @Test
    void aFileThatWasChangedAMomentAgoIsNotRemembered() throws IOException {
        Path cache = folder.resolve("hashes");
        FileTime now = FileTime.from(Instant.now());
        assertThat(KnownHashes.in(cache).of(write("abc", now))).isEqualTo(Sha256.of("abc"));
        assertThat(KnownHashes.in(cache).of(write("xyz", now))).isEqualTo(Sha256.of("xyz"));
    }

    @Test
    void aCacheThatCannotBeReadOrWrittenIsNone() throws IOException {
        Path cache = Files.writeString(folder.resolve("hashes"), "no hash\n");
        assertThat(KnownHashes.in(cache).of(write("abc", OLD))).isEqualTo(Sha256.of("abc"));
        Files.writeString(cache, "half a li", StandardOpenOption.APPEND);
        assertThat(KnownHashes.in(cache).of(write("xyz", OLD))).isEqualTo(Sha256.of("abc"));
        assertThat(KnownHashes.in(cache.resolve("below")).of(write("xyz", OLD))).isEqualTo(Sha256.of("xyz"));
    }
}
