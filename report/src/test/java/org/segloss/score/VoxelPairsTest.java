package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.format.numpy.Npy;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Scorer;
import org.segloss.run.Progress;
import org.segloss.score.ScoringRequest.MissingPrediction;
import org.segloss.score.ScoringRequest.VoxelPairs;

/// A voxel of a prediction goes with the one of its reference that lies at the same place.
class VoxelPairsTest {
    @TempDir
    Path folder;

    /// x, y and z are 3, 2 and 1 voxels.
    private static final Geometry GRID = Geometry.scaled(3, 2, 1, 0.7, 0.8, 2);

    /// The same with y first and x backward: the first voxel is the last of x.
    private static final Geometry TURNED =
            new Geometry(2, 3, 1, new double[] {0, -0.7, 0, 1.4, 0.8, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1});

    private static final byte[] STORED = {1, 0, 0, 0, 1, 0};

    /// By hand: of `TURNED`, voxel 0 is (x, y) = (2, 0) and voxel 4 is (0, 0).
    private static final byte[] EXPECTED = {1, 0, 1, 0, 0, 0};

    private Path write(String name, Geometry grid, byte[] labels) throws IOException {
        Path file = folder.resolve(name);
        Images.write(file, new Labels(grid, labels));
        return file;
    }

    private static double score(
            Path prediction, Path reference, String metric, Optional<Path> probabilities, VoxelPairs pairs)
            throws IOException {
        var request = new ScoringRequest(
                Optional.empty(),
                List.of(LabelGroup.anyLabel()),
                probabilities,
                new Scorer(Metric.parseList(metric), Policy.DEFAULT),
                MissingPrediction.FAIL,
                pairs,
                Collections.emptySortedSet());
        return FileScores.of(prediction, reference, request, Progress.silent())
                .scores()
                .getFirst()
                .score()
                .value();
    }

    private static double dice(Path prediction, Path reference, VoxelPairs pairs) throws IOException {
        return score(prediction, reference, "dice", Optional.empty(), pairs);
    }

    private static Geometry moved(double x) {
        double[] affine = GRID.affine();
        affine[3] += x;
        return new Geometry(3, 2, 1, affine);
    }

    @Test
    void aGridInAnotherOrderAndDirectionIsTurned() throws IOException {
        Path prediction = write("p.nii", TURNED, STORED);
        Path reference = write("r.nii", GRID, EXPECTED);
        assertThat(dice(prediction, reference, VoxelPairs.BY_PLACE)).isEqualTo(1);
        assertThat(dice(reference, prediction, VoxelPairs.BY_PLACE)).isEqualTo(1);
    }

    /// 4 µm of 0.7 mm are less than a fiftieth of a voxel.
    @Test
    void whatAffinesAreRoundedByIsNoOtherPlace() throws IOException {
        Path reference = write("r.nii", GRID, EXPECTED);
        assertThat(dice(write("near.nii", moved(0.004), EXPECTED), reference, VoxelPairs.BY_PLACE))
                .isEqualTo(1);
        Path far = write("far.nii", moved(0.02), EXPECTED);
        assertThatIOException()
                .isThrownBy(() -> dice(far, reference, VoxelPairs.BY_PLACE))
                .withMessageContainingAll(
                        "far.nii: affine [0.7 0 0 0.02", "its reference has [0.7 0 0 0", "--same-grid");
    }

