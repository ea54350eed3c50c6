package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.report.Report;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.CaseScore;
import org.segloss.score.FileScores;
import org.segloss.score.ScoreRow;

/// Planes that are stored along any axis are the same to training, scores and pictures.
class PlaneRunTest {
    @TempDir
    Path folder;

    /// The same places, in the same order, with the one slice along z, y and x.
    private static final List<Geometry> GRIDS = List.of(
            new Geometry(16, 12, 1, new double[] {0.5, 0, 0, 9, 0, 0.7, 0, 8, 0, 0, 3, 7, 0, 0, 0, 1}),
            new Geometry(16, 1, 12, new double[] {0.5, 0, 0, 9, 0, 0, 0.7, 8, 0, 3, 0, 7, 0, 0, 0, 1}),
            new Geometry(1, 16, 12, new double[] {0, 0.5, 0, 9, 0, 0, 0.7, 8, 3, 0, 0, 7, 0, 0, 0, 1}));

    private Path write(String name, Geometry grid) throws IOException {
        Path data = folder.resolve(name);
        for (int number = 1; number <= 3; number++) {
            float[] image = new float[192];
            byte[] label = new byte[192];
            for (int i = 0; i < 192; i++) {
                boolean inside = i % 16 >= number && i % 16 < number + 6 && i / 16 >= 3 && i / 16 < 9;
                label[i] = (byte) (inside ? 1 : 0);
                image[i] = (inside ? 100 : 0) + i * 37 % 11;
            }
            Images.write(data.resolve("images/cube_%d.nii".formatted(number)), new Volume(grid, 1, image));
            Images.write(data.resolve("masks/cube_%d.nii".formatted(number)), new Labels(grid, label));
        }
        return data;
    }

    private static List<String> pictures(RunFolder run) throws IOException {
        Report.write(run);
        return Pattern.compile("data:image/png;base64,[^\"']+")
                .matcher(Files.readString(run.report()))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void aRunIsTheSameAlongWhicheverAxisPlanesAreStored() throws IOException {
        var runs = List.of(
                new RunFolder(folder.resolve("z")),
                new RunFolder(folder.resolve("y")),
                new RunFolder(folder.resolve("x")));
        for (int axis = 0; axis < 3; axis++) {
            Path data = write("data-" + axis, GRIDS.get(axis));
            Run.of(SmallData.experiment(data, Task.Kind.BINARY, 2, "bce")).in(runs.get(axis), Progress.silent());
            LossFolder place = runs.get(axis).losses(List.of("bce"), 0, 5).get("bce");
            LossFolder first = runs.getFirst().losses(List.of("bce"), 0, 5).get("bce");

            assertThat(place.scores()).hasSameTextualContentAs(first.scores());
            assertThat(place.checkpoint()).hasSameBinaryContentAs(first.checkpoint());
            Labels prediction = Images.readLabels(place.predictions().resolve("cube_3.nii.gz"));
            assertThat(prediction.geometry())
                    .isEqualTo(Images.info(data.resolve("images/cube_3.nii")).geometry());
            assertThat(prediction.values())
                    .isEqualTo(Images.readLabels(first.predictions().resolve("cube_3.nii.gz"))
                            .values());

            List<CaseScore> written = ScoreRow.read(runs.get(axis).scores()).stream()
                    .map(ScoreRow::score)
                    .filter(score -> !score.metric().needsProbabilities())
                    .toList();
            assertThat(FileScores.of(
                                    place.predictions().resolve("cube_3.nii.gz"),
                                    data.resolve("masks/cube_3.nii"),
                                    Optional.of(Task.Kind.BINARY))
                            .scores())
                    .isEqualTo(written);
            assertThat(pictures(runs.get(axis))).isNotEmpty().isEqualTo(pictures(runs.getFirst()));
        }
    }
}
