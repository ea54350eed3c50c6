package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.dicom.labels.SegmentationEncoder;
import org.segloss.dicom.labels.Target;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.series.SeriesImage;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.NumericArray;
import org.segloss.image.Volume;

/// Labels as a segmentation of their series. What is written here was read by highdicom 0.28.2 and pydicom 3.0.2 as
/// it is read here, and dciodvfy (dicom3tools 1.00~20220618093127) found no error in it: `check-seg.py`
/// beside the resources.
class SegmentationOutTest {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 1, 2, 12, 0);

    @TempDir
    private Path folder;

    private Path series(DataSetBuilder... more) throws IOException {
        var slices = new ArrayList<>(MadeUpSeries.slices(4));
        slices.addAll(List.of(more));
        return MadeUpSeries.write(folder.resolve("series"), slices);
    }

    /// Two labels in the lower and the third slice; the lowest of all has nothing.
    private static byte[] labels() {
        byte[] labels = new byte[4 * 20];
        labels[20] = 1;
        labels[21] = 3;
        labels[39] = 3;
        labels[45] = 3;
        return labels;
    }

    private Path written(Path series, byte[] labels) throws IOException {
        Path file = folder.resolve("seg.dcm");
        Images.writeLike(series, file, new Labels(Images.info(series).geometry(), labels));
        return file;
    }

    @Test
    void itIsReadAsItWasWritten() throws IOException {
        Path series = series();
        Path file = written(series, labels());
        var result = Images.inspectLabels(file, series);
        assertThat(result.findings()).isEmpty();
        assertThat(result.orThrow().values().toBytes()).isEqualTo(labels());
        assertThat(result.orThrow().geometry()).isEqualTo(Images.info(series).geometry());
        // the slices that it stores
        assertThat(Images.info(file).geometry().z()).isEqualTo(2);
        assertThat(Images.labelNames(file)).isEqualTo(new TreeMap<>(Map.of(1, "label 1", 2, "label 2", 3, "label 3")));
    }

    @Test
    void aFrameIsThereForEachSliceThatASegmentIsIn() throws IOException {
        Path file = written(series(), labels());
        try (DicomFile seg = DicomFile.open(file)) {
            DataSet header = seg.header();
            assertThat(header.text(Tag.NUMBER_OF_FRAMES)).isEqualTo("3");
            var frames = new ArrayList<String>();
            for (DataSet frame : header.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
                DataSet source = frame.item(Tag.DERIVATION_IMAGE_SEQUENCE)
                        .orElseThrow()
                        .item(Tag.SOURCE_IMAGE_SEQUENCE)
                        .orElseThrow();
                frames.add("%s at %s from %s"
                        .formatted(
                                frame.item(Tag.SEGMENT_IDENTIFICATION_SEQUENCE)
                                        .orElseThrow()
                                        .numbers(Tag.REFERENCED_SEGMENT_NUMBER, "US")[0],
                                frame.item(Tag.PLANE_POSITION_SEQUENCE)
                                        .orElseThrow()
                                        .text(Tag.IMAGE_POSITION_PATIENT),
                                source.text(Tag.REFERENCED_SOP_INSTANCE_UID)));
            }
            assertThat(frames)
                    .containsExactly(
                            "1.0 at -10\\-20\\2.5 from 2.25.1001",
                            "3.0 at -10\\-20\\2.5 from 2.25.1001",
                            "3.0 at -10\\-20\\5 from 2.25.1002");
            assertThat(header.items(Tag.REFERENCED_SERIES_SEQUENCE).getFirst().items(Tag.REFERENCED_INSTANCE_SEQUENCE))
                    .hasSize(4);
        }
    }

    @Test
    void itBelongsToThePatientAndTheStudyOfItsSeries() throws IOException {
        try (DicomFile seg = DicomFile.open(written(series(), labels()))) {
            DataSet header = seg.header();
            assertThat(header.text(Tag.PATIENT_NAME)).isEqualTo("Nobody^Real");
            assertThat(header.text(Tag.PATIENT_ID)).isEqualTo("id of nobody");
            assertThat(header.text(Tag.STUDY_INSTANCE_UID)).isEqualTo("2.25.8");
            assertThat(header.text(Tag.FRAME_OF_REFERENCE_UID)).isEqualTo("2.25.9");
            assertThat(header.text(Tag.SERIES_INSTANCE_UID)).isNotEqualTo(MadeUpSeries.SERIES);
            // what the series lacks is there and empty
            assertThat(header.has(Tag.PATIENT_BIRTH_DATE)).isTrue();
            assertThat(header.hasValue(Tag.PATIENT_BIRTH_DATE)).isFalse();
        }
    }

    /// Each stores the slices that it has something in: together they have those of both.
    @Test
    void twoSegmentationsAreComparedOnTheSlicesOfBoth() throws IOException {
        Path series = series();
        Path low = written(series, labels());
        byte[] above = new byte[80];
        above[79] = 2;
        Path high = folder.resolve("high.dcm");
        Images.writeLike(series, high, new Labels(Images.info(series).geometry(), above));
        byte[] known = Arrays.copyOfRange(labels(), 20, 80);
        var result = Images.inspectLabels(low, high);
        assertThat(result.findings()).isEmpty();
        assertThat(result.orThrow().values().toBytes()).isEqualTo(known);
        assertThat(Images.labelInfo(high, low).geometry())
                .isEqualTo(result.orThrow().geometry())
                .isEqualTo(Images.labelInfo(low, high).geometry());
        assertThat(Images.inspectLabels(high, low).orThrow().values().toBytes())
                .isEqualTo(Arrays.copyOfRange(above, 20, 80));
        // a folder with the series is on the grid of that, and so is what it is compared with
        Files.copy(high, series.resolve("labels.dcm"));
        assertThat(Images.inspectLabels(series, low).orThrow().values().toBytes())
                .isEqualTo(above);
        assertThat(Images.inspectLabels(low, series).orThrow().values().toBytes())
                .isEqualTo(labels());
    }

    @Test
    void segmentationsInDifferentSpacesAreNotCompared() throws IOException {
        Path seg = written(series(), labels());
        Path moved = MadeUpSeries.write(
                folder.resolve("moved"),
                MadeUpSeries.slices(4).stream()
                        .map(slice -> slice.text(Tag.FRAME_OF_REFERENCE_UID, "UI", "2.25.10"))
                        .toList());
        Path other = folder.resolve("other.dcm");
        Images.writeLike(moved, other, new Labels(Images.info(moved).geometry(), labels()));
        assertThat(Images.inspectLabels(seg, other).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).contains("lies in another space"));
    }

    @Test
    void voxelsOutsideOfTheImageAreNotDropped() throws IOException {
        Path seg = written(series(), labels());
        Path part = folder.resolve("part.nii.gz");
        double[] affine = Images.info(series()).geometry().affine();
        Images.write(part, new Volume(new Geometry(5, 4, 2, affine), 1, new float[40]));
        assertThat(Images.inspectLabels(seg, part).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("1 of its voxels lie outside", "whole series"));
    }

    private Path named(DataSetBuilder first, String name) throws IOException {
        var slices = MadeUpSeries.slices(4);
        slices.set(3, first);
        Path series = MadeUpSeries.write(folder.resolve("named"), slices);
        Path file = folder.resolve("named.dcm");
        SeriesImage image = Target.series(series).orElseThrow();
        Files.write(file, SegmentationEncoder.encode(image, labels(), new TreeMap<>(Map.of(1, name)), NOON));
        return file;
    }

    @Test
    void namesOfSegmentsAreInTheCharactersOfThePatientsName() throws IOException {
        assertThat(Images.labelNames(named(MadeUpSeries.slice(0), "Ödem\\Größe")))
                .containsEntry(1, "Ödem Größe");
        byte[] greek = {(byte) 0xC1, (byte) 0xC2};
        DataSetBuilder first = MadeUpSeries.slice(0)
                .text(Tag.SPECIFIC_CHARACTER_SET, "CS", "ISO_IR 126")
                .bytes(Tag.PATIENT_NAME, "PN", greek);
        Path file = named(first, "Οίδημα");
        assertThat(Images.labelNames(file)).containsEntry(1, "Οίδημα");
        try (DicomFile seg = DicomFile.open(file)) {
            assertThat(seg.header().bytes(Tag.PATIENT_NAME)).isEqualTo(greek);
        }
        assertThat(Images.labelNames(named(MadeUpSeries.slice(0), "x".repeat(70))))
                .containsEntry(1, "x".repeat(64));
    }

    @Test
    void theSameAtTheSameTimeIsTheSameObject() throws IOException {
        SeriesImage image = Target.series(series()).orElseThrow();
        byte[] one = SegmentationEncoder.encode(image, labels(), new TreeMap<>(), NOON);
        assertThat(SegmentationEncoder.encode(image, labels(), new TreeMap<>(), NOON))
                .isEqualTo(one);
        Files.write(folder.resolve("one.dcm"), one);
        Files.write(
                folder.resolve("later.dcm"),
                SegmentationEncoder.encode(image, labels(), new TreeMap<>(), NOON.plusSeconds(1)));
        try (DicomFile first = DicomFile.open(folder.resolve("one.dcm"));
                DicomFile later = DicomFile.open(folder.resolve("later.dcm"))) {
            for (int uid : new int[] {Tag.SOP_INSTANCE_UID, Tag.SERIES_INSTANCE_UID}) {
                assertThat(later.header().text(uid)).isNotEqualTo(first.header().text(uid));
            }
        }
    }

    @Test
    void whereThereIsNothingOneFrameSaysSo() throws IOException {
        Path series = series();
        Path file = written(series, new byte[80]);
        assertThat(Images.inspectLabels(file, series).orThrow().values().toBytes())
                .isEqualTo(new byte[80]);
        assertThat(Images.info(file).geometry().z()).isEqualTo(1);
    }

    @Test
    void ofOneFileItsFramesAreReferredTo() throws IOException {
        Path seg = folder.resolve("seg.dcm");
        Path image = SharedData.FOLDER.resolve("variants/enhanced/enhanced.dcm");
        SharedData.expected("enhanced");
        Geometry grid = Images.info(image).geometry();
        byte[] labels = new byte[(int) grid.voxels()];
        labels[0] = 1;
        Images.writeLike(image, seg, new Labels(grid, labels));
        assertThat(Images.inspectLabels(seg, image).orThrow().values().toBytes())
                .isEqualTo(labels);
        try (DicomFile file = DicomFile.open(seg)) {
            DataSet source = file.header()
                    .item(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
                    .orElseThrow()
                    .item(Tag.DERIVATION_IMAGE_SEQUENCE)
                    .orElseThrow()
                    .item(Tag.SOURCE_IMAGE_SEQUENCE)
                    .orElseThrow();
            // it begins with the top slice, and the grid with the lowest
            assertThat(source.text(Tag.REFERENCED_FRAME_NUMBER)).isEqualTo("12");
        }
    }

    private void isRefused(Path image, String... words) {
        Path file = folder.resolve("refused.dcm");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Images.checkHolds(image, file, Images.info(image).geometry()))
                .withMessageContainingAll("refused.dcm", "write .nii.gz")
                .withMessageContainingAll(words);
        assertThat(file).doesNotExist();
    }

    @Test
    void whatRefersToNoSeriesIsRefused() throws IOException {
        Path nifti = folder.resolve("a.nii.gz");
        Images.write(nifti, new Volume(Geometry.identity(2, 2, 2), 1, new float[8]));
        isRefused(nifti, "a.nii.gz is no image in DICOM");
        Path lost = MadeUpSeries.write(
                folder.resolve("lost"),
                MadeUpSeries.slices(2).stream()
                        .map(slice -> slice.text(Tag.FRAME_OF_REFERENCE_UID, "UI", ""))
                        .toList());
        isRefused(lost, "doesn't say where it lies");
        Path series = series();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Images.checkHolds(series, folder.resolve("refused.dcm"), Geometry.identity(5, 4, 4)))
                .withMessageContaining("don't lie on the grid");
        Labels labels = new Labels(Geometry.identity(5, 4, 4), new byte[80]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Images.write(folder.resolve("refused.dcm"), labels))
                .withMessageContaining("none is given");
        Geometry grid = Images.info(series).geometry();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Images.writeLike(
                        series,
                        folder.resolve("refused.dcm"),
                        grid,
                        NumericArray.of(new float[80], Images.shape(grid, 1))))
                .withMessageContaining("float32");
        assertThat(folder.resolve("refused.dcm")).doesNotExist();
    }

    @Test
    void theTumourOfARealSeriesIsWrittenAsItWasRead() throws IOException {
        Path series = SharedData.FOLDER.resolve("series");
        SharedData.expected("seg");
        byte[] tumour = Images.inspectLabels(SharedData.FOLDER.resolve("seg.dcm"), series)
                .orThrow()
                .values()
                .toBytes();
        Path file = written(series, tumour);
        assertThat(Images.inspectLabels(file, series).orThrow().values().toBytes())
                .isEqualTo(tumour);
        assertThat(Images.info(file).geometry().z()).isEqualTo(11);
    }
}
