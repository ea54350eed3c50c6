package org.segloss.dataset;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.format.Scan;
import org.segloss.image.Labels;

/// How many voxels of a segmentation have which number.
///
/// @param ofLabels  of each number that occurs, but for those that are ignored
/// @param ofIgnored of each number that occurs and is ignored
record LabelCounts(SortedMap<Integer, Long> ofLabels, SortedMap<Integer, Long> ofIgnored) {
    static final LabelCounts NONE = new LabelCounts(Collections.emptySortedMap(), Collections.emptySortedMap());

    /// @param scan without [findings][Scan#numberFindings]
    static LabelCounts of(Scan scan, Collection<Integer> ignored) {
        // as the file has them: 255 stays what it is
        var counts = new TreeMap<>(scan.labelMap(Set.of(Labels.LARGEST)).counts());
        var ofIgnored = new TreeMap<>(counts);
        ofIgnored.keySet().retainAll(ignored);
        counts.keySet().removeAll(ignored);
        return new LabelCounts(counts, ofIgnored);
    }

    /// {@return whether 255 is the only number beside 0}
    boolean isMask() {
        return ofLabels.containsKey(Labels.LARGEST) && Set.of(0, Labels.LARGEST).containsAll(ofLabels.keySet());
    }

    /// {@return the numbers that occur and count}; in a mask of 0 and 255, 255 counts as 1
    List<Integer> values() {
        if (isMask()) {
            return ofLabels.containsKey(0) ? List.of(0, 1) : List.of(1);
        }
        return List.copyOf(ofLabels.keySet());
    }

    /// {@return the numbers that occur and are ignored}
    List<Integer> ignoredValues() {
        return List.copyOf(ofIgnored.keySet());
    }

    /// {@return voxels with a number that is ignored}
    long ignored() {
        return sum(ofIgnored);
    }

    /// {@return voxels that are not background}
    long foreground() {
        return known() - ofLabels.getOrDefault(0, 0L);
    }

    /// {@return voxels that count}
    long known() {
        return sum(ofLabels);
    }

    private static long sum(SortedMap<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
