package org.segloss.dataset;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.image.Labels;

/// How many voxels of a segmentation have which label.
///
/// @param ofLabels of each from 0 to 255, none of one that is ignored
/// @param ignored  voxels with a label that is ignored
record LabelCounts(long[] ofLabels, long ignored) {
    static final LabelCounts NONE = new LabelCounts(new long[Labels.LARGEST + 1], 0);

    static LabelCounts of(Labels labels, Collection<Integer> ignored) {
        long[] histogram = labels.histogram();
        long sum = 0;
        for (int label : ignored) {
            sum += histogram[label];
            histogram[label] = 0;
        }
        return new LabelCounts(histogram, sum);
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
        return IntStream.range(0, ofLabels.length)
                .filter(label -> ofLabels[label] > 0)
                .boxed()
                .toList();
    }

    /// {@return voxels that are not background}
    long foreground() {
        return known() - ofLabels[0];
    }

    /// {@return voxels that count}
    long known() {
        long sum = 0;
        for (long voxels : ofLabels) {
            sum += voxels;
        }
        return sum;
    }
}
