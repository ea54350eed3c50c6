package org.segloss.dataset;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.image.Labels;

/// How many voxels of a segmentation have which label.
///
/// @param ofLabels  of each from 0 to 255, none of one that is ignored
/// @param ofIgnored of each from 0 to 255 that is ignored, none of the others
record LabelCounts(long[] ofLabels, long[] ofIgnored) {
    static final LabelCounts NONE = new LabelCounts(new long[Labels.LARGEST + 1], new long[Labels.LARGEST + 1]);

    static LabelCounts of(Labels labels, Collection<Integer> ignored) {
        long[] histogram = labels.histogram();
        long[] ofIgnored = new long[histogram.length];
        for (int label : ignored) {
            ofIgnored[label] = histogram[label];
            histogram[label] = 0;
        }
        return new LabelCounts(histogram, ofIgnored);
    }

    /// {@return whether 255 is the only label beside 0}
    boolean isMask() {
        return ofLabels[Labels.LARGEST] > 0
                && IntStream.range(1, Labels.LARGEST).allMatch(label -> ofLabels[label] == 0);
    }

    /// {@return the labels that occur and count}; in a mask of 0 and 255, 255 counts as 1
    List<Integer> values() {
        if (isMask()) {
            return ofLabels[0] > 0 ? List.of(0, 1) : List.of(1);
        }
        return values(ofLabels);
    }

    /// {@return the labels that occur and are ignored}
    List<Integer> ignoredValues() {
        return values(ofIgnored);
    }

    private static List<Integer> values(long[] counts) {
        return IntStream.range(0, counts.length)
                .filter(label -> counts[label] > 0)
                .boxed()
                .toList();
    }

    /// {@return voxels with a label that is ignored}
    long ignored() {
        return Arrays.stream(ofIgnored).sum();
    }

    /// {@return voxels that are not background}
    long foreground() {
        return known() - ofLabels[0];
    }

    /// {@return voxels that count}
    long known() {
        return Arrays.stream(ofLabels).sum();
    }
}
