package org.segloss.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.decide.Probabilities;
import org.segloss.format.ArrayFile;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;

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
