package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.process.Child;

@DisabledOnOs(OS.WINDOWS)
class OutputFileTest {
    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private static void write(Path name) throws IOException {
        AtomicFile.write(OutputFile.of(name), NEW);
    }

    @Test
    void aLinksTargetIsReplacedAndNotTheLink() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("target"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), second);
        write(first);
        assertThat(target).hasContent("new").isRegularFile();
        assertThat(first).isSymbolicLink();
        assertThat(second).isSymbolicLink();
        // as in a run's folder, whose names come from data
        AtomicFile.write(first, "other".getBytes(StandardCharsets.UTF_8));
        assertThat(target).hasContent("new");
        assertThat(Files.isSymbolicLink(first)).isFalse();
    }

    @Test
    void aLinkMayLeadToAFileThatIsNotThereYet() throws IOException {
        Files.createDirectories(folder.resolve("a/deep"));
        Files.createDirectories(folder.resolve("b"));
        Files.createSymbolicLink(folder.resolve("b/in"), folder.resolve("a/deep"));
        // from where the folder really is: a/result, not b/result
        Files.createSymbolicLink(folder.resolve("a/deep/link"), Path.of("../result"));
        write(folder.resolve("b/in/link"));
        assertThat(folder.resolve("a/result")).hasContent("new");
        assertThat(folder.resolve("b/result")).doesNotExist();
        Path ring = folder.resolve("ring");
        Files.createSymbolicLink(ring, ring);
        assertThatIOException().isThrownBy(() -> write(ring)).withMessageContaining(ring.toString());
    }

    @Test
    void aPipeIsWrittenToAndStays() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
        for (Path name : new Path[] {pipe, link}) {
            CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return Files.readString(pipe);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            write(name);
            assertThat(read.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("new");
            assertThat(Files.isRegularFile(pipe)).isFalse();
        }
    }

    /// Writes to its standard output, in the middle of other text.
    static final class ToStandardOutput {
        private ToStandardOutput() {}

        static void main(String[] arguments) throws IOException {
            System.out.println("before");
            for (String name : arguments) {
                write(Path.of(name));
            }
            System.out.println("after");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theStandardOutputIsWrittenTo() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/stdout"));
        Process writing = Child.start(
                "-Xmx64m", ToStandardOutput.class, Path.of("/dev/stdout"), Path.of("/proc/self/fd/1"), link);
        assertThat(new String(writing.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("before\nnewnewnewafter\n");
        assertThat(writing.waitFor()).isZero();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemTakes() throws IOException {
        for (String letter : new String[] {"x", "ä", "\uD83E\uDDE0"}) {
            int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
            Path longest = folder.resolve(letter.repeat(255 / bytes));
            write(longest);
            assertThat(longest).hasContent("new");
            Path longer = folder.resolve("missing/" + letter.repeat(255 / bytes + 1));
            assertThatIOException()
                    .isThrownBy(() -> OutputFile.of(longer))
                    .withMessageContaining(longer.getFileName().toString());
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("nothing else, and no folder").hasSize(3);
        }
    }

    @Test
    void whatCannotBeWrittenIsSaidWithoutChangingAnything() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        assertThatIOException()
                .isThrownBy(() -> OutputFile.of(file.resolve("below/result.csv")))
                .withMessageStartingWith("%s is a file, where a folder was expected", file);
        assertThatIOException()
                .isThrownBy(() -> OutputFile.of(folder))
                .withMessage("%s: this is a folder, where a file was expected", folder);
        OutputFile.of(folder.resolve("new/result.csv"));
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void aMessageNamesTheFileAndNotATemporaryOne() throws IOException {
        Path full = Files.createDirectories(folder.resolve("full"));
        Files.writeString(full.resolve("inside"), "");
        assertThatIOException()
                .isThrownBy(() -> AtomicFile.write(full, NEW))
                .withMessageStartingWith(full + ": it cannot be written: ")
                .withMessageNotContaining(".tmp");
    }
}
