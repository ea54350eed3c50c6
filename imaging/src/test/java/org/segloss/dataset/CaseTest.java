package org.segloss.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Images;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Reorientation;
import org.segloss.image.StoredGrids;
import org.segloss.image.Volume;
import org.segloss.prep.Preprocessing;

class CaseTest {
    @TempDir
    Path root;

    private Path image;
    private Path label;
    private Dataset dataset;

    @BeforeEach
    void openADataset() throws IOException {
        Folders.msd(root, 1, 2);
        Folders.json(root, "{\"0\": \"background\", \"1\": \"organ\"}");
        dataset = Dataset.open(root);
        image = dataset.entry("a").image();
        label = dataset.entry("a").label();
    }

    private void assertMessage(String... words) {
        assertThatIOException()
                .isThrownBy(() -> Case.read(dataset, dataset.entry("a")))
                .withMessageStartingWith("case a: ")
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void anotherShapeIsNamed() throws IOException {
        Images.write(label, new Labels(Geometry.scaled(3, 4, 2, 1, 1, 2.5), new byte[24]));
        assertMessage(label.toString(), "3 x 4 x 2", "4 x 3 x 2");
    }

    @Test
    void anotherPlaceIsNamed() throws IOException {
        Images.write(label, new Labels(Geometry.scaled(4, 3, 2, 1, 1, 2.56), new byte[24]));
        assertMessage(label.toString(), "2.56", "2.5", "a fiftieth of a voxel");
        Images.write(label, new Labels(Geometry.scaled(4, 3, 2, 1, 1, 2.504), new byte[24]));
        assertThat(Case.read(dataset, dataset.entry("a")).label().values()).containsOnly(0);
    }

    /// By hand: of 4 x 3 x 2 voxels, stored as (z, x backward, y), the second of z and the third from the end of x.
    @Test
    void aSegmentationOfAnotherOrderAndDirectionOfAxesIsTurnedToItsImage() throws IOException {
        byte[] values = new byte[24];
        int x = 1;
        int y = 2;
        int z = 1;
        values[z + 2 * ((3 - x) + 4 * y)] = 1;
        // columns: z, -x, y, from the last x on
        double[] affine = {0, -1, 0, 3, 0, 0, 1, 0, 2.5, 0, 0, 0, 0, 0, 0, 1};
        Images.write(label, new Labels(new Geometry(2, 4, 3, affine), values));
        Labels turned = Case.read(dataset, dataset.entry("a")).label();
        byte[] expected = new byte[24];
        expected[x + 4 * (y + 3 * z)] = 1;
        assertThat(turned.values()).containsExactly(expected);
        assertThat(turned.geometry()).isEqualTo(Folders.GRID);
    }

    /// Tilted by 20 degrees, the voxels of different lengths along each axis; image and segmentation each in
    /// one of the 48
    /// ways in which programs store them.
    @Test
    void howeverAVolumeIsStoredTheSameIsReadAndPreprocessed() throws IOException {
        double c = Math.cos(Math.toRadians(20));
        double s = Math.sin(Math.toRadians(20));
        var grid = new Geometry(4, 3, 2, new double[] {c, -1.5 * s, 0, -3, s, 1.5 * c, 0, 7, 0, 0, 2.5, 1, 0, 0, 0, 1});
        Volume expected = new Volume(grid, 1, Folders.image(2).values());
        Labels reference = new Labels(grid, Folders.label(2, 2).values());
        var preprocessing = new Preprocessing(new Spacing(2, 1.2, 0.8));
        Preprocessing.Prepared prepared = preprocessing.apply(expected);
        for (int way = 0; way < StoredGrids.WAYS; way++) {
            Geometry stored = StoredGrids.of(grid, way);
            Geometry other = StoredGrids.of(grid, 47 - way);
            Images.write(
                    image, Reorientation.between(grid, stored).orElseThrow().turn(expected));
            Images.write(label, Reorientation.between(grid, other).orElseThrow().turn(reference));
            Case read = Case.read(dataset, dataset.entry("a"));
            assertThat(read.image().geometry().sameGrid(grid)).isTrue();
            assertThat(read.label().geometry()).isEqualTo(read.image().geometry());
            assertThat(read.image().values()).isEqualTo(expected.values());
            assertThat(read.label().values()).isEqualTo(reference.values());
            Preprocessing.Prepared found = preprocessing.apply(read.image());
            assertThat(found.image().values()).isEqualTo(prepared.image().values());
            assertThat(found.labels(read.label())).isEqualTo(prepared.labels(reference));
        }
    }

    /// One slice along any axis is a plane of z, with its voxels in their order.
    @Test
    void imagesOfOneSliceAlongAnyAxisAreADataSetOfPlanes(@TempDir Path planes) throws IOException {
        float[] values = new float[12];
        byte[] labels = new byte[12];
        for (int i = 0; i < 12; i++) {
            values[i] = i;
            labels[i] = (byte) (i % 5 == 0 ? 1 : 0);
        }
        // columns of the affine: 0.5 mm to the right, 0.7 to the front, 3 up, in turn
        List<Geometry> grids = List.of(
                new Geometry(4, 3, 1, new double[] {0.5, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1}),
                new Geometry(4, 1, 3, new double[] {0.5, 0, 0, 0, 0, 0, 0.7, 0, 0, 3, 0, 0, 0, 0, 0, 1}),
                new Geometry(1, 4, 3, new double[] {0, 0.5, 0, 0, 0, 0, 0.7, 0, 3, 0, 0, 0, 0, 0, 0, 1}));
        for (int i = 0; i < 3; i++) {
            Images.write(planes.resolve("images/%d.nii".formatted(i)), new Volume(grids.get(i), 1, values));
            Images.write(planes.resolve("masks/%d.nii".formatted(i)), new Labels(grids.get(i), labels));
        }
        Dataset found = Dataset.open(planes);
        assertThat(found.dimensions()).isEqualTo(2);
        for (Dataset.Entry entry : found.cases()) {
            Case read = Case.read(found, entry);
            assertThat(read.image().geometry())
                    .isEqualTo(Images.info(planes.resolve("images/0.nii")).geometry());
            assertThat(read.label().geometry()).isEqualTo(read.image().geometry());
            assertThat(read.image().values()).isEqualTo(values);
            assertThat(read.label().values()).isEqualTo(labels);
            assertThat(read.file()).hasValue(entry.image());
        }
    }

    @Test
    void undeclaredLabelsAreNamed() throws IOException {
        byte[] values = new byte[24];
        values[3] = 2;
        values[4] = 2;
        values[5] = 9;
        Images.write(label, new Labels(Folders.GRID, values));
        assertMessage(label.toString(), "2 voxels have the label 2, also 9.", "the labels 0 to 1");
    }

    @Test
    void besideSeveralDeclaredLabels255IsNoMask() throws IOException {
        byte[] values = new byte[24];
        values[3] = (byte) 255;
        Images.write(label, new Labels(Folders.GRID, values));
        assertThat(Case.read(dataset, dataset.entry("a")).label().values()[3]).isEqualTo((byte) 1);
        Folders.json(root, "{\"0\": \"background\", \"1\": \"head\", \"2\": \"tail\"}");
        dataset = Dataset.open(root);
        assertMessage(label.toString(), "1 voxels have the label 255", "the labels 0 to 2");
        assertThat(Validation.validate(root).toString()).contains("have the label 255");
    }

    @Test
    void voxelsThatAreNoNumbersAreNamed() throws IOException {
        float[] values = new float[24];
        values[4 * 3 + 4 + 2] = Float.NaN; // (2, 1, 1)
        values[23] = Float.NEGATIVE_INFINITY;
        Images.write(image, new Volume(Folders.GRID, 1, values));
        assertMessage(image.toString(), "2 voxels are NaN or infinite", "(x, y, z) = (2, 1, 1)");
    }

    @Test
    void faultsOfBothFilesAreNamedTogether() throws IOException {
        Files.write(image, new byte[] {1, 2, 3, 4, 5});
        Images.write(label, new Volume(Folders.GRID, 3, new float[72]));
        Files.write(label, new byte[0]);
        assertMessage(image.toString(), label.toString(), "this is no NIfTI image", "the file is empty");
    }
}
