package org.segloss.dicom.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.Tag;

/// What an enhanced image says of each of its frames, and of all.
///
/// @param shared of all frames
/// @param each   one for each frame; none where the file isn't enhanced
public record FunctionalGroups(Optional<DataSet> shared, List<DataSet> each, DataSet header) {

    public static FunctionalGroups of(DataSet header) throws IOException {
        return new FunctionalGroups(
                header.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE),
                header.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE),
                header);
    }

    /// {@return how many frames something is said of}
    public int frames() {
        return each.size();
    }

    /// {@return where to look for what is said of a frame, the nearest first}
    public List<DataSet> of(int frame) {
        var groups = new ArrayList<DataSet>();
        groups.add(each.get(frame));
        shared.ifPresent(groups::add);
        groups.add(header);
        return groups;
    }
}
