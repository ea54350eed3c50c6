package org.segloss.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.process.Child;

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
