package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A run whose cells are done by what `cell --script` prints: the same bytes as by one process.
@EnabledOnOs(OS.LINUX)
class SchedulerTest {
    private static final Path STAND_INS = Path.of("src/test/resources/slurm").toAbsolutePath();
    /// By its path: Java looks for programs on its own.
    private static final String SBATCH = STAND_INS.resolve("sbatch").toString();

    private static final int STEPS = 40;

    /// With a name as some people give them.
    @TempDir
    static Path shared;

    private static Path place;
    private static Path data;
    private static Path local;
    private static Path launcher;

    @TempDir
    Path folder;

    @BeforeAll
    static void runHere() throws IOException, InterruptedException {
        place = Files.createDirectories(shared.resolve("a user's \"place\" 50% #1"));
        data = Cubes.write(place.resolve("data"));
        local = place.resolve("local");
        Program program = Program.start(shared.resolve("said"), compare(local));
        assertThat(program.status()).as(program.words()).isZero();
        // as the launcher starts it
        launcher = place.resolve("bin/segloss");
        Files.createDirectories(launcher.getParent());
        Files.writeString(
                launcher, """
                #!/bin/sh
                export OMP_WAIT_POLICY=PASSIVE
                exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \\
                    -XX:TieredStopAtLevel=1 "-Dsegloss.launcher=$0" -cp '%s' org.segloss.cli.Main "$@"
                """.formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    private static List<String> compare(Path run) {
        return List.of(
                "compare",
                "--data=" + data,
                "--losses=bce, dice",
                "--seeds=2",
                "--test=1",
                "--steps=" + STEPS,
                "--threads=1",
                "--out=" + run);
    }

    private Path prepared(String name) {
        Path run = place.resolve(name);
        var command = new ArrayList<>(compare(run));
        command.add("--prepare");
        CommandLineTest.Call call = CommandLineTest.segloss(command.toArray());
        assertThat(call.status()).as(call.err()).isZero();
        return run;
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().put("PATH", "%s:%s:%s".formatted(STAND_INS, launcher.getParent(), System.getenv("PATH")));
        builder.environment().put("SLURM_STAND_IN", folder.toString());
        return builder;
    }

    private String printed(List<String> command) throws IOException, InterruptedException {
        Process process = builder(command).start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return printed;
    }

    private static void assertSameAsHere(Path run) throws IOException {
        List<String> left = Program.left(run).stream()
                .filter(file -> !file.startsWith("logs/"))
                .toList();
        assertThat(left).isEqualTo(Program.left(local)).contains("dice/fold-0/seed-2/checkpoint.safetensors");
        for (String file : left) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(local.resolve(file));
        }
    }

    private static void awaitText(Path file, String text) throws IOException, InterruptedException {
        for (int i = 0; !Files.exists(file) || !Files.readString(file).contains(text); i++) {
            assertThat(i).as("%s never has: %s", file, text).isLessThan(12_000);
            Thread.sleep(10);
        }
    }

    @Test
    void aJobArrayLeavesTheSameBytesWhateverHappensToItsTasks() throws IOException, InterruptedException {
        Path run = prepared("array");
        Path script = Files.writeString(
                place.resolve("cells.sbatch"),
                printed(List.of(launcher.toString(), "cell", run.toString(), "--script", "slurm")));
        assertThat(printed(List.of("bash", "-n", script.toString()))).isEmpty();
        Process sbatch =
                builder(List.of(SBATCH, "--parsable", script.toString())).start();
        // the time limit of the first task comes in the middle of its training
        Path log = run.resolve("logs/1_0.log");
        awaitText(log, "training, step");
        String task = Files.readString(folder.resolve("1/0.pid")).strip();
        new ProcessBuilder("kill", "-USR1", task).start().waitFor();
        assertThat(sbatch.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readAllLines(folder.resolve("1/ended")))
                .containsExactlyInAnyOrder(
                        "task 0 ended with 0 after 1 restarts",
                        "task 1 ended with 0 after 0 restarts",
                        "task 2 ended with 0 after 0 restarts",
                        "task 3 ended with 0 after 0 restarts");
        // it went on where it had been
        assertThat(log)
                .content()
                .contains("what is done is kept. The same command goes on from there.", "Cell 0 is done");
        List<Integer> steps = Pattern.compile("training, step (\\d+) of " + STEPS)
                .matcher(Files.readString(log))
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        assertThat(steps).isSorted().doesNotHaveDuplicates().startsWith(1).hasSizeGreaterThan(1);
        String job = printed(
                List.of(SBATCH, "--parsable", "--dependency=afterany:1", "--array=0", script.toString(), "collect"));
        assertThat(folder.resolve(job.strip() + "/ended")).hasContent("task 0 ended with 0 after 0 restarts");
        assertSameAsHere(run);
        // the same again has nothing to do
        printed(List.of(SBATCH, script.toString()));
        assertThat(Files.readAllLines(folder.resolve("3/ended"))).allMatch(line -> line.endsWith("0 after 0 restarts"));
        assertSameAsHere(run);
    }

    private static JsonNode yaml(String text) {
        return new YAMLMapper().readTree(text);
    }

    private static void validate(String manifest) throws IOException {
        JsonElement json = JsonParser.parseString(yaml(manifest).toString());
        V1Job.validateJsonElement(json);
        V1Job.fromJson(json.toString());
    }

    private static Path inPod(JsonNode job, String path) {
        assertThat(job.at("/spec/template/spec/containers/0/volumeMounts").valueStream())
                .as(path)
                .anyMatch(
                        mount -> Path.of(path).startsWith(mount.at("/mountPath").stringValue()));
        return Path.of(path);
    }

    @Test
    void thePodsOfAnIndexedJobLeaveTheSameBytes() throws IOException, InterruptedException {
        Path run = prepared("Indexed.Job_1");
        String manifest = CommandLineTest.segloss(
                        "cell", run, "--script=kubernetes", "--image=images/segloss:1", "--claim=lab", "--memory=3G")
                .out();
        validate(manifest);
        JsonNode job = yaml(manifest);
        assertThat(job.at("/metadata/name").stringValue()).isEqualTo("segloss-indexed-job-1");
        assertThat(job.at("/spec/completions").intValue()).isEqualTo(4);
        JsonNode container = job.at("/spec/template/spec/containers/0");
        assertThat(container.at("/image").stringValue()).isEqualTo("images/segloss:1");
        assertThat(container.at("/resources/limits").toString()).isEqualTo("{\"cpu\":1,\"memory\":\"3072Mi\"}");
        assertThat(container.at("/resources/requests")).isEqualTo(container.at("/resources/limits"));
        assertThat(job.at("/spec/template/spec/volumes/0/persistentVolumeClaim/claimName")
                        .stringValue())
                .isEqualTo("lab");
        inPod(job, run.toRealPath().toString());
        inPod(job, data.toRealPath().toString());
        List<String> command = container
                .at("/command")
                .valueStream()
                // what Kubernetes makes of it
                .map(word -> word.stringValue().replace("$$(", "$("))
                .toList();
        for (int index : List.of(3, 0, 2, 1)) {
            ProcessBuilder pod = builder(command);
            container
                    .at("/env")
                    .valueStream()
                    .filter(variable -> !variable.at("/name").stringValue().equals("HOME"))
                    .forEach(variable -> pod.environment()
                            .put(
                                    variable.at("/name").stringValue(),
                                    variable.at("/value").stringValue()));
            pod.environment().put("JOB_COMPLETION_INDEX", Integer.toString(index));
            assertThat(pod.start().waitFor())
                    .as(Files.readString(folder.resolve("errors")))
                    .isZero();
        }
        printed(List.of(
                launcher.toString(),
                "compare",
                "--config",
                run.resolve("experiment.yaml").toString(),
                "--out",
                run.toString()));
        assertSameAsHere(run);
    }

    /// Otherwise the validation says nothing.
    @Test
    void aManifestWithAMistakeIsNoneOfKubernetes() throws IOException {
        Path run = prepared("mistaken");
        String manifest =
                CommandLineTest.segloss("cell", run, "--script", "kubernetes").out();
        validate(manifest);
        Map.of(
                        "backoffLimitPerIndex", "backOffLimitPerIndex",
                        "restartPolicy: Never", "restartPolice: Never",
                        "containerName: cell", "container: cell",
                        "onPodConditions", "onPodCondition",
                        "- action: FailIndex", "- deed: FailIndex",
                        "mountPath", "mountpath",
                        "claimName", "claim",
                        "completions: 4", "completions: four")
                .forEach((right, wrong) -> {
                    assertThat(manifest).contains(right);
                    assertThatThrownBy(() -> validate(manifest.replace(right, wrong)))
                            .as(wrong)
                            .isInstanceOf(Exception.class);
                });
        // whoever forgets to put a name there is told
        assertThat(manifest).contains("image: \"REPLACE-THIS\"", "claimName: \"REPLACE-THIS\"");
    }

    @Test
    void aManifestAsksForAGpuAndSaysWhereTheDataAre() throws IOException {
        Path run = place.resolve("cuda");
        var command = new ArrayList<>(compare(run));
        command.addAll(List.of("--prepare", "--device", "cuda"));
        assertThat(CommandLineTest.segloss(command.toArray()).status()).isZero();
        Path elsewhere = Cubes.write(place.resolve("elsewhere $(HOME)"));
        String manifest = CommandLineTest.segloss("cell", run, "--script", "kubernetes", "--data", elsewhere)
                .out();
        validate(manifest);
        JsonNode container = yaml(manifest).at("/spec/template/spec/containers/0");
        assertThat(container.at("/resources/limits/nvidia.com~1gpu").intValue()).isEqualTo(1);
        assertThat(container.at("/command").valueStream().map(JsonNode::stringValue))
                .containsSubsequence("--data", elsewhere.toRealPath().toString().replace("$(", "$$("));
    }

    @Test
    void theMemoryThatIsAskedForIsEnough() throws IOException, InterruptedException {
        Path run = prepared("memory");
        String script = printed(List.of(launcher.toString(), "cell", run.toString(), "--script", "slurm"));
        Matcher memory = Pattern.compile("--mem=(\\d+)M\n").matcher(script);
        assertThat(memory.find()).isTrue();
        int asked = Integer.parseInt(memory.group(1));
        // the least: this is small
        assertThat(asked).isEqualTo(2048);
        Program program = Program.start(
                folder.resolve("said"),
                List.of("cell", run.toString(), "0"),
                "env",
                "JDK_JAVA_OPTIONS=-Xmx%dm".formatted(asked / 2));
        program.await("predicting");
        Matcher most = Pattern.compile("VmHWM:\\s+(\\d+) kB")
                .matcher(Files.readString(
                        Path.of("/proc/%d/status".formatted(program.process().pid()))));
        assertThat(most.find()).isTrue();
        assertThat(Integer.parseInt(most.group(1)) / 1024).isBetween(100, asked);
        assertThat(program.status()).isZero();
    }

    @Test
    void aLargerPatchAsksForMoreMemory() {
        Path run = place.resolve("large");
        var command = new ArrayList<>(compare(run));
        command.addAll(List.of("--prepare", "--patch=128,128,128", "--levels=3", "--precision=float32"));
        assertThat(CommandLineTest.segloss(command.toArray()).status()).isZero();
        String manifest =
                CommandLineTest.segloss("cell", run, "--script", "kubernetes").out();
        // by hand: two patches with 8, 16 and 32 channels are 2 * 128^3 * 8 * (1 + 2/8 + 4/64) = 44,040,192 features;
        // 34 times as many floats are 5712 MiB, the weights 4, all else 512; twice that in steps of 1024
        assertThat(manifest).contains("memory: 13312Mi");
    }

    @Test
    void aWrongCallIsAnswered() {
        Path run = prepared("wrong");
        Map<List<String>, String> calls = Map.of(
                List.of("--script", "pbs"), "pbs",
                List.of("0", "--script", "slurm"), "the number of a cell, or --count, or --script",
                List.of("--count", "--memory", "8G"), "--memory goes with --script",
                List.of("--script", "slurm", "--image", "a"), "--image goes with --script kubernetes",
                List.of("--script", "kubernetes", "--memory", "eight"), "such as 8G or 6000M, not 'eight'",
                List.of("--script", "kubernetes", "--device", "cpu"), "--device and --script exclude each other",
                List.of("--script", "slurm"), "has to be by the script 'segloss'");
        calls.forEach((words, answer) -> {
            var command = new ArrayList<>(List.of("cell", run.toString()));
            command.addAll(words);
            CommandLineTest.Call call = CommandLineTest.segloss(command.toArray());
            assertThat(call.status()).as(answer).isEqualTo(2);
            assertThat(call.err()).contains(answer);
            assertThat(call.out()).isEmpty();
        });
        CommandLineTest.Call none = CommandLineTest.segloss("cell", place, "--script", "kubernetes");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("is not the folder of a run");
        CommandLineTest.Call noData =
                CommandLineTest.segloss("cell", run, "--script", "kubernetes", "--data", place.resolve("nowhere"));
        assertThat(noData.status()).isEqualTo(2);
        assertThat(noData.err()).contains("say it with --memory");
    }
}
