package org.segloss.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.storage.Machine.Program;

/// `segloss compare` and `cell` with data and runs in a bucket, of a server on this machine.
@DisabledOnOs(OS.WINDOWS) // signals
class StoredRunTest {
    private static final String DATA = "s3a://bucket/data";

    @TempDir
    static Path shared;

    private static S3Server server;
    private static Path data;
    /// What one machine without a store left.
    private static Path local;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = new S3Server(shared.resolve("s3"));
        data = shared.resolve("data");
        Machine plain = machine(shared, "plain");
        plain.start("phantom", data.toString(), "--train", "3", "--test", "1").ends(0);
        // no part of what is trained on
        Files.createDirectories(data.resolve("imagesTs"));
        Files.writeString(data.resolve("imagesTs", "unlabeled.nii.gz"), "large");
        server.put(data, "data");
        local = shared.resolve("local");
        plain.start(compare(data.toString(), local.toString())).ends(0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Machine machine(Path folder, String name) {
        return new Machine(folder.resolve(name), server.environment());
    }

    private static String[] compare(String data, String run, String... more) {
        var command = new ArrayList<>(List.of("compare", "--data", data, "--losses", "bce, dice"));
        command.addAll(List.of("--test", "1", "--steps", "12", "--threads", "1", "--out", run));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    private static List<String> files(Path run) throws IOException {
        try (Stream<Path> all = Files.walk(run)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> run.relativize(file).toString())
                    .filter(name -> !name.contains("tfevents"))
                    .sorted()
                    .toList();
        }
    }

    /// What is in the bucket is what one machine left, but for the data's name.
    private static void assertSameAsLocal(Path run) throws IOException {
        assertThat(files(run)).isEqualTo(files(local)).contains("dice/fold-0/seed-1/checkpoint.safetensors");
        for (String file : files(run)) {
            String expected = Files.readString(local.resolve(file), ISO_8859_1);
            assertThat(Files.readString(run.resolve(file), ISO_8859_1))
                    .as(file)
                    .isEqualTo(expected.replace(data.toString(), DATA));
        }
    }

    private static void assertNoSecret(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            assertThat(all.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(S3Server.SECRET));
        }
    }

    @Test
    void aRunInABucketHoldsTheBytesOfOneHere() throws Exception {
        Machine one = machine(folder, "one");
        String[] command = compare(DATA, "s3a://bucket/run");
        String said = one.start(command).ends(0);
        assertSameAsLocal(server.bucket().resolve("run"));
        assertThat(said).contains("files of s3a://bucket/data", "All of it:   s3a://bucket/run");
        Path copy = one.cache().resolve("segloss/stores/data/s3a/bucket/data");
        assertThat(files(copy)).contains("dataset.json").noneMatch(name -> name.startsWith("imagesTs"));

        // once more: nothing is copied or done again
        var before = Files.getLastModifiedTime(server.bucket().resolve("run/bce/fold-0/seed-1/stages.json"));
        assertThat(one.start(command).ends(0))
                .doesNotContain("Copying")
                .containsOnlyOnce("bce: reused the results")
                .containsOnlyOnce("dice: reused the results");
        assertThat(Files.getLastModifiedTime(server.bucket().resolve("run/bce/fold-0/seed-1/stages.json")))
                .isEqualTo(before);
        assertNoSecret(one.folder());
        assertNoSecret(server.bucket());

        // another run under that name is refused, and nothing is touched
        String[] other = compare(DATA, "s3a://bucket/run");
        other[8] = "13";
        assertThat(machine(folder, "two").start(other).ends(2))
                .contains("holds a run with other settings", "training.steps was 12, is 13");
        assertSameAsLocal(server.bucket().resolve("run"));
    }

