package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// The labels of a data set whose files are all that says what they are.
///
/// @param foreground the value of the one foreground label in the files; 1 if there are several
record LabelNames(List<String> names, int foreground) {
    /// So many different values are an image, not labels.
    private static final int MOST = 64;

    /// @param values all that occur in the data set's segmentations
    static LabelNames of(Path root, SortedSet<Integer> values) throws IOException {
        List<Integer> others = values.stream().filter(value -> value != 0).toList();
        if (others.size() <= 1) {
            return new LabelNames(List.of("background", "foreground"), others.isEmpty() ? 1 : others.getFirst());
        }
        if (others.size() > MOST || others.getLast() != others.size()) {
            throw new IOException(
                    ("%s: the segmentations hold the values %s. Labels should be 0 for the background, then 1, 2 and so"
                                    + " on; a mask has two values, such as 0 and 255.")
                            .formatted(root, abridged(values)));
        }
        var names = new ArrayList<String>(List.of("background"));
        others.forEach(value -> names.add("label " + value));
        return new LabelNames(List.copyOf(names), 1);
    }

    private static String abridged(SortedSet<Integer> values) {
        List<String> texts = values.stream().map(String::valueOf).toList();
        return texts.size() <= 12
                ? String.join(", ", texts)
                : String.join(", ", texts.subList(0, 10)) + " ... " + texts.getLast();
    }
}
