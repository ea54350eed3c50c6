package org.segloss.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.segloss.file.ObjectUrl;
import org.segloss.run.Progress;

class RunCopyTest {
    private static final String CELL = "bce/fold-0/seed-1/";
    private static final List<String> OF_CELL = List.of(
            "training.csv",
            "validation.csv",
            "events.out.tfevents.segloss",
            "predictions/a.nii.gz",
            // of a training that was extended
            "after-400/training.csv",
            "after-400/checkpoint.safetensors",
            "after-400/predictions/a.nii.gz",
            "after-400/stages.json",
            "scores.csv",
            "checkpoint.safetensors",
            "stages.json");
    private static final List<String> OF_RUN = List.of(
            "experiment.yaml", "dataset.json", "environment.json", "scores.csv", "comparison.json", "report.html");
    /// More than a run has files.
    private static final int ALL = 60;

    private final MemoryStore store = new MemoryStore();

    private static ObjectUrl newUrl() {
        return ObjectUrl.parse("s3a://bucket/" + UUID.randomUUID());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void writeRun(RunCopy copy, String text) throws IOException {
        Path root = copy.folder().root();
        for (String name : OF_RUN) {
            write(root.resolve(name), text);
        }
        for (String name : OF_CELL) {
            write(root.resolve(CELL + name), text);
        }
        // of a program that works there
        write(root.resolve(".lock-1"), "");
        write(root.resolve(CELL + ".lock-1"), "");
        write(root.resolve(CELL + "predictions/.b.tmp"), "");
    }

    private static Map<String, String> here(RunCopy copy) throws IOException {
        Path root = copy.folder().root();
        var content = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (!name.startsWith(".") && !name.contains("/.")) {
                    content.put(name, Files.readString(file));
                }
            }
        }
        return content;
    }

    private static void send(RunCopy copy) throws IOException {
        copy.sendSettings();
        copy.sendCells();
        copy.finish();
    }

    /// As long as it has files of before, a cell or a run doesn't say that it is complete.
    private static void assertNoMoreComplete(Map<String, String> there, String text) {
        if (text.equals(there.get("report.html"))) {
            assertThat(OF_RUN).allSatisfy(name -> assertThat(there).containsEntry(name, text));
            assertThat(OF_CELL).allSatisfy(name -> assertThat(there).containsEntry(CELL + name, text));
        }
        if (text.equals(there.get(CELL + "stages.json"))) {
            assertThat(OF_CELL).allSatisfy(name -> assertThat(there).containsEntry(CELL + name, text));
        }
        if (text.equals(there.get(CELL + "checkpoint.safetensors"))) {
            // a training goes on from it, and from as many lines of its tables at least
            assertThat(there).containsEntry(CELL + "training.csv", text).containsEntry(CELL + "validation.csv", text);
        }
        if (!there.isEmpty()) {
            // a run that can be gone on with
            assertThat(there).containsKey("experiment.yaml");
        }
    }

    @Test
    void aCopyingThatIsBrokenOffLooksNoMoreCompleteThanItIs() throws IOException {
        for (int changes = 0; changes < ALL; changes++) {
            ObjectUrl url = newUrl();
            RunCopy copy = RunCopy.of(store, url);
            for (String text : List.of("old", "new and longer")) {
                writeRun(copy, text);
                store.failAfter(changes);
                try {
                    send(copy);
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("the store is gone");
                }
                assertNoMoreComplete(store.content(url), text);
                store.failAfter(Integer.MAX_VALUE);
                // the same command again, in a new program
                copy = RunCopy.of(store, url);
                copy.fetch(false, Progress.silent());
                assertThat(here(copy)).hasSize(OF_RUN.size() + OF_CELL.size());
                send(copy);
                assertThat(store.content(url)).isEqualTo(here(copy)).hasSize(OF_RUN.size() + OF_CELL.size());
            }
        }
    }

    @Test
    void anotherMachineGetsWhatIsThere() throws IOException {
        ObjectUrl url = newUrl();
        RunCopy one = RunCopy.of(store, url);
        writeRun(one, "done");
        send(one);
        // has copies of its own, as another machine has
        RunCopy other = RunCopy.ofCells(store, url);
        other.fetch(false, Progress.silent());
        assertThat(here(other)).isEqualTo(store.content(url));
        // and what it does further the first one gets
        Files.writeString(other.folder().root().resolve(CELL + "scores.csv"), "scored");
        Files.delete(other.folder().root().resolve(CELL + "predictions/a.nii.gz"));
        other.sendCells();
        one.fetch(false, Progress.silent());
        assertThat(here(one)).isEqualTo(store.content(url)).containsEntry(CELL + "scores.csv", "scored");
        assertThat(here(one)).doesNotContainKey(CELL + "predictions/a.nii.gz");
    }

    @Test
    void whatIsHereAndNewerStays() throws IOException {
        RunCopy copy = RunCopy.of(store, newUrl());
        writeRun(copy, "old");
        send(copy);
        Files.writeString(copy.folder().root().resolve(CELL + "checkpoint.safetensors"), "later");
        copy.fetch(false, Progress.silent());
        assertThat(here(copy)).containsEntry(CELL + "checkpoint.safetensors", "later");
    }

    @Test
    void aChangeWhoseAnswerIsLostIsNobodyElses() throws IOException {
        for (int changes = 0; changes < ALL; changes++) {
            ObjectUrl url = newUrl();
            RunCopy copy = RunCopy.of(store, url);
            writeRun(copy, "old");
            send(copy);
            writeRun(copy, "later");
            Files.delete(copy.folder().root().resolve(CELL + "predictions/a.nii.gz"));
            Map<String, String> before = here(copy);
            store.loseAnswerAfter(changes);
            try {
                send(copy);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the store is gone");
            }
            store.failAfter(Integer.MAX_VALUE);
            copy = RunCopy.of(store, url);
            copy.fetch(false, Progress.silent());
            // a prediction that is deleted may be there once more, if its deletion got lost
            assertThat(here(copy)).containsAllEntriesOf(before);
            Files.deleteIfExists(copy.folder().root().resolve(CELL + "predictions/a.nii.gz"));
            send(copy);
            assertThat(store.content(url)).isEqualTo(before);
        }
    }

    @Test
    void aCacheThatWasSweptCostsTheStoreNothing() throws IOException {
        ObjectUrl url = newUrl();
        RunCopy copy = RunCopy.of(store, url);
        writeRun(copy, "done");
        send(copy);
        Map<String, String> before = store.content(url);
        for (String name : OF_CELL) {
            Files.delete(copy.folder().root().resolve(CELL + name));
        }
        Files.delete(copy.folder().report());
        copy = RunCopy.of(store, url);
        copy.fetch(false, Progress.silent());
        send(copy);
        assertThat(store.content(url)).isEqualTo(before).isEqualTo(here(copy));
    }

    @Test
    void anewDeletesWhatIsThereBeforeItIsAnotherRun() throws IOException {
        for (int changes = 0; changes < ALL; changes++) {
            ObjectUrl url = newUrl();
            RunCopy one = RunCopy.ofCells(store, url);
            writeRun(one, "old");
            send(one);
            RunCopy other = RunCopy.of(store, url);
            other.fetch(true, Progress.silent());
            assertThat(other.folder().root().resolve(CELL)).doesNotExist();
            other.folder().clear();
            for (String name : List.of("experiment.yaml", "dataset.json", "environment.json")) {
                write(other.folder().root().resolve(name), "new");
            }
            store.failAfter(changes);
            try {
                other.sendSettings();
            } catch (IOException e) {
                assertThat(e).hasMessage("the store is gone");
            }
            store.failAfter(Integer.MAX_VALUE);
            Map<String, String> there = store.content(url);
            if (there.get("experiment.yaml").equals("new")) {
                assertThat(there).doesNotContainValue("old").doesNotContainKey("report.html");
            }
        }
    }

    @Test
    void aStoreThatLostARunGetsItAgain() throws IOException {
        ObjectUrl url = newUrl();
        RunCopy copy = RunCopy.of(store, url);
        writeRun(copy, "done");
        send(copy);
        for (String name : store.content(url).keySet()) {
            store.delete(url.child(name));
        }
        copy = RunCopy.of(store, url);
        copy.fetch(false, Progress.silent());
        send(copy);
        assertThat(store.content(url)).isEqualTo(here(copy)).hasSize(OF_RUN.size() + OF_CELL.size());
    }

    @Test
    void filesOfSomethingElseAreRefusedAndStay() throws IOException {
        ObjectUrl url = newUrl();
        store.write(url.child("thesis.pdf"), new ByteArrayInputStream(new byte[3]));
        RunCopy copy = RunCopy.of(store, url);
        assertThatThrownBy(() -> copy.fetch(false, Progress.silent()))
                .hasMessage(
                        url + " holds files that are no run's, such as thesis.pdf; give an --out that is new or empty");
        assertThatThrownBy(() -> copy.fetchSettings(Progress.silent()))
                .hasMessageContaining("holds no run that was prepared: it lacks experiment.yaml");
        assertThat(store.content(url)).containsOnlyKeys("thesis.pdf");
    }
}