    @Test
    void whatOneMachineDidAnotherGoesOnFrom() throws Exception {
        Path run = server.bucket().resolve("killed");
        Path first = run.resolve("bce/fold-0/seed-1/stages.json");
        Program killed = machine(folder, "one").start(compare(DATA, "s3a://bucket/killed"));
        while (Files.notExists(first) || !Files.readString(first).contains("scoring")) {
            assertThat(killed.process().isAlive()).as(killed.said()).isTrue();
            Thread.sleep(20);
        }
        killed.process().destroyForcibly().waitFor();
        assertThat(run.resolve("report.html")).doesNotExist();
        assertThat(run.resolve("comparison.json")).doesNotExist();

        String said = machine(folder, "two")
                .start(compare(DATA, "s3a://bucket/killed"))
                .ends(0);
        assertThat(said).contains("bce: reused the results").doesNotContain("dice: reused the results");
        assertSameAsLocal(run);
    }

    @Test
    void cellsOfABucketAreDoneByMachinesThatShareNothingElse() throws Exception {
        String said = machine(folder, "one")
                .start(compare(DATA, "s3a://bucket/cells", "--prepare"))
                .ends(0);
        assertThat(said)
                .contains("each done by segloss cell s3a://bucket/cells K with K")
                .contains("--config s3a://bucket/cells/experiment.yaml --out s3a://bucket/cells");
        Program[] both = {
            machine(folder, "two").start("cell", "s3a://bucket/cells", "0"),
            machine(folder, "three").start("cell", "s3a://bucket/cells", "1")
        };
        both[0].ends(0);
        both[1].ends(0);
        String collected = machine(folder, "one")
                .start("compare", "--config", "s3a://bucket/cells/experiment.yaml", "--out", "s3a://bucket/cells")
                .ends(0);
        assertThat(collected).contains("bce: reused the results", "dice: reused the results");
        assertSameAsLocal(server.bucket().resolve("cells"));
    }

    @Test
    void aStoreThatIsGoneForAWhileCostsNothing() throws Exception {
        Machine one = machine(folder, "one");
        Path run = server.bucket().resolve("gone");
        Program program = one.start(compare(DATA, "s3a://bucket/gone"));
        while (Files.notExists(run.resolve("bce/fold-0/seed-1/stages.json"))) {
            assertThat(program.process().isAlive()).as(program.said()).isTrue();
            Thread.sleep(20);
        }
        server.stop();
        String said;
        try {
            said = program.ends(1);
        } finally {
            server.restart();
        }
        assertThat(said)
                .contains("s3a://bucket/gone: what is done can't be copied there. It lies in "
                        + one.cache().resolve("segloss/stores/run/s3a/bucket/gone"))
                .contains("the store doesn't answer (Connection refused)");
        assertThat(run.resolve("report.html")).doesNotExist();
        assertThat(one.start(compare(DATA, "s3a://bucket/gone")).ends(0))
                .contains("bce: reused the results", "dice: reused the results");
        assertSameAsLocal(run);
    }

    @Test
    void anewDeletesWhatARunLeftAndNothingElse() throws Exception {
        Path run = server.bucket().resolve("anew");
        Machine one = machine(folder, "one");
        String[] focal = compare(DATA, "s3a://bucket/anew");
        focal[4] = "focal";
        one.start(focal).ends(0);
        Files.writeString(run.resolve("notes.txt"), "mine");
        assertThat(run.resolve("focal/fold-0/seed-1/checkpoint.safetensors")).exists();

        machine(folder, "two")
                .start(compare(DATA, "s3a://bucket/anew", "--restart"))
                .ends(0);
        assertThat(run.resolve("notes.txt")).hasContent("mine");
        Files.delete(run.resolve("notes.txt"));
        assertSameAsLocal(run);
        // the first machine knows by now that its copy is of another run
        assertThat(one.start(compare(DATA, "s3a://bucket/anew")).ends(0))
                .contains("s3a://bucket/anew is another run by now")
                .contains("bce: reused the results");
        assertSameAsLocal(run);
    }
}
