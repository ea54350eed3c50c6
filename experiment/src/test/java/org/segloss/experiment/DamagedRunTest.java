package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.compare.Comparison;
import org.segloss.dataset.Split;
import org.segloss.loss.Task;
import org.segloss.report.Report;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;

/// A file of a run that was damaged: whoever reads it makes it anew, or says in one sentence which file it is and what
/// to do.
class DamagedRunTest {
    private static final String PLACE = "bce/fold-0/seed-5/";

    private static final List<String> FILES = List.of(
            "experiment.yaml",
            "dataset.json",
            "environment.json",
            "comparison.json",
            "scores.csv",
            PLACE + "training.csv",
            PLACE + "validation.csv",
            PLACE + "scores.csv",
            PLACE + "calibration.csv",
            PLACE + "stages.json",
            PLACE + "predictions/task.json",
            PLACE + "predictions/cube_3.nii.gz",
            PLACE + "checkpoint.safetensors",
            PLACE + "events.out.tfevents.segloss");

    /// What is made of nothing, or read by nobody but other programs, is left as it is by whoever has all else: the
    /// machine that the run began on, and what TensorBoard shows.
    private static final List<String> LEFT = List.of("environment.json", PLACE + "events.out.tfevents.segloss");

    @TempDir
    static Path folder;

    private static Path data;
    private static RunFolder run;
    private static final Map<Path, byte[]> WHOLE = new LinkedHashMap<>();

    /// With a case to validate on, so that there is a `validation.csv`.
    private static Experiment experiment() throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, 1, "bce");
        return SmallData.over(one, List.of(new Split(List.of("cube_1"), List.of("cube_2"), List.of("cube_3"))));
    }

    @BeforeAll
    static void compare() throws IOException {
        data = SmallData.write(folder.resolve("data"));
        run = new RunFolder(folder.resolve("run"));
        Run.of(experiment()).in(run, Progress.silent());
        try (Stream<Path> files = Files.walk(run.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                WHOLE.put(file, Files.readAllBytes(file));
            }
        }
    }

    /// So that a new one is not forgotten.
    @Test
    void theFilesAreThoseOfARun() {
        assertThat(WHOLE.keySet().stream()
                        .map(file -> run.root().relativize(file).toString().replace('\\', '/')))
                .containsExactlyInAnyOrderElementsOf(FILES);
    }

    static List<String> files() {
        return FILES;
    }

    private interface Reader {
        void read() throws IOException;
    }

    /// Whoever reads a run: the same comparison again, one by its `experiment.yaml`, and the report.
    private static Map<String, Reader> readers() {
        var readers = new LinkedHashMap<String, Reader>();
        readers.put("config", () -> Experiment.of(run.settings()));
        readers.put("report", () -> Report.write(run));
        readers.put("statistics", () -> {
            Comparison before = Comparison.read(run.comparison());
            before.again(run.scores(), before.rules());
        });
        readers.put("again", () -> Run.of(experiment()).in(run, Progress.silent()));
        return readers;
    }

    private static List<byte[]> damages(Path file) {
        byte[] whole = WHOLE.get(file);
        byte[] noise = new byte[300];
        new Random(1).nextBytes(noise);
        var damages = new ArrayList<byte[]>();
        for (String text : List.of("", "null", "{}", "[]", "[null]", "7", "{\"losses\": [null]}")) {
            damages.add(text.getBytes(StandardCharsets.UTF_8));
        }
        for (int part = 1; part < 3; part++) {
            damages.add(Arrays.copyOf(whole, whole.length * part / 3));
        }
        damages.add(noise);
        return damages;
    }

    @ParameterizedTest
    @MethodSource("files")
    void aDamagedFileIsMadeAnewOrNamedWithWhatToDo(String name) throws IOException {
        Path file = run.root().resolve(name);
        for (byte[] damage : damages(file)) {
            for (Map.Entry<String, Reader> reader : readers().entrySet()) {
                restore();
                Files.write(file, damage);
                String what = "%s of %s with %s"
                        .formatted(reader.getKey(), name, new String(damage, StandardCharsets.ISO_8859_1));
                try {
                    reader.getValue().read();
                    if (reader.getKey().equals("again") && !LEFT.contains(name)) {
                        assertThat(file).as(what).hasBinaryContent(WHOLE.get(file));
                    }
                } catch (IOException e) {
                    assertThat(e)
                            .as(what)
                            .hasMessageContaining(file.toString())
                            .message()
                            .containsPattern(
                                    "undo what was changed|begin a new run|run the comparison again|delete the folder|--restart")
                            .doesNotContain("Exception", "java.", "null (", "\n");
                }
            }
        }
    }

    private static void restore() throws IOException {
        for (Map.Entry<Path, byte[]> file : WHOLE.entrySet()) {
            Files.createDirectories(file.getKey().getParent());
            Files.write(file.getKey(), file.getValue());
        }
    }

    @Test
    void whoeverLosesTheRulesIsTold() throws IOException {
        restore();
        Files.writeString(run.comparison(), "null");
        var said = new ArrayList<String>();
        Run.of(experiment()).in(run, new Progress() {
            @Override
            public void say(String line) {
                said.add(line);
            }

            @Override
            public void at(String work, double fraction, String detail) {}
        });
        assertThat(said)
                .first()
                .asString()
                .contains("the standard ones", run.comparison().toString());
    }

    private static void refuses(String old, String text, String... words) throws IOException {
        restore();
        String settings = Files.readString(run.settings());
        assertThat(settings).contains(old);
        Files.writeString(run.settings(), settings.replace(old, text));
        assertThatIOException()
                .isThrownBy(() -> Settings.read(run.settings()))
                .withMessageContaining(run.settings().toString())
                .withMessageContainingAll(words);
    }

    @Test
    void aSettingThatNothingWouldComeOfIsRefused() throws IOException {
        refuses("  steps: 1", "  steps: 1\n  loss: dice", "loss in 'training'", "'losses'", "remove training.loss");
        refuses("  steps: 1", "  steps: 1\n  seed: 3", "seed in 'training'", "'seeds'", "remove training.seed");
        refuses("  steps: 1", "  steps: 1.7", "training.steps", "1.7");
        refuses("losses:\n- bce", "losses: []", "'losses' has to be a list of at least one");
        refuses("losses:\n- bce", "", "'losses' has to be a list of at least one");
        refuses("seeds:\n- 5", "seeds: 5", "'seeds' has to be a list of at least one");
        refuses("seeds:\n- 5", "seeds: [null]", "seed");
        refuses("seeds:\n- 5", "seeds: [5.5]", "seed", "5.5");
        refuses("preset: quick", "preset: 0", "preset", "undo what was changed");
        refuses("folds: 1", "folds: 1\nnetwork: unet", "earlier version", "begin a new one");
    }

    @Test
    void theReportSaysTheSameOfTheRunOfAnEarlierVersionAsTheComparison() throws IOException {
        restore();
        Files.writeString(run.settings(), "network: unet\nlosses: [bce]\n");
        assertThatIOException()
                .isThrownBy(() -> Report.write(run))
                .withMessage(assertThatIOException()
                        .isThrownBy(() -> Settings.read(run.settings()))
                        .actual()
                        .getMessage())
                .withMessageContaining("earlier version");
    }
}
