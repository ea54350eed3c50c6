package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dataset.ClassLabels;
import org.segloss.decide.Probabilities;
import org.segloss.format.ArrayFile;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.loss.Task;

class PredictionsTest {
    @TempDir
    Path folder;

    private static final float[] VALUES = {0.1f, 1e-9f, 0.3f, 0.25f, 0.9f, 0.4f, 0.4f, 0.5f, 0, 0.6f, 0.3f, 0.25f};

    @Test
    void theClassesAreTheFourthAxisOfANifti() throws IOException {
        Geometry grid = Geometry.scaled(2, 1, 2, 1, 2, 3);
        Path image = folder.resolve("image.nii.gz");
        Images.write(image, new Volume(grid, 1, new float[4]));
        Path file = Predictions.probabilities(folder, "case");
        Predictions.writeProbabilities(file, Probabilities.of(3, VALUES), grid, image);
        assertThat(file).hasFileName("case.nii.gz");
        Volume read = Images.read(file);
        assertThat(read.channels()).isEqualTo(3);
        assertThat(read.geometry()).isEqualTo(grid);
        assertThat(read.values()).isEqualTo(VALUES);
    }

    /// A plane has one slice along z where a network sees it, whichever way the file stores it.
    @Test
    void aPlaneIsStoredAsItsImageIs() throws IOException {
        Geometry stored = Geometry.scaled(2, 1, 2, 1, 2, 3);
        Path image = folder.resolve("image.nii");
        Images.write(image, new Volume(stored, 1, new float[4]));
        Path file = folder.resolve("map.nii");
        Predictions.writeProbabilities(file, Probabilities.of(3, VALUES), stored.asPlane(), image);
        assertThat(Images.read(file).geometry()).isEqualTo(stored);
        Path array = folder.resolve("map.npy");
        Predictions.writeProbabilities(array, Probabilities.of(3, VALUES), stored.asPlane(), image);
        assertThat(ArrayFile.read(array).array().shape()).containsExactly(3, 2, 1, 2);
    }

    /// What is seen in one orientation goes back to the order in which the image is stored: here (z, x
    /// backward, y).
    @Test
    void aVolumeIsStoredAsItsImageIsAndReadAsItWasSeen() throws IOException {
        Geometry seen = Geometry.scaled(3, 2, 2, 1, 2, 4);
        Geometry stored = new Geometry(2, 3, 2, new double[] {0, -1, 0, 2, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 1});
        Path image = folder.resolve("image.nii");
        Images.write(image, new Volume(stored, 1, new float[12]));
        Path file = folder.resolve("labels.nii");
        byte[] labels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        ClassLabels classes = ClassLabels.of(List.of("0 1 2 3 4 5 6 7 8 9 10 11 12".split(" ")));
        Predictions.write(file, new Labels(seen, labels), Task.Kind.MULTICLASS, classes, Optional.of(image));
        assertThat(Images.readLabels(file).geometry()).isEqualTo(stored);
        assertThat(Images.readLabels(file).values()).containsExactly(3, 9, 2, 8, 1, 7, 6, 12, 5, 11, 4, 10);
        Labels read = Predictions.read(file, Task.Kind.MULTICLASS, classes, seen);
        assertThat(read.geometry()).isEqualTo(seen);
        assertThat(read.values()).containsExactly(labels);
        Path map = folder.resolve("map.nii");
        float[] values = new float[24];
        for (int i = 0; i < 24; i++) {
            values[i] = i / 32f;
        }
        Predictions.writeProbabilities(map, Probabilities.of(2, values), seen, image);
        Volume found = Images.read(map);
        assertThat(found.geometry()).isEqualTo(stored);
        assertThat(Reorientation.between(stored, seen).orElseThrow().turn(found).values())
                .containsExactly(values);
    }

    @Test
    void whatCannotHoldProbabilitiesIsRefused() throws IOException {
        Geometry grid = Geometry.identity(2, 2, 1);
        for (String name : new String[] {"map.png", "map.txt", "map"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Predictions.checkHoldsProbabilities(folder.resolve(name), 2, grid))
                    .withMessageContaining("should end with .nii.gz");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Predictions.checkHoldsProbabilities(
                        folder.resolve("map.npy"), 100, Geometry.identity(1000, 1000, 1000)))
                .withMessageContaining("more numbers than fit into memory");
        Predictions.checkHoldsProbabilities(folder.resolve("map.mha"), 2, grid);
        assertThat(Files.list(folder)).isEmpty();
    }
}
