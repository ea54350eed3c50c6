package org.segloss.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.process.Child;
import org.segloss.random.CounterRandom;

class FolderLockTest {
    @TempDir
    Path folder;

    /// Says whether it gets a folder.
    static final class Other {
        private Other() {}

        static void main(String[] arguments) throws IOException {
            try (FolderLock _ = FolderLock.take(Path.of(arguments[0]))) {
                System.out.println("free");
            } catch (FileSystemException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String askedByAnother(Path folder) throws IOException, InterruptedException {
        Process other = Child.start("-Xmx64m", Other.class, folder);
        try (var said = other.inputReader()) {
            String answer = said.readLine();
            other.waitFor();
            return answer;
        }
    }

    private static String askedByAnotherThread(Path folder) throws InterruptedException {
        var answer = new CompletableFuture<String>();
        Thread.ofPlatform()
                .start(() -> {
                    try (FolderLock _ = FolderLock.take(folder)) {
                        answer.complete("free");
                    } catch (IOException e) {
                        answer.complete(e.getMessage());
                    }
                })
                .join();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anotherProgramIsRefusedUntilTheEndAlsoAfterAPartOfThisOneWasRefused()
            throws IOException, InterruptedException {
        String busy = "process %d works in this folder"
                .formatted(ProcessHandle.current().pid());
        try (FolderLock _ = FolderLock.take(folder)) {
            assertThat(askedByAnotherThread(folder)).contains(folder.toString(), busy);
            assertThat(askedByAnother(folder)).contains(folder.toString(), busy);
            // its own thread may
            FolderLock.take(folder.resolve("../" + folder.getFileName())).close();
            assertThat(askedByAnother(folder)).contains(busy);
        }
        assertThat(askedByAnother(folder)).isEqualTo("free");
        assertThat(folder).isEmptyDirectory();
    }

    /// Takes a folder and writes into it, over and over, until it may not.
    static final class Writer {
        private Writer() {}

        static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            try (FolderLock _ = FolderLock.take(folder);
                    GrowingFile log = GrowingFile.open(folder.resolve("log"), 0)) {
                for (int i = 0; ; i++) {
                    byte[] number = "%d\n".formatted(i).getBytes(US_ASCII);
                    AtomicFile.write(folder.resolve("last"), number);
                    log.append(number);
                }
            } catch (FolderLock.Lost e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void signal(String signal, Process to) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(to.pid())).start().waitFor();
    }

    private static void await(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            Thread.sleep(5);
        }
    }

    private static Path lock(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".lock-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void age(Path lock) throws IOException {
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(4, ChronoUnit.MINUTES)));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProgramThatWasStoppedAndHasLostItsFolderWritesNothingMore() throws IOException, InterruptedException {
        for (int round = 0; round < 5; round++) {
            Path place = folder.resolve("place" + round);
            Process stopped = Child.start("-Xmx64m", Writer.class, place);
            try {
                await(place.resolve("last"));
                Thread.sleep(CounterRandom.of(2026, "moment", round).nextInt(100));
                signal("-STOP", stopped);
                // it lives, and was seen a moment ago
                assertThatIOException()
                        .isThrownBy(() -> FolderLock.take(place))
                        .isInstanceOf(FolderLock.Busy.class)
                        .withMessageContaining("process " + stopped.pid());
                age(lock(place));
                try (FolderLock _ = FolderLock.take(place)) {
                    Temporary.sweep(place);
                    AtomicFile.detach(place.resolve("log"));
                    Files.writeString(place.resolve("log"), "mine");
                    AtomicFile.write(place.resolve("last"), "mine".getBytes(US_ASCII));
                    signal("-CONT", stopped);
                    try (var said = stopped.inputReader()) {
                        assertThat(said.readLine())
                                .contains(
                                        place.toString(),
                                        "process %d has taken over"
                                                .formatted(
                                                        ProcessHandle.current().pid()),
                                        "3 minutes");
                    }
                    stopped.waitFor();
                    assertThat(place.resolve("last")).hasContent("mine");
                    assertThat(place.resolve("log")).hasContent("mine");
                    assertThat(place).isDirectoryNotContaining("glob:**.tmp");
                    // the other one's end takes nothing away
                    assertThat(askedByAnother(place)).contains("works in this folder");
                }
            } finally {
                stopped.destroyForcibly();
            }
        }
    }

    @Test
    void theLockOfAProgramThatWasKilledIsTakenAtOnce() throws IOException, InterruptedException {
        Process killed = Child.start("-Xmx64m", Writer.class, folder);
        await(folder.resolve("last"));
        killed.destroyForcibly().waitFor();
        assertThat(lock(folder)).exists();
        try (FolderLock _ = FolderLock.take(folder)) {
            assertThat(lock(folder)).hasFileName(".lock-2");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**/.lock*");
    }

    /// What another machine's program left, which may have this one's name, as containers do.
    private Path elsewhere() throws IOException {
        return Files.writeString(
                folder.resolve(".lock-7"), """
                host node17
                process %d
                machine another start
                started 2026-11-30T12:00:00Z
                token 1
                renewed 2026-11-30T12:00:00Z
                """.formatted(ProcessHandle.current().pid()));
    }

    @Test
    void theLockOfAnotherMachineIsTakenWhenItHasNotBeenRenewedForThreeMinutes() throws IOException {
        Path lock = elsewhere();
        String busy = "process %d on node17 works in this folder"
                .formatted(ProcessHandle.current().pid());
        assertThatIOException().isThrownBy(() -> FolderLock.take(folder)).withMessageContaining(busy);
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(170, ChronoUnit.SECONDS)));
        assertThatIOException().isThrownBy(() -> FolderLock.take(folder)).withMessageContaining(busy);
        assertThat(FolderLock.holder(folder))
                .hasValueSatisfying(holder -> assertThat(busy).startsWith(holder));
        age(lock);
        assertThat(FolderLock.holder(folder)).isEmpty();
        try (FolderLock _ = FolderLock.take(folder)) {
            assertThat(lock(folder)).hasFileName(".lock-8");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aLockThatIsHeldIsRenewedAndOneThatWasGivenUpIsNotWrittenAgain() throws Exception {
        LockFile held = LockFile.take(folder);
        Path file = lock(folder);
        age(file);
        held.renew();
        assertThat(LockFile.holder(folder)).isPresent();
        age(file);
        LockFile next = LockFile.take(folder);
        assertThatIOException().isThrownBy(held::renew).isInstanceOf(NoSuchFileException.class);
        assertThat(held.successor()).isPresent();
        assertThat(next.successor()).isEmpty();
        held.release();
        assertThat(next.successor()).isEmpty();
        next.release();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void oneOfManyThatWantItAtTheSameTimeGetsIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            if (round % 2 == 0) {
                age(elsewhere());
            }
            var taken = new ConcurrentLinkedQueue<LockFile>();
            try (var threads = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < 8; i++) {
                    threads.submit(() -> taken.add(LockFile.take(folder)));
                }
            }
            assertThat(taken).hasSize(1);
            taken.element().release();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aFileThatSaysNothingYetIsWaitedForAndInTheEndSomebodys() throws IOException {
        Files.createFile(folder.resolve(".lock-1"));
        assertThatIOException()
                .isThrownBy(() -> FolderLock.take(folder))
                .withMessageContaining("another program works in this folder");
        age(lock(folder));
        FolderLock.take(folder).close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void foldersThatWereMadeForNothingAreGoneAgain() throws IOException {
        FolderLock.take(folder.resolve("a/b")).close();
        assertThat(folder).isEmptyDirectory();
        try (FolderLock _ = FolderLock.take(folder.resolve("a/b"))) {
            Files.writeString(folder.resolve("a/result"), "1");
        }
        assertThat(folder.resolve("a")).isDirectoryContaining("glob:**/result").isDirectoryNotContaining("glob:**/b");
    }

    @Test
    void whatIsNoFolderOrCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        for (Path wrong : new Path[] {file, file.resolve("run")}) {
            assertThatIOException()
                    .isThrownBy(() -> FolderLock.take(wrong))
                    .withMessageContainingAll(file + " is a file", "folder was expected", "name another folder")
                    .isNotInstanceOf(FileSystemException.class);
        }
        assertThat(file).hasContent("mine");
    }
}
