package org.segloss.dicom.series;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.Tag;
import org.segloss.format.Finding;

/// What labels say of the images that they are of.
///
/// @param series their UIDs; none where it isn't said
/// @param frames UIDs of the spaces that the labels lie in
public record References(Set<String> series, Set<String> frames) {

    public static References of(DataSet header) throws IOException {
        Set<String> series = new HashSet<>();
        Set<String> frames = new HashSet<>();
        add(header, Tag.FRAME_OF_REFERENCE_UID, frames);
        for (DataSet referenced : header.items(Tag.REFERENCED_SERIES_SEQUENCE)) {
            add(referenced, Tag.SERIES_INSTANCE_UID, series);
        }
        for (DataSet space : header.items(Tag.REFERENCED_FRAME_OF_REFERENCE_SEQUENCE)) {
            add(space, Tag.FRAME_OF_REFERENCE_UID, frames);
            for (DataSet study : space.items(Tag.RT_REFERENCED_STUDY_SEQUENCE)) {
                for (DataSet referenced : study.items(Tag.RT_REFERENCED_SERIES_SEQUENCE)) {
                    add(referenced, Tag.SERIES_INSTANCE_UID, series);
                }
            }
        }
        return new References(series, frames);
    }

    /// {@return what speaks against two objects being of one image}
    public List<Finding> findings(References other) {
        return frames.isEmpty() || other.frames.isEmpty() || !Collections.disjoint(frames, other.frames)
                ? List.of()
                : List.of(error(
                        "it lies in another space (Frame of Reference) than the segmentation that it is compared with",
                        "Compare those of one image."));
    }

    private static void add(DataSet set, int tag, Set<String> uids) throws IOException {
        if (set.hasValue(tag)) {
            uids.add(set.text(tag));
        }
    }

    /// {@return what speaks against labels being of an image}: they name another series, which is allowed only in
    /// the same space
    public List<Finding> findings(Series image) {
        boolean sameSpace = frames.contains(image.frameOfReference());
        if (series.isEmpty() || series.contains(image.uid())) {
            return sameSpace || frames.isEmpty() || image.frameOfReference().isEmpty()
                    ? List.of()
                    : List.of(error(
                            "it lies in another space (Frame of Reference) than its image",
                            "Give the series that it was made on."));
        }
        return sameSpace
                ? List.of(warning(
                        "it was made on another series than its image, in the same space",
                        "Its labels are where that image's are: check that nothing moved in between."))
                : List.of(
                        error("it was made on another series than its image", "Give the series that it was made on."));
    }
}
