package org.segloss.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The script as Slurm starts it, with something small in place of segloss and of Slurm's own programs.
@DisabledOnOs(OS.WINDOWS)
class SlurmScriptTest {
    private static final String TASK = "SLURM_ARRAY_TASK_ID";

    @TempDir
    Path folder;

    private Path bin;
    private Path launcher;
    private Path run;
    private int starts;

    @BeforeEach
    void standIns() throws IOException {
        bin = Files.createDirectories(folder.resolve("bin"));
        write(bin.resolve("scontrol"), "printf '%s\\n' \"scontrol $*\"; exit ${SCONTROL:-0}");
        Path odd = Files.createDirectories(folder.resolve("a user's \"$HOME\" #1"));
        launcher = odd.resolve("segloss");
        run = odd.resolve("run");
    }

    private static void write(Path program, String text) throws IOException {
        Files.writeString(program, "#!/bin/bash\n" + text + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private CellJobs jobs(int cells) {
        return new CellJobs(run, folder.resolve("data"), false, cells, 3, false, 5000, Optional.empty());
    }

    private Process start(CellJobs jobs, Map<String, String> environment, String... arguments) throws IOException {
        Path script = Files.writeString(folder.resolve("script" + starts++), SlurmScript.text(jobs, launcher));
        var command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().put("SLURM_ARRAY_JOB_ID", "7");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private record Ended(int status, String said) {}

    private static Ended ended(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes());
        return new Ended(process.waitFor(), said);
    }

    private Ended task(String launches, int cells, String... more) throws IOException, InterruptedException {
        write(launcher, launches);
        var environment = new HashMap<>(Map.of(TASK, "0"));
        for (String setting : more) {
            environment.put(setting.split("=")[0], setting.split("=")[1]);
        }
        return ended(start(jobs(cells), environment));
    }

    @Test
    void theScriptAsksForWhatACellNeeds() {
        String text = SlurmScript.text(jobs(4), launcher);
        assertThat(text.lines())
                .contains(
                        "#SBATCH --array=0-3",
                        "#SBATCH --cpus-per-task=3",
                        "#SBATCH --mem=5000M",
                        "#SBATCH --requeue",
                        "#SBATCH --signal=B:USR1@120")
                .noneMatch(line -> line.contains("--gres"));
        String cuda =
                SlurmScript.text(new CellJobs(run, folder, false, 4, 3, true, 5000, Optional.of("a:b")), launcher);
        assertThat(cuda.lines()).contains("#SBATCH --gres=gpu:1", "export SEGLOSS_CLASSPATH='a:b'");
    }

    @Test
    void aTaskStartsItsCellUnderWhateverNameTheFolderHas() throws IOException, InterruptedException {
        write(launcher, "printf '<%s>' \"$@\"; printf '%s\\n' \"$JDK_JAVA_OPTIONS\"");
        assertThat(ended(start(jobs(4), Map.of(TASK, "2", "SLURM_MEM_PER_NODE", "5000"))))
                .isEqualTo(new Ended(0, "<cell><%s><2>-Xmx2500m %n".formatted(run)));
        Path data = folder.resolve("other data");
        assertThat(ended(start(new CellJobs(run, data, true, 4, 3, false, 5000, Optional.empty()), Map.of(TASK, "2"))))
                .isEqualTo(new Ended(0, "<cell><%s><2><--data><%s>%n".formatted(run, data)));
        assertThat(ended(start(jobs(4), Map.of(TASK, "0"), "collect")))
                .isEqualTo(new Ended(
                        0, "<compare><--config><%s><--out><%s>%n".formatted(run.resolve("experiment.yaml"), run)));
    }

    @Test
    void moreCellsThanAnArrayMayHaveAreSharedOut() throws IOException, InterruptedException {
        assertThat(SlurmScript.text(jobs(2001), launcher)).contains("#SBATCH --array=0-999\n");
        write(launcher, "echo \"$3\"");
        var cells = new TreeSet<Integer>();
        for (int task : List.of(0, 1, 500, 999)) {
            Ended ended = ended(start(jobs(2001), Map.of(TASK, Integer.toString(task))));
            assertThat(ended.status).isZero();
            List<Integer> its = ended.said.lines().map(Integer::valueOf).toList();
            assertThat(its)
                    .isEqualTo(IntStream.rangeClosed(0, 2000)
                            .filter(cell -> cell % 1000 == task)
                            .boxed()
                            .toList());
            cells.addAll(its);
        }
        assertThat(cells).hasSize(9);
    }

    @Test
    void whatACellEndsWithDecidesWhatTheTaskDoes() throws IOException, InterruptedException {
        assertThat(task("exit 1", 1)).isEqualTo(new Ended(1, ""));
        assertThat(task("exit 2", 1)).isEqualTo(new Ended(2, ""));
        // one that fails keeps none of the others from being done
        assertThat(task("echo $3; [ $3 != 0 ]", 1001)).isEqualTo(new Ended(1, "0\n1000\n"));
        assertThat(task("echo $3; [ $3 != 0 ] || exit 75", 1001))
                .isEqualTo(new Ended(75, "0\n1000\nscontrol requeue 7_0\n"));
        assertThat(task("exit 75", 1, "SLURM_RESTART_COUNT=99")).isEqualTo(new Ended(75, "scontrol requeue 7_0\n"));
        Ended often = task("exit 75", 1, "SLURM_RESTART_COUNT=100");
        assertThat(often.status).isEqualTo(75);
        assertThat(often.said).startsWith("not queued again after 100 times").doesNotContain("scontrol");
        assertThat(task("exit 75", 1, "SCONTROL=1").status).isEqualTo(75);
        // Slurm may send TERM to the training alone
        assertThat(task("echo $3; kill -TERM $$", 1001)).isEqualTo(new Ended(143, "0\n"));
    }

    private Ended signalled(String signal) throws IOException, InterruptedException {
        // takes a while to end, as a training does
        write(launcher, "trap 'sleep 0.5; echo checkpoint; exit 143' TERM; echo begun; while :; do sleep 0.1; done");
        Process process = start(jobs(1001), Map.of(TASK, "0"));
        assertThat(process.inputReader().readLine()).isEqualTo("begun");
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        String said = String.join("\n", process.inputReader().readAllLines());
        return new Ended(process.waitFor(), said);
    }

    @Test
    void beforeTheTimeLimitTheTrainingEndsAndTheTaskIsQueuedAgain() throws IOException, InterruptedException {
        assertThat(signalled("USR1")).isEqualTo(new Ended(75, "checkpoint\nscontrol requeue 7_0"));
    }

    @Test
    void aCancelledTaskEndsAndIsNotQueuedAgain() throws IOException, InterruptedException {
        assertThat(signalled("TERM")).isEqualTo(new Ended(143, "checkpoint"));
    }

    @Test
    void aClassPathMeansTheSameFromElsewhere() {
        assertThat(CellJobs.classPath(null)).isEmpty();
        assertThat(CellJobs.classPath("")).isEmpty();
        assertThat(CellJobs.classPath("mine/classes:/a/b.jar:"))
                .hasValue(Path.of("mine/classes").toAbsolutePath() + ":/a/b.jar");
    }
}
