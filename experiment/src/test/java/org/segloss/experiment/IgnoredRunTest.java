package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segloss.fit.Checkpoint;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import org.segloss.loss.Task;
import org.segloss.report.Report;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;

/// Runs on masks with a margin that nobody has labelled.
class IgnoredRunTest {
    private static final Set<Integer> IGNORED = Set.of(254, 255);

    @TempDir
    Path folder;

    /// The three cubes, with ignored labels in the outermost voxels and in a corner of each cube.
    ///
    /// @param second in every how many-th of these voxels 254 stands in place of 255
    private Path write(String name, int second) throws IOException {
        Path data = SmallData.write(folder.resolve(name));
        for (int number = 1; number <= 3; number++) {
            Path file = data.resolve("masks/cube_%d.nii.gz".formatted(number));
            Labels labels = Images.readLabels(file);
            byte[] values = labels.values();
            for (int i = 0; i < values.length; i++) {
                int x = i % 8;
                int y = i / 8 % 8;
                boolean margin = x == 0 || x == 7 || y == 0 || y == 7 || (x == number && y == 2);
                values[i] = (byte) (margin ? i % second == 0 ? 254 : 255 : values[i]);
            }
            Images.write(file, labels);
        }
        return data;
    }

    private RunFolder run(Path data, String name, Task.Kind kind, String loss) throws IOException {
        RunFolder run = new RunFolder(folder.resolve(name));
        Run.of(SmallData.experiment(data, IGNORED, kind, 3, loss)).in(run, Progress.silent());
        return run;
    }

    private static LossFolder of(RunFolder run, String loss) {
        return run.losses(List.of(loss), 0, 5).get(loss);
    }

    /// Nor may it matter to what a network of the finest resolution sees after the images were turned and scaled.
    @ParameterizedTest
    @EnumSource(names = {"BINARY", "MULTICLASS"})
    void whichOfTheIgnoredLabelsAVoxelHasChangesNoByte(Task.Kind kind) throws IOException {
        String loss = "ce + dice + boundary";
        RunFolder one = run(write("a", 2), "run-a", kind, loss);
        RunFolder other = run(write("b", 3), "run-b", kind, loss);
        assertThat(of(other, loss).checkpoint())
                .hasSameBinaryContentAs(of(one, loss).checkpoint());
        assertThat(of(other, loss).training())
                .hasSameTextualContentAs(of(one, loss).training());
        assertThat(other.scores()).hasSameTextualContentAs(one.scores());
        Checkpoint checkpoint = Checkpoint.read(of(one, loss).checkpoint());
        assertThat(checkpoint.plan().task().ignoredLabels()).containsExactly(254, 255);
        Labels prediction = Images.readLabels(of(one, loss).predictions().resolve("cube_3.nii.gz"));
        for (byte label : prediction.values()) {
            assertThat(label).isBetween((byte) 0, (byte) (kind == Task.Kind.BINARY ? 1 : 2));
        }
        Report.write(one);
        assertThat(one.report()).isRegularFile();
    }

    /// By hand: the Dice of the voxels that are known, the scores of the whole masks being others.
    @Test
    void ignoredVoxelsAreInNoScore() throws IOException {
        Path data = write("a", 2);
        RunFolder run = run(data, "run", Task.Kind.BINARY, "bce");
        for (Path table : List.of(run.scores(), of(run, "bce").scores())) {
            assertThat(Files.readAllLines(table)).last().asString().endsWith(" ignored=254+255");
        }
        byte[] prediction = Images.readLabels(of(run, "bce").predictions().resolve("cube_3.nii.gz"))
                .values();
        byte[] reference =
                Images.readLabels(data.resolve("masks/cube_3.nii.gz"), IGNORED).values();
        double both = 0;
        double sum = 0;
        int unknown = 0;
        for (int i = 0; i < reference.length; i++) {
            boolean known = (reference[i] & 0xFF) < 254;
            unknown += known ? 0 : 1;
            boolean truth = known && reference[i] != 0;
            both += truth && prediction[i] != 0 ? 1 : 0;
            sum += known ? (truth ? 1 : 0) + (prediction[i] != 0 ? 1 : 0) : 0;
        }
        assertThat(unknown).isPositive();
        Report.write(run);
        assertThat(Files.readString(run.report()))
                .contains(
                        "<dt>Ignored</dt><dd>In no loss and in no score. In the test cases: the labels 254, 255 of the references, %d ("
                                .formatted(unknown))
                .contains("%%) of %d voxels of 1 case</dd>".formatted(reference.length));
        assertThat(ScoreRow.read(run.scores()))
                .filteredOn(row -> row.score().metric().name().equals("dice"))
                .isNotEmpty()
                .extracting(row -> row.score().score().value())
                .containsOnly(2 * both / sum);
    }

    @Test
    void theExperimentAndTheJobsOfItRemember() throws IOException {
        Path data = write("a", 2);
        RunFolder run = run(data, "run", Task.Kind.MULTICLASS, "ce");
        assertThat(Files.readString(run.settings())).contains("ignored-labels:", "- 254", "- 255");
        Experiment again = Experiment.of(run.settings());
        assertThat(again.task()).isEqualTo(Task.multiclass(3).ignoring(254, 255));
        assertThat(again.dataset().ignored()).containsExactly(254, 255);
        Job job = Job.of(run).getFirst();
        assertThat(Job.parse(job.json())).isEqualTo(job);
        assertThat(JobCases.in(job).training().getFirst().label().histogram()[255])
                .isPositive();
    }
}
