package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.file.Host;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import org.segloss.loss.Task;
import org.segloss.plan.Precision;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;

class JobTest {
    private static final List<String> LOSSES = List.of("ce", "ramp(0, 1)*dice(smooth=0.1) + ce");

    @TempDir
    Path folder;

    private Path data;
    private RunFolder run;

    @BeforeEach
    void compare() throws IOException {
        data = SmallData.write(folder.resolve("data"));
        run = new RunFolder(folder.resolve("run"));
        Run.of(SmallData.experiment(data, Task.Kind.MULTICLASS, 2, LOSSES.toArray(String[]::new)))
                .in(run, Progress.silent());
    }

    @Test
    void aRunsFolderHasItsJobsAndAJobIsEqualToWhatItsJsonSays() throws IOException {
        List<Job> jobs = Job.of(run);
        assertThat(jobs).extracting(Job::loss).containsExactlyElementsOf(LOSSES);
        assertThat(jobs).extracting(Job::seed).containsOnly(5L);
        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.split().test()).containsExactly("cube_3");
            assertThat(job.json()).doesNotContain("\n");
            assertThat(Job.parse(job.json())).isEqualTo(job);
            assertThat(Job.parse(job.json()).json()).isEqualTo(job.json());
        });
    }

    @Test
    void aJobThatIsDoneFromItsJsonAloneLeavesTheSameBytes() throws IOException {
        for (Job job : Job.of(run)) {
            LossFolder direct = job.in(run, LOSSES);
            var alone = new LossFolder(folder.resolve("elsewhere"));
            Outcome outcome = LocalExecutor.reading().run(Job.parse(job.json()), alone, JobListener.silent());
            assertThat(outcome).isEqualTo(new Outcome(Outcome.Ending.DONE, 2));
            for (Path file : List.of(alone.checkpoint(), alone.training(), alone.scores(), alone.stages())) {
                assertThat(file).hasSameBinaryContentAs(direct.root().resolve(file.getFileName()));
            }
            for (String name : List.of("cube_3.nii.gz", "task.json")) {
                assertThat(alone.predictions().resolve(name))
                        .hasSameBinaryContentAs(direct.predictions().resolve(name));
            }
            alone.clear();
        }
    }

    /// As machines elsewhere would do them: from their JSON, and the last one first.
    @Test
    void aRunLeavesTheSameWhoeverDoesItsJobsInWhateverOrder() throws IOException {
        var other = new RunFolder(folder.resolve("other"));
        Executor elsewhere = orders -> {
            var outcomes = new ArrayList<Outcome>();
            for (Executor.Order order : orders.reversed()) {
                Job job = Job.parse(order.job().json());
                outcomes.addFirst(LocalExecutor.reading().run(job, order.folder(), order.listener()));
            }
            return outcomes;
        };
        Run.of(
                        SmallData.experiment(data, Task.Kind.MULTICLASS, 2, LOSSES.toArray(String[]::new)),
                        UnaryOperator.identity(),
                        _ -> elsewhere)
                .in(other, Progress.silent());
        for (Path file : List.of(run.scores(), run.comparison(), run.settings(), run.manifest())) {
            assertThat(other.root().resolve(file.getFileName())).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void aJobIsNotDoneWithOtherDataThanItWasMadeFor() throws IOException {
        Job job = Job.of(run).getFirst();
        var alone = new LossFolder(folder.resolve("elsewhere"));
        Files.copy(
                data.resolve("masks/cube_1.nii.gz"),
                data.resolve("masks/cube_2.nii.gz"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatIOException()
                .isThrownBy(() -> LocalExecutor.reading().run(job, alone, JobListener.silent()))
                .withMessageContainingAll(data.toString(), "the files of cube_2 are not those");
        assertThat(alone.root()).doesNotExist();
    }

    /// Masks of 0 and 7, and a case beside them that is no image.
    @Test
    void aJobReadsTheCasesThatItNeedsAndNoOtherFile() throws IOException {
        for (int number = 1; number <= 3; number++) {
            Path mask = data.resolve("masks/cube_%d.nii.gz".formatted(number));
            Labels labels = Images.readLabels(mask);
            byte[] values = labels.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) (values[i] > 0 ? 7 : 0);
            }
            Images.write(mask, new Labels(labels.geometry(), values));
        }
        var masks = new RunFolder(folder.resolve("masks"));
        Run.of(SmallData.experiment(data, Task.Kind.BINARY, 2, "bce")).in(masks, Progress.silent());
        for (String place : List.of("images", "masks")) {
            Files.writeString(data.resolve(place).resolve("cube_4.nii.gz"), "no image");
        }
        Job job = Job.of(masks).getFirst();
        assertThat(job.plan().labels().numbers()).containsExactly(List.of(0), List.of(7));
        Path elsewhere = Files.move(data, folder.resolve("moved"));
        var alone = new LossFolder(folder.resolve("elsewhere"));
        LocalExecutor.reading().run(job.at(elsewhere, "cpu"), alone, JobListener.silent());
        LossFolder direct = job.in(masks, List.of("bce"));
        for (Path file : List.of(alone.checkpoint(), alone.training(), alone.scores(), alone.stages())) {
            assertThat(file).hasSameBinaryContentAs(direct.root().resolve(file.getFileName()));
        }
        assertThat(ScoreRow.read(alone.scores())).isNotEmpty();
    }

    @Test
    void aCaseThatIsGoneIsNamed() throws IOException {
        Job job = Job.of(run).getFirst();
        Files.delete(data.resolve("images/cube_2.nii.gz"));
        Files.delete(data.resolve("masks/cube_2.nii.gz"));
        assertThatIOException()
                .isThrownBy(() -> LocalExecutor.reading()
                        .run(job, new LossFolder(folder.resolve("elsewhere")), JobListener.silent()))
                .withMessageContainingAll(data.toString(), "no case cube_2", "put its files back");
    }

    @Test
    void aTrainingThatWasBrokenOffGoesOnWithItsOwnSettingsAlone() throws IOException {
        Job job = Job.of(run).getFirst();
        var alone = new LossFolder(folder.resolve("elsewhere"));
        var breaking = new RunProgress(
                        new Progress() {
                            @Override
                            public void say(String line) {}

                            @Override
                            public void at(String work, double fraction, String detail) {
                                throw new IllegalStateException("broken off");
                            }
                        },
                        1,
                        false,
                        false)
                .of(job, 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> LocalExecutor.reading().run(job, alone, breaking));
        Job other = Job.parse(job.json().replaceFirst("\"segloss\":\"[^\"]*\"", "\"segloss\":\"another version\""));
        assertThatIOException()
                .isThrownBy(() -> LocalExecutor.reading().run(other, alone, JobListener.silent()))
                .withMessageContainingAll(alone.root().toString(), "other settings", "--restart");
        // as a program has it open that was stopped, and has lost the folder to the one that was broken off
        Path open = Files.createLink(folder.resolve("open"), alone.training());
        byte[] before = Files.readAllBytes(open);
        LocalExecutor.reading().run(job, alone, JobListener.silent());
        assertThat(open).hasBinaryContent(before);
        LossFolder direct = job.in(run, LOSSES);
        assertThat(alone.training()).hasSameBinaryContentAs(direct.training());
        assertThat(alone.checkpoint()).hasSameBinaryContentAs(direct.checkpoint());
        assertThat(alone.stages()).hasSameBinaryContentAs(direct.stages());
    }

    @Test
    void whatAMachineCanNotGiveIsSaidWithItsName() throws IOException {
        String json = Job.of(run).getFirst().json();
        Job bfloat16 = Job.parse(json.replaceFirst("\"precision\":\"[^\"]*\"", "\"precision\":\"bfloat16\""));
        assertThat(bfloat16.plan().precision()).isEqualTo(Precision.BFLOAT16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cell.require(bfloat16, 1000, Precision.FLOAT32))
                .withMessageContainingAll(
                        "bfloat16", "the processor of " + Host.here().name(), "--precision float32");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cell.require(bfloat16, 0, Precision.BFLOAT16))
                .withMessageContaining("0 of the cores of " + Host.here().name());
        assertThatCode(() -> Cell.require(bfloat16, 1000, Precision.BFLOAT16)).doesNotThrowAnyException();
    }

    @Test
    void whatIsNoJobIsRefusedByTheNameOfWhatIsWrong() throws IOException {
        String json = Job.of(run).getFirst().json();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Job.parse(json.replace("\"fold\":0", "\"fold\":\"first\"")))
                .withMessageContaining("fold");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Job.parse(json.replaceFirst("\"batch\":\\d+", "\"bunch\":2")))
                .withMessageContaining("batch");
    }
}
