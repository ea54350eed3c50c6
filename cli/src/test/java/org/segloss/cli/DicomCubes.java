package org.segloss.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.format.Images;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// The cubes as a hospital gives them: a folder of slices for each, and a segmentation of it. Whatever says
/// whose they
/// are has [#SECRET] in it.
final class DicomCubes {
    /// Nothing else has this in it, in upper case or not.
    static final String SECRET = "xqzw";

    /// A day on which nobody else was born, and nothing else was done.
    static final String DAY = "18730229";

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    /// Elements that say whose an image is, or may do so, with the kinds of their values.
    private static final Map<Integer, String> IDENTITY = new TreeMap<>(Map.ofEntries(
            Map.entry(Tag.STUDY_DATE, "DA"),
            Map.entry(Tag.SERIES_DATE, "DA"),
            Map.entry(Tag.ACCESSION_NUMBER, "SH"),
            Map.entry(0x0008_0080, "LO"), // the institution
            Map.entry(0x0008_0081, "ST"), // its address
            Map.entry(Tag.REFERRING_PHYSICIAN_NAME, "PN"),
            Map.entry(0x0008_1010, "SH"), // the scanner
            Map.entry(Tag.STUDY_DESCRIPTION, "LO"),
            Map.entry(Tag.SERIES_DESCRIPTION, "LO"),
            Map.entry(0x0008_1050, "PN"), // who performed it
            Map.entry(0x0008_1070, "PN"), // who operated the scanner
            Map.entry(Tag.PATIENT_NAME, "PN"),
            Map.entry(Tag.PATIENT_ID, "LO"),
            Map.entry(Tag.ISSUER_OF_PATIENT_ID, "LO"),
            Map.entry(Tag.PATIENT_BIRTH_DATE, "DA"),
            Map.entry(0x0010_1000, "LO"), // other ids
            Map.entry(0x0010_1040, "LO"), // the patient's address
            Map.entry(0x0010_4000, "LT"), // comments
            Map.entry(0x0018_1030, "LO"), // the protocol
            Map.entry(Tag.STUDY_ID, "SH"),
            Map.entry(0x0020_4000, "LT"), // comments on the image
            Map.entry(0x0032_1032, "PN"))); // who asked for it

    private DicomCubes() {}

    static Path write(Path folder) throws IOException {
        Path cubes = Cubes.write(folder.resolveSibling(folder.getFileName() + "-nifti"));
        for (int number = 1; number <= 3; number++) {
            Volume volume = Images.read(cubes.resolve("images/cube_%d.nii.gz".formatted(number)));
            Path series = folder.resolve("images/cube_%d".formatted(number));
            series(series, number, volume);
            byte[] labels = Images.readLabels(cubes.resolve("masks/cube_%d.nii.gz".formatted(number)))
                    .values();
            Images.writeLike(
                    series,
                    folder.resolve("masks/cube_%d.dcm".formatted(number)),
                    new Labels(Images.info(series).geometry(), labels));
        }
        return folder;
    }

    private static void series(Path folder, int number, Volume volume) throws IOException {
        Files.createDirectories(folder);
        int plane = volume.geometry().x() * volume.geometry().y();
        for (int z = 0; z < volume.geometry().z(); z++) {
            ByteBuffer pixels = ByteBuffer.allocate(2 * plane).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < plane; i++) {
                pixels.putShort((short) volume.values()[z * plane + i]);
            }
            String instance = "2.25.4%d%d".formatted(number, z);
            DataSetBuilder slice = new DataSetBuilder()
                    .text(Tag.SOP_CLASS_UID, "UI", CT)
                    .text(Tag.SOP_INSTANCE_UID, "UI", instance)
                    .text(Tag.MODALITY, "CS", "CT")
                    .text(Tag.STUDY_INSTANCE_UID, "UI", "2.25.50" + number)
                    .text(Tag.SERIES_INSTANCE_UID, "UI", "2.25.60" + number)
                    .text(Tag.FRAME_OF_REFERENCE_UID, "UI", "2.25.70" + number)
                    .decimals(Tag.IMAGE_POSITION_PATIENT, 0, 0, 1.5 * z)
                    .decimals(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0)
                    .decimals(Tag.PIXEL_SPACING, 1, 1)
                    .shorts(Tag.SAMPLES_PER_PIXEL, 1)
                    .text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", "MONOCHROME2")
                    .shorts(Tag.ROWS, volume.geometry().y())
                    .shorts(Tag.COLUMNS, volume.geometry().x())
                    .shorts(Tag.BITS_ALLOCATED, 16)
                    .shorts(Tag.BITS_STORED, 16)
                    .shorts(Tag.HIGH_BIT, 15)
                    .shorts(Tag.PIXEL_REPRESENTATION, 1)
                    .bytes(Tag.PIXEL_DATA, "OW", pixels.array());
            IDENTITY.forEach((tag, vr) ->
                    slice.text(tag, vr, vr.equals("DA") ? DAY : "%s%s".formatted(SECRET, vr.equals("PN") ? "^A" : "")));
            Files.write(folder.resolve("IM%d".formatted(7 * z % 8)), slice.file(CT, instance, TransferSyntax.EXPLICIT));
        }
    }
}
