package org.segloss.dicom.series;

/// What kind of object a file is.
public enum SopClass {
    /// An image with one frame or several.
    IMAGE,
    /// A segmentation (SEG).
    SEGMENTATION,
    /// Outlines (RTSTRUCT).
    STRUCTURES,
    /// The index of a medium.
    DIRECTORY,
    /// Anything else: reports, plans, doses, presentation states.
    OTHER;

    static SopClass of(String uid, boolean hasRows) {
        return switch (uid) {
            case "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7" -> SEGMENTATION;
            case "1.2.840.10008.5.1.4.1.1.481.3" -> STRUCTURES;
            case "1.2.840.10008.1.3.10" -> DIRECTORY;
            // a dose has rows and columns too, but is no image of anybody
            case "1.2.840.10008.5.1.4.1.1.481.2" -> OTHER;
            default -> hasRows ? IMAGE : OTHER;
        };
    }
}
