package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;
import tools.jackson.databind.JsonNode;

/// Real series, of which SimpleITK 2.5.7 and pydicom 3.0.2 said what they hold.
class SharedSeriesTest {

    private static Path path(JsonNode expected) {
        return SharedData.FOLDER.resolve(expected.get("path").asString());
    }

    static void isSeries(Scan scan, JsonNode expected) {
        Geometry grid = scan.geometry();
        assertThat(new double[] {grid.x(), grid.y(), grid.z()}).isEqualTo(SharedData.numbers(expected.get("size")));
        assertThat(grid.spacing()).containsExactly(SharedData.numbers(expected.get("spacing")), within(1e-6));
        double[] affine = grid.affine();
        double[] origin = SharedData.numbers(expected.get("origin"));
        assertThat(new double[] {-affine[3], -affine[7], affine[11]}).containsExactly(origin, within(1e-6));
        double[] direction = SharedData.numbers(expected.get("direction"));
        double[] spacing = grid.spacing();
        for (int row = 0; row < 3; row++) {
            for (int axis = 0; axis < 3; axis++) {
                assertThat((row < 2 ? -1 : 1) * affine[4 * row + axis])
                        .isCloseTo(direction[3 * row + axis] * spacing[axis], within(1e-6));
            }
        }
        long sum = 0;
        for (long i = 0; i < scan.values().size(); i++) {
            sum += (long) scan.values().get(i);
        }
        assertThat(sum).isEqualTo(expected.get("sum").asLong());
        assertThat(SharedData.hash(scan.values(), 2))
                .isEqualTo(expected.get("sha256_int16").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"series", "small", "implicit", "jpeg_lossless", "rle", "enhanced"})
    void aSeriesIsReadAsOtherProgramsReadIt(String name) throws IOException {
        JsonNode expected = SharedData.expected(name);
        ReadResult result = Images.inspect(path(expected));
        assertThat(result.findings()).isEmpty();
        isSeries(result.orThrow(), expected);
        assertThat(Images.info(path(expected)).geometry())
                .isEqualTo(result.orThrow().geometry());
        assertThat(Images.files(path(expected))).hasSize(expected.get("files").asInt());
    }

    @Test
    void anInstanceThatIsThereTwiceIsReadOnce() throws IOException {
        JsonNode expected = SharedData.expected("duplicate_instance");
        ReadResult result = Images.inspect(path(expected));
        assertThat(result.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("1 of its files is there a second time"));
        isSeries(result.orThrow(), expected);
    }

    @Test
    void aMissingSliceIsNamed() throws IOException {
        JsonNode expected = SharedData.expected("missing_slice");
        assertThat(Images.inspect(path(expected)).findings())
                .extracting(Finding::found)
                .containsExactly("slices are missing: there are 10 mm behind slice 5, elsewhere 5 mm");
    }

    @Test
    void ofTwoSeriesTheLargerIsTaken() throws IOException {
        JsonNode expected = SharedData.expected("two_series");
        ReadResult result = Images.inspect(path(expected));
        assertThat(result.findings())
                .singleElement()
                .satisfies(f ->
                        assertThat(f.toString()).contains("2 series", "12 slices of 64 x 64", "10 slices of 48 x 48"));
        isSeries(result.orThrow(), expected.get("series").get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"emri_small", "emri_small_RLE", "emri_small_jpeg_2k_lossless", "eCT_Supplemental"})
    void severalFramesAreReadAsPydicomReadsThem(String name) throws IOException {
        JsonNode expected = SharedData.expected("pydicom-data/%s.dcm".formatted(name));
        ReadResult result = Images.inspectLabels(path(expected));
        Scan scan = result.orThrow();
        boolean placed = !name.startsWith("emri");
        // the file has its upper frame, which lies lower along the normal, last
        assertThat(SharedData.hash(placed ? upsideDown(scan) : scan.values(), 2))
                .isEqualTo(expected.get("sha256_stored").asString());
        if (!placed) {
            assertThat(result.findings())
                    .singleElement()
                    .satisfies(f -> assertThat(f.found()).isEqualTo("it doesn't say where its 10 frames lie"));
        } else {
            assertThat(result.findings()).isEmpty();
            assertThat(scan.geometry().affine())
                    .containsExactly(
                            new double[] {0.388672, 0, 0, -99.5, 0, -0.388672, 0, 301.5, 0, 0, -10, -149, 0, 0, 0, 1},
                            within(1e-6));
        }
    }

    private static NumericArray upsideDown(Scan scan) {
        int slices = scan.geometry().z();
        long plane = scan.values().size() / slices;
        float[] turned = new float[(int) scan.values().size()];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = (float) scan.values().get((slices - 1 - i / plane) * plane + i % plane);
        }
        return NumericArray.of(turned, scan.values().shape());
    }

    @Test
    void whatHasNoReaderIsRefusedByName() throws IOException {
        JsonNode expected = SharedData.expected("pydicom-data/emri_small_jpeg_ls_lossless.dcm");
        assertThat(Images.inspect(path(expected)).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("JPEG-LS", "dcmdjpls"));
    }

    @Test
    void foldersOfSeveralImagesAreNone() throws IOException {
        SharedData.expected("series");
        for (String several : List.of("", "variants", "pydicom-data")) {
            assertThat(new Dicom().recognisesFolder(SharedData.FOLDER.resolve(several)))
                    .as(several)
                    .isFalse();
        }
    }
}
