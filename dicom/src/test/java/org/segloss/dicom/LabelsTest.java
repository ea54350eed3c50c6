package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;

/// Labels of the series in the resources: segmentations that highdicom wrote (`make-dicom.py`), and outlines
/// by hand.
class LabelsTest {
    @TempDir
    private Path folder;

    private final Path series = SeriesTest.resource("series");

    /// {@return labels of the voxels of the grid}
    private static byte[] voxels(IntUnaryOperator label) {
        byte[] labels = new byte[80];
        for (int i = 0; i < 80; i++) {
            labels[i] = (byte) label.applyAsInt(i);
        }
        return labels;
    }

    /// Label 1 in the columns up to z, label 2 in the last row; nothing in the first slice.
    private static int label(int voxel) {
        int z = voxel / 20;
        if (z == 0) {
            return 0;
        }
        return voxel / 5 % 4 == 3 ? 2 : voxel % 5 < z ? 1 : 0;
    }

    private static byte[] read(Path file, Path image) {
        ReadResult result = Images.inspectLabels(file, image);
        assertThat(result.findings()).isEmpty();
        return result.scan().orElseThrow().values().toBytes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary.dcm", "labelmap.dcm", "fractional.dcm"})
    void aSegmentationIsPutOnItsSeries(String name) throws IOException {
        Path file = SeriesTest.resource(name);
        assertThat(read(file, series)).isEqualTo(voxels(LabelsTest::label));
        assertThat(Images.labelNames(file)).isEqualTo(new TreeMap<>(Map.of(1, "Left", 2, "Bottom")));
    }

    @Test
    void onAnotherSeriesInTheSameSpaceItIsReadWithAWarning() {
        ReadResult result =
                Images.inspectLabels(SeriesTest.resource("binary.dcm"), SeriesTest.resource("enhanced.dcm"));
        assertThat(result.findings()).singleElement().satisfies(f -> {
            assertThat(f.isError()).isFalse();
            assertThat(f.found()).isEqualTo("it was made on another series than its image, in the same space");
        });
        assertThat(result.scan().orElseThrow().values().toBytes()).isEqualTo(voxels(LabelsTest::label));
    }

    @Test
    void fractionsAreAnImageOfAChannelForEachSegment() throws IOException {
        var image = Images.read(SeriesTest.resource("fractional.dcm"));
        assertThat(image.channels()).isEqualTo(2);
        assertThat(image.geometry().z()).isEqualTo(3);
        // the first slice with labels: a half in the first column, a fifth in the last
        assertThat(image.values()).startsWith(0.5f, 0, 0, 0, 0.2f);
    }

    @Test
    void segmentsThatShareVoxelsAreNamed() {
        assertThat(Images.inspectLabels(SeriesTest.resource("overlap.dcm"), series)
                        .findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("1 'Left' and 2 'Bottom' share 15 voxels"));
    }

    /// A region with outlines in one slice, in voxels of the series.
    private Path outlines(int slice, double[]... outlines) throws IOException {
        List<DataSetBuilder> contours = Arrays.stream(outlines)
                .map(points -> {
                    double[] places = new double[points.length / 2 * 3];
                    for (int i = 0; i < points.length / 2; i++) {
                        places[3 * i] = -10 + 0.75 * points[2 * i];
                        places[3 * i + 1] = -20 + 0.5 * points[2 * i + 1];
                        places[3 * i + 2] = 2.5 * slice;
                    }
                    return new DataSetBuilder()
                            .text(Tag.CONTOUR_GEOMETRIC_TYPE, "CS", "CLOSED_PLANAR")
                            .decimals(Tag.CONTOUR_DATA, places);
                })
                .toList();
        DataSetBuilder file = new DataSetBuilder()
                .text(Tag.SOP_CLASS_UID, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
                .text(Tag.FRAME_OF_REFERENCE_UID, "UI", "2.25.9")
                .items(
                        Tag.STRUCTURE_SET_ROI_SEQUENCE,
                        List.of(new DataSetBuilder()
                                .text(Tag.ROI_NUMBER, "IS", "7")
                                .text(Tag.ROI_NAME, "LO", "GTV")))
                .items(
                        Tag.ROI_CONTOUR_SEQUENCE,
                        List.of(new DataSetBuilder()
                                .text(Tag.REFERENCED_ROI_NUMBER, "IS", "7")
                                .items(Tag.CONTOUR_SEQUENCE, contours)));
        return Files.write(
                folder.resolve("outlines.dcm"),
                file.file("1.2.840.10008.5.1.4.1.1.481.3", "2.25.13", TransferSyntax.IMPLICIT));
    }

    private static double[] box(double x0, double y0, double x1, double y1) {
        return new double[] {x0, y0, x1, y0, x1, y1, x0, y1};
    }

    @Test
    void anOutlineWithinAnotherIsAHole() throws IOException {
        Path file = outlines(2, box(-0.5, -0.5, 3.5, 2.5), box(0.5, 0.5, 2.5, 1.5));
        assertThat(read(file, series)).isEqualTo(voxels(i -> {
            int x = i % 5;
            int y = i / 5 % 4;
            boolean hole = y == 1 && (x == 1 || x == 2);
            return i / 20 == 2 && x < 4 && y < 3 && !hole ? 1 : 0;
        }));
        assertThat(Images.labelNames(file)).isEqualTo(new TreeMap<>(Map.of(1, "GTV")));
    }

    @Test
    void outlinesBesideTheirSeriesAreRefused() throws IOException {
        assertThat(Images.inspectLabels(outlines(9, box(0, 0, 2, 2)), series).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("1 of its outlines lie outside", "whole series"));
        assertThat(Images.inspectLabels(outlines(2, box(0, 0, 2, 2)), SeriesTest.resource("binary.dcm"))
                        .findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("only some of the slices", "folder of their series"));
    }
}
