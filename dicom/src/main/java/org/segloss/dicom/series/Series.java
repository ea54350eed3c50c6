package org.segloss.dicom.series;

import java.io.IOException;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.Tag;

/// What tells a series from others. None of it says whose it is: its description does in some hospitals.
///
/// @param uid              the world's only one
/// @param modality         for example `CT`
/// @param number           within its study
/// @param frameOfReference the UID of the space that its positions are in; empty where it isn't said
public record Series(String uid, String modality, String number, String frameOfReference) {

    static Series of(DataSet header) throws IOException {
        return new Series(
                header.text(Tag.SERIES_INSTANCE_UID),
                header.text(Tag.MODALITY),
                header.text(Tag.SERIES_NUMBER),
                header.text(Tag.FRAME_OF_REFERENCE_UID));
    }
}
