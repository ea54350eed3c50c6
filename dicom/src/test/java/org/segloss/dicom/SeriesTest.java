package org.segloss.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.format.Scan;

/// Series whose every number is known. Those in the resources were written by other programs (`make-dicom.py`).
class SeriesTest {
    @TempDir
    private Path folder;

    static Path resource(String name) {
        return Path.of("src/test/resources/org/segloss/dicom", name);
    }

    /// @param first the slice that the image begins with
    private static void isSeries(Scan scan, int first, int slices) {
        assertThat(scan.geometry().shapeText()).isEqualTo("5 x 4 x %d".formatted(slices));
        // to the right and to the front, where the file says to the left and to the back
        assertThat(scan.geometry().affine())
                .containsExactly(
                        new double[] {-0.75, 0, 0, 10, 0, -0.5, 0, 20, 0, 0, 2.5, 2.5 * first, 0, 0, 0, 1},
                        within(1e-9));
        for (int i = 0; i < scan.values().size(); i++) {
            int stored = 100 * (first + i / 20) + 10 * (i / 5 % 4) + i % 5;
            assertThat(scan.values().get(i)).as("voxel " + i).isEqualTo(2 * stored - 1000);
        }
    }

    private static Scan whole(Path image) {
        ReadResult result = Images.inspect(image);
        assertThat(result.findings()).isEmpty();
        return result.scan().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "implicit, 1.2.840.10008.1.2",
        "explicit, 1.2.840.10008.1.2.1",
        "deflated, 1.2.840.10008.1.2.1.99",
        "big endian, 1.2.840.10008.1.2.2"
    })
    void howAFileIsLaidOutChangesNothing(String name, String uid) throws IOException {
        Path series = MadeUpSeries.write(folder.resolve(name), MadeUpSeries.slices(4), TransferSyntax.of(uid));
        isSeries(whole(series), 0, 4);
    }

    @Test
    void whatOtherProgramsWroteIsRead() {
        isSeries(whole(resource("series")), 0, 4);
        isSeries(whole(resource("enhanced.dcm")), 0, 4);
        isSeries(whole(resource("rle.dcm")), 1, 1);
        isSeries(whole(resource("jpeg-lossless.dcm")), 1, 1);
    }

    private List<Finding> findings(List<DataSetBuilder> slices) throws IOException {
        Path series = folder.resolve("series");
        try (var before = Files.exists(series) ? Files.list(series) : Stream.<Path>empty()) {
            for (Path file : before.toList()) {
                Files.delete(file);
            }
        }
        return Images.inspect(MadeUpSeries.write(series, slices)).findings();
    }

    private void isSaid(List<DataSetBuilder> slices, boolean error, String... words) throws IOException {
        assertThat(findings(slices)).singleElement().satisfies(f -> {
            assertThat(f.isError()).isEqualTo(error);
            assertThat(f.toString()).contains(words);
        });
    }

    @Test
    void missingAndUnevenSlicesAreNamed() throws IOException {
        var slices = MadeUpSeries.slices(6);
        slices.remove(2);
        isSaid(slices, true, "slices are missing: there are 5 mm behind slice 3, elsewhere 2.5 mm");
        slices = MadeUpSeries.slices(4);
        slices.get(1).decimals(Tag.IMAGE_POSITION_PATIENT, -10, -20, 5.9);
        isSaid(slices, true, "its slices are from 1.6 to 3.4 mm apart", "resample");
    }

    @Test
    void slicesAtOnePlaceAreOfSeveralTimes() throws IOException {
        var slices = MadeUpSeries.slices(3);
        slices.add(MadeUpSeries.slice(1).text(Tag.SOP_INSTANCE_UID, "UI", "2.25.99"));
        isSaid(slices, true, "1 of its 4 slices lie where another one lies", "times, phases");
    }

    @Test
    void anInstanceThatIsThereTwiceIsReadOnce() throws IOException {
        var slices = MadeUpSeries.slices(3);
        slices.add(MadeUpSeries.slice(1));
        Path series = MadeUpSeries.write(folder.resolve("series"), slices);
        assertThat(Images.inspect(series).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("1 of its files is there a second time"));
        isSeries(Images.inspect(series).scan().orElseThrow(), 0, 3);
    }

    /// A CT whose gantry leans by 15 degrees: each slice lies 2.5 mm above the one before, and is shifted by
    /// 2.5 tan 15.
    @Test
    void aTiltIsSaidAndInTheGrid() throws IOException {
        var slices = MadeUpSeries.slices(4);
        double shift = 2.5 * Math.tan(Math.toRadians(15));
        for (int i = 0; i < 4; i++) {
            slices.get(i).decimals(Tag.IMAGE_POSITION_PATIENT, -10, -20 + (3 - i) * shift, 2.5 * (3 - i));
        }
        isSaid(slices, false, "tilted by 15 degrees (gantry tilt)");
        double[] affine = Images.info(folder.resolve("series")).geometry().affine();
        assertThat(new double[] {affine[2], affine[6], affine[10]})
                .containsExactly(new double[] {0, -shift, 2.5}, within(1e-9));
    }

    @Test
    void slicesThatAreShiftedAgainstOneAnotherAreNoGrid() throws IOException {
        var slices = MadeUpSeries.slices(4);
        slices.get(1).decimals(Tag.IMAGE_POSITION_PATIENT, -12, -20, 5);
        isSaid(slices, true, "shifted sideways");
    }

    @Test
    void aLocalizerIsNoSlice() throws IOException {
        var slices = MadeUpSeries.slices(4);
        slices.get(0).decimals(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 0, -1);
        assertThat(findings(slices))
                .anySatisfy(f -> assertThat(f.toString()).contains("lie in another direction", "localizer"));
    }

    @Test
    void severalSeriesInAFolderAreNamedByWhatTellsNobodysName() throws IOException {
        var slices = new ArrayList<>(MadeUpSeries.slices(3));
        for (int z = 0; z < 2; z++) {
            slices.add(MadeUpSeries.slice(z)
                    .text(Tag.SERIES_INSTANCE_UID, "UI", "2.25.11")
                    .text(Tag.SERIES_NUMBER, "IS", "4")
                    .text(Tag.MODALITY, "CS", "Nobody^Real")
                    .text(Tag.SOP_INSTANCE_UID, "UI", "2.25.12" + z));
        }
        isSaid(slices, false, "it has 2 series: CT series 3 with 3 slices", "? series 4 with 2 slices", "most slices");
        slices.remove(0);
        isSaid(slices, true, "Which is meant can't be told");
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.1.2.4.80, JPEG-LS, dcmdjpls",
        "1.2.840.10008.1.2.4.201, a way that is not known here, gdcmconv --raw"
    })
    void packedPixelsWithoutAReaderAreRefusedByName(String uid, String name, String command) throws IOException {
        Path file = packed(uid, 1, new byte[40]);
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains(name, command));
    }

    /// {@return a file of one slice, whose pixels lie in a fragment}
    private Path packed(String uid, int rows, byte[] fragment) throws IOException {
        byte[] plain = MadeUpSeries.slice(1)
                .shorts(Tag.ROWS, rows)
                .bytes(Tag.PIXEL_DATA, "OB", new byte[0])
                .file(MadeUpSeries.CT, MadeUpSeries.instance(1), TransferSyntax.of(uid));
        var out = new ByteArrayOutputStream();
        // without the length of the pixels
        out.write(plain, 0, plain.length - 4);
        ByteBuffer items = ByteBuffer.allocate(28 + fragment.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(-1);
        items.putInt(0xE000_FFFE).putInt(0).putInt(0xE000_FFFE).putInt(fragment.length);
        items.put(fragment).putInt(0xE0DD_FFFE).putInt(0);
        out.write(items.array());
        return Files.write(folder.resolve("packed.dcm"), out.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70"})
    void noMoreIsPromisedThanPackedPixelsCanHold(String uid) throws IOException {
        Path file = packed(uid, 0xFFFF, new byte[2]);
        assertThat(Images.inspect(file).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("promises 655350 bytes", "pixels", "2"));
    }

    @Test
    void damagedRunLengthsAreSaid() throws IOException {
        ByteBuffer run = ByteBuffer.allocate(64 + 10).order(ByteOrder.LITTLE_ENDIAN);
        run.putInt(2).putInt(64).putInt(63);
        assertThat(Images.inspect(packed("1.2.840.10008.1.2.5", 4, run.array())).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).isEqualTo("a segment of a frame lies outside of it"));
        run.putInt(8, 66);
        assertThat(Images.inspect(packed("1.2.840.10008.1.2.5", 4, run.array())).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.found()).startsWith("a segment of a frame"));
    }

    @Test
    void whatHasNoPlaceIsAPicture() throws IOException {
        DataSetBuilder radiograph = MadeUpSeries.slice(0)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", "MONOCHROME1")
                .bytes(Tag.IMAGE_POSITION_PATIENT, "DS", new byte[0])
                .bytes(Tag.PIXEL_SPACING, "DS", new byte[0]);
        Path series = MadeUpSeries.write(folder.resolve("series"), List.of(radiograph));
        assertThat(Images.inspect(series).findings())
                .extracting(Finding::found)
                .containsExactlyInAnyOrder(
                        "small numbers are bright in it (MONOCHROME1)", "it doesn't say how large its pixels are");
    }
}
