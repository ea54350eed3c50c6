package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Scan;
import tools.jackson.databind.JsonNode;

/// The tumour of a real series as SEG and as outlines, which highdicom 0.28.2, rt-utils 1.2.7 and dcmrtstruct2nii 5
/// read.
class SharedLabelsTest {
    @TempDir
    private Path folder;

    private static Path path(String name) throws IOException {
        return SharedData.FOLDER.resolve(SharedData.expected(name).get("path").asString());
    }

    private static void isMask(Scan scan, JsonNode mask) {
        assertThat(scan.values().toBytes()).hasSize((int) scan.geometry().voxels());
        assertThat(SharedData.hash(scan.values(), 1))
                .isEqualTo(mask.get("sha256_uint8").asString());
    }

    @Test
    void aBinarySegmentationIsPutOnItsSeries() throws IOException {
        ReadResult result = Images.inspectLabels(path("seg"), path("series"));
        assertThat(result.findings()).isEmpty();
        isMask(result.orThrow(), SharedData.expected("seg").get("masks").get("Tumour"));
        assertThat(result.orThrow().geometry())
                .isEqualTo(Images.info(path("series")).geometry());
        assertThat(Images.labelInfo(path("seg"), path("series")).geometry())
                .isEqualTo(result.orThrow().geometry());
        assertThat(Images.labelNames(path("seg"))).isEqualTo(new TreeMap<>(Map.of(1, "Tumour")));
    }

    @Test
    void withoutItsSeriesASegmentationHasTheSlicesThatItStores() throws IOException {
        Scan scan = Images.inspectLabels(path("seg")).orThrow();
        assertThat(scan.geometry().z()).isEqualTo(11);
        assertThat(Images.info(path("seg")).geometry()).isEqualTo(scan.geometry());
        long voxels = 0;
        for (byte label : scan.values().toBytes()) {
            voxels += label;
        }
        assertThat(voxels).isEqualTo(24644);
        double[] series = Images.info(path("series")).geometry().affine();
        // the first slice with tumour is slice 15
        series[11] += 15 * series[10];
        assertThat(scan.geometry().affine()).containsExactly(series, within(1e-6));
    }

    @Test
    void fractionsAreLabelsFromAHalfOnAndAmountsAsAnImage() throws IOException {
        JsonNode expected = SharedData.expected("seg_fractional");
        ReadResult result = Images.inspectLabels(path("seg_fractional"), path("small"));
        assertThat(result.findings()).isEmpty();
        isMask(result.orThrow(), expected.get("masks").get("Tumour"));
        double sum = 0;
        for (float amount : Images.read(path("seg_fractional")).values()) {
            sum += amount;
        }
        assertThat(255 * sum).isCloseTo(expected.get("stored_sum").asDouble(), within(0.5));
    }

    @Test
    void segmentsThatShareVoxelsAreNamed() throws IOException {
        assertThat(Images.inspectLabels(path("seg_overlap"), path("small")).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString())
                        .contains("1 'Tumour' and 2 'Margin' share 14126 voxels", "files of their own"));
    }

    @Test
    void outlinesAreMasksOfTheCentresWithinThem() throws IOException {
        ReadResult result = Images.inspectLabels(path("rtstruct"), path("series"));
        assertThat(result.findings()).isEmpty();
        isMask(result.orThrow(), SharedData.expected("rtstruct").get("mask"));
        assertThat(Images.labelNames(path("rtstruct"))).isEqualTo(new TreeMap<>(Map.of(1, "GTV-1")));
    }

    /// Its outlines run through centres, of which we take the left and upper ones: scikit-image, which takes none of
    /// them, has a Dice of 0.981 to the mask.
    @Test
    void outlinesThroughCentresLoseAPartOfTheirBorder() throws IOException {
        Scan scan =
                Images.inspectLabels(path("rtstruct_rt_utils"), path("series")).orThrow();
        byte[] mask = Images.inspectLabels(path("seg"), path("series"))
                .orThrow()
                .values()
                .toBytes();
        byte[] outlined = scan.values().toBytes();
        long both = 0;
        long all = 0;
        for (int i = 0; i < mask.length; i++) {
            both += mask[i] & outlined[i];
            all += mask[i] + outlined[i];
        }
        assertThat(2.0 * both / all).isBetween(0.98, 1.0);
        // nothing beyond the border
        assertThat(all - 24644).isEqualTo(both);
    }

    @Test
    void outlinesAloneHaveNoVoxels() throws IOException {
        assertThat(Images.inspectLabels(path("rtstruct")).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("outlines (RTSTRUCT)", "series"));
    }

    @Test
    void theSeriesOfAnotherSegmentationIsRefused() throws IOException {
        assertThat(Images.inspectLabels(path("seg"), path("small")).findings())
                .extracting(Finding::found)
                .containsExactly("it was made on another series than its image");
    }

    @Test
    void labelsAmongSeriesSayWhichOneIsMeant() throws IOException {
        copy(path("two_series"));
        JsonNode second = SharedData.expected("two_series").get("series").get(1);
        assertThat(Images.inspectLabels(folder).orThrow().geometry().z()).isEqualTo(12);
        Files.copy(path("seg"), folder.resolve("labels.dcm"));
        assertThat(Images.inspectLabels(folder).findings())
                .filteredOn(Finding::isError)
                .extracting(Finding::found)
                .containsExactly("it was made on another series than its image");
        assertThat(second.get("size").get(2).asInt()).isEqualTo(10);
    }

    @Test
    void aFolderOfASeriesAndItsSegmentationIsBoth() throws IOException {
        copy(path("series"));
        Files.copy(path("seg"), folder.resolve("labels.dcm"));
        assertThat(Images.inspect(folder).findings()).isEmpty();
        assertThat(Images.read(folder).geometry().z()).isEqualTo(40);
        isMask(
                Images.inspectLabels(folder).orThrow(),
                SharedData.expected("seg").get("masks").get("Tumour"));
        Files.copy(path("rtstruct"), folder.resolve("outlines.dcm"));
        assertThat(Images.inspectLabels(folder).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("2 segmentations: labels.dcm, outlines.dcm"));
    }

    private void copy(Path series) throws IOException {
        try (Stream<Path> files = Files.list(series)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }
}
