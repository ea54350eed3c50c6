package org.segloss.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;

/// A segmentation lies where NiBabel and SimpleITK find its image, in whatever format it is written. That readers find
/// places as these programs do is held by each format's own test; `checks/places.py` asks the programs themselves.
class PlaceTest {
    @TempDir
    Path folder;

    static Stream<Arguments> images() {
        return Stream.of(
                        List.of("nifti.json", "", "i2-little.nii", "i2-big.nii", "no-affine.nii", "both-forms.nii"),
                        List.of("nifti.json", "", "two-big.nii.gz", "pair-big.hdr", "negative-widths.nii"),
                        List.of("nrrd/nrrd.json", "nrrd/", "u1.nrrd", "i2.nrrd", "i4.nrrd", "list-between.nrrd"),
                        List.of("nrrd/nrrd.json", "nrrd/", "itk-plane.nrrd", "beside.nhdr", "spacings.nrrd"))
                .flatMap(set -> set.stream()
                        .skip(2)
                        .map(name -> Arguments.of(
                                set.get(1) + name,
                                Resources.numbers(
                                        Resources.json(set.get(0)).get(name).get("affine")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void whatIsWrittenLiesWhereTheOraclesFindTheImage(String name, double[] affine) throws IOException {
        Path image = Resources.file(name);
        Geometry grid = Images.info(image).geometry();
        byte[] labels = new byte[(int) grid.voxels()];
        labels[1] = 3;
        for (String ending : List.of(".nii.gz", ".hdr", ".mha", ".mhd", ".nrrd", ".nhdr")) {
            Path file = folder.resolve("labels" + ending);
            Images.writeLike(image, file, new Labels(grid, labels));
            Geometry written = Images.info(file).geometry();
            assertThat(written.sameShape(grid)).as(ending).isTrue();
            // NIfTI-1 has floats: a tenth of a micrometre in a metre
            assertThat(written.affine()).as(ending).containsExactly(affine, within(1e-4));
            assertThat(Images.readLabels(file).values()).as(ending).isEqualTo(labels);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void ofTheImagesFormatItLiesThereToTheLastBit(String name) throws IOException {
        Path image = Resources.file(name);
        Geometry grid = Images.info(image).geometry();
        Path file = folder.resolve(image.getFileName().toString());
        Images.writeLike(image, file, new Labels(grid, new byte[(int) grid.voxels()]));
        assertThat(Images.info(file).geometry()).isEqualTo(grid);
    }
}
