package org.segloss.dicom.labels;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.DataSetBuilder;
import org.segloss.dicom.part10.Tag;

/// What an object has to take over from the image that it is made from: whose it is, of which study, and in which
/// space. Archives sort objects by it, and viewers lay them over their image by it.
final class SourceModules {
    /// The patient's and the study's elements; those that an image lacks stay empty.
    private static final Map<Integer, String> NEEDED = new LinkedHashMap<>();

    /// Elements that are there where an image has them.
    private static final Map<Integer, String> OPTIONAL = new LinkedHashMap<>();

    static {
        NEEDED.put(Tag.PATIENT_NAME, "PN");
        NEEDED.put(Tag.PATIENT_ID, "LO");
        NEEDED.put(Tag.PATIENT_BIRTH_DATE, "DA");
        NEEDED.put(Tag.PATIENT_SEX, "CS");
        NEEDED.put(Tag.STUDY_INSTANCE_UID, "UI");
        NEEDED.put(Tag.STUDY_DATE, "DA");
        NEEDED.put(Tag.STUDY_TIME, "TM");
        NEEDED.put(Tag.STUDY_ID, "SH");
        NEEDED.put(Tag.ACCESSION_NUMBER, "SH");
        NEEDED.put(Tag.REFERRING_PHYSICIAN_NAME, "PN");
        NEEDED.put(Tag.FRAME_OF_REFERENCE_UID, "UI");
        NEEDED.put(Tag.POSITION_REFERENCE_INDICATOR, "LO");
        OPTIONAL.put(Tag.ISSUER_OF_PATIENT_ID, "LO");
        OPTIONAL.put(Tag.PATIENT_AGE, "AS");
        OPTIONAL.put(Tag.PATIENT_SIZE, "DS");
        OPTIONAL.put(Tag.PATIENT_WEIGHT, "DS");
        OPTIONAL.put(Tag.STUDY_DESCRIPTION, "LO");
    }

    private final DataSet source;

    SourceModules(DataSet source) {
        this.source = source;
    }

    /// Copies the elements byte by byte, so that a name stays the same whatever its characters are.
    ///
    /// @return the character set of the object's own texts
    Charset copyTo(DataSetBuilder object) throws IOException {
        boolean plain = true;
        for (Map.Entry<Integer, String> element : NEEDED.entrySet()) {
            object.copy(source, element.getKey(), element.getValue());
            plain &= isAscii(source.bytes(element.getKey()));
        }
        for (Map.Entry<Integer, String> element : OPTIONAL.entrySet()) {
            if (source.hasValue(element.getKey())) {
                object.copy(source, element.getKey(), element.getValue());
                plain &= isAscii(source.bytes(element.getKey()));
            }
        }
        if (source.hasValue(Tag.PATIENT_IDENTITY_REMOVED) && source.hasValue(Tag.DEIDENTIFICATION_METHOD)) {
            object.copy(source, Tag.PATIENT_IDENTITY_REMOVED, "CS");
            object.copy(source, Tag.DEIDENTIFICATION_METHOD, "LO");
            plain &= isAscii(source.bytes(Tag.DEIDENTIFICATION_METHOD));
        }
        if (plain) {
            object.text(Tag.SPECIFIC_CHARACTER_SET, "CS", "ISO_IR 192");
            return StandardCharsets.UTF_8;
        }
        object.copy(source, Tag.SPECIFIC_CHARACTER_SET, "CS");
        return source.charset();
    }

    /// Says whether pixels once were compressed with a loss.
    void copyLossTo(DataSetBuilder object) throws IOException {
        boolean lossy = source.text(Tag.LOSSY_IMAGE_COMPRESSION).equals("01")
                && source.hasValue(Tag.LOSSY_IMAGE_COMPRESSION_RATIO)
                && source.hasValue(Tag.LOSSY_IMAGE_COMPRESSION_METHOD);
        object.text(Tag.LOSSY_IMAGE_COMPRESSION, "CS", lossy ? "01" : "00");
        if (lossy) {
            object.copy(source, Tag.LOSSY_IMAGE_COMPRESSION_RATIO, "DS");
            object.copy(source, Tag.LOSSY_IMAGE_COMPRESSION_METHOD, "CS");
        }
    }

    /// The escape begins another character set.
    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == 0x1B) {
                return false;
            }
        }
        return true;
    }
}
