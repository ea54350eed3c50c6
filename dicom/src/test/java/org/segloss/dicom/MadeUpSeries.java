package org.segloss.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;

/// Slices of 5 columns and 4 rows, whose numbers say where they lie: voxel (x, y, z) is 100 z + 10 y + x,
/// scaled by 2
/// and -1000. The first one is the highest.
final class MadeUpSeries {
    static final int COLUMNS = 5;
    static final int ROWS = 4;
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String SERIES = "2.25.7";

    private MadeUpSeries() {}

    static List<DataSetBuilder> slices(int count) {
        var slices = new ArrayList<DataSetBuilder>();
        for (int z = count - 1; z >= 0; z--) {
            slices.add(slice(z));
        }
        return slices;
    }

    /// {@return a slice at a height of 2.5 z}
    static DataSetBuilder slice(int z) {
        ByteBuffer pixels = ByteBuffer.allocate(2 * ROWS * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            pixels.putShort((short) (100 * z + 10 * (i / COLUMNS) + i % COLUMNS));
        }
        return new DataSetBuilder()
                .text(Tag.SOP_CLASS_UID, "UI", CT)
                .text(Tag.SOP_INSTANCE_UID, "UI", instance(z))
                .text(Tag.MODALITY, "CS", "CT")
                .text(Tag.SERIES_INSTANCE_UID, "UI", SERIES)
                .text(Tag.STUDY_INSTANCE_UID, "UI", "2.25.8")
                .text(Tag.FRAME_OF_REFERENCE_UID, "UI", "2.25.9")
                .text(Tag.PATIENT_NAME, "PN", "Nobody^Real")
                .text(Tag.PATIENT_ID, "LO", "id of nobody")
                .text(Tag.SERIES_NUMBER, "IS", "3")
                .decimals(Tag.IMAGE_POSITION_PATIENT, -10, -20, 2.5 * z)
                .decimals(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0)
                .decimals(Tag.PIXEL_SPACING, 0.5, 0.75)
                .decimals(Tag.SLICE_THICKNESS, 2.5)
                .shorts(Tag.SAMPLES_PER_PIXEL, 1)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", "MONOCHROME2")
                .shorts(Tag.ROWS, ROWS)
                .shorts(Tag.COLUMNS, COLUMNS)
                .shorts(Tag.BITS_ALLOCATED, 16)
                .shorts(Tag.BITS_STORED, 12)
                .shorts(Tag.HIGH_BIT, 11)
                .shorts(Tag.PIXEL_REPRESENTATION, 0)
                .decimals(Tag.RESCALE_SLOPE, 2)
                .decimals(Tag.RESCALE_INTERCEPT, -1000)
                .bytes(Tag.PIXEL_DATA, "OW", pixels.array());
    }

    static String instance(int z) {
        return "2.25.100" + z;
    }

    static Path write(Path folder, List<DataSetBuilder> slices) throws IOException {
        return write(folder, slices, TransferSyntax.EXPLICIT);
    }

    static Path write(Path folder, List<DataSetBuilder> slices, TransferSyntax syntax) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < slices.size(); i++) {
            Files.write(folder.resolve("IM%d".formatted(i)), slices.get(i).file(CT, instance(i), syntax));
        }
        return folder;
    }
}