    @Test
    void shapesAreTrustedWhereThatIsAskedFor() throws IOException {
        Path reference = write("r.nii", GRID, EXPECTED);
        assertThat(dice(write("far.nii", moved(100), EXPECTED), reference, VoxelPairs.BY_INDEX))
                .isEqualTo(1);
        // nothing is turned: a backward axis is believed to run forward
        Geometry backward = new Geometry(3, 2, 1, new double[] {-0.7, 0, 0, 1.4, 0, 0.8, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1});
        Path other = write("backward.nii", backward, new byte[] {1, 1, 0, 0, 0, 0});
        Path start = write("start.nii", GRID, new byte[] {1, 1, 0, 0, 0, 0});
        assertThat(dice(other, start, VoxelPairs.BY_INDEX)).isEqualTo(1);
        assertThat(dice(other, start, VoxelPairs.BY_PLACE)).isEqualTo(0.5);
        Path turned = write("t.nii", TURNED, STORED);
        assertThatIOException()
                .isThrownBy(() -> dice(turned, reference, VoxelPairs.BY_INDEX))
                .withMessageContaining("2 x 3 x 1 voxels, but its reference has 3 x 2 x 1");
    }

    @Test
    void anArrayOfAPlaneMayLackTheAxisOfItsOneSlice() throws IOException {
        float[] values = {0.8f, 0.1f, 0.8f, 0.1f, 0.1f, 0.5f};
        double brier = (2 * 0.2 * 0.2 + 3 * 0.1 * 0.1 + 0.5 * 0.5) / 6;
        Path npy = folder.resolve("p.npy");
        for (Geometry grid : List.of(
                GRID,
                new Geometry(3, 1, 2, new double[] {0.7, 0, 0, 0, 0, 0, 0.8, 0, 0, 2, 0, 0, 0, 0, 0, 1}),
                new Geometry(1, 3, 2, new double[] {0, 0.7, 0, 0, 0, 0, 0.8, 0, 2, 0, 0, 0, 0, 0, 0, 1}))) {
            Path file = write("r.nii", grid, EXPECTED);
            for (List<Integer> shape :
                    List.of(List.of(2, 3), List.of(1, 2, 3), List.of(grid.z(), grid.y(), grid.x()))) {
                Npy.write(npy, NumericArray.of(values, shape));
                assertThat(score(file, file, "brier", Optional.of(npy), VoxelPairs.BY_PLACE))
                        .as("%s of %s", shape, grid)
                        .isCloseTo(brier, within(1e-7));
            }
            Npy.write(npy, NumericArray.of(values, List.of(3, 2)));
            assertThatIOException()
                    .isThrownBy(() -> score(file, file, "brier", Optional.of(npy), VoxelPairs.BY_PLACE))
                    .withMessageContaining("shape [3, 2], but the prediction needs [2, 3]");
        }
    }

    /// By hand: 0.8 where the class is, 0.1 elsewhere, but for the voxel (0, 1) with 0.5.
    @Test
    void probabilitiesLieWhereTheirImageSaysAndArraysWhereThePredictionDoes() throws IOException {
        Path reference = write("r.nii", GRID, EXPECTED);
        Path prediction = write("p.nii", TURNED, STORED);
        float[] stored = {0.8f, 0.1f, 0.1f, 0.1f, 0.8f, 0.5f};
        double brier = (2 * 0.2 * 0.2 + 3 * 0.1 * 0.1 + 0.5 * 0.5) / 6;
        Path npy = folder.resolve("p.npy");
        Npy.write(npy, NumericArray.of(stored, List.of(3, 2)));
        Path image = folder.resolve("m.nii");
        Images.write(image, new Volume(TURNED, 1, stored));
        Path straight = folder.resolve("s.nii");
        Images.write(straight, new Volume(GRID, 1, new float[] {0.8f, 0.1f, 0.8f, 0.5f, 0.1f, 0.1f}));
        for (Path file : List.of(npy, image, straight)) {
            assertThat(score(prediction, reference, "brier", Optional.of(file), VoxelPairs.BY_PLACE))
                    .as("%s", file)
                    .isCloseTo(brier, within(1e-7));
        }
        Path elsewhere = folder.resolve("e.nii");
        Images.write(elsewhere, new Volume(moved(5), 1, stored));
        assertThatIOException()
                .isThrownBy(() -> score(prediction, reference, "brier", Optional.of(elsewhere), VoxelPairs.BY_PLACE))
                .withMessageContainingAll("e.nii: affine", "the reference has", "--same-grid");
    }
}
