package org.segloss.score;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What of references counts in no score, because their labels say that nothing is known there.
///
/// @param labels mostly none
/// @param cases  how much of each case; none where there are no labels
public record IgnoredVoxels(SortedSet<Integer> labels, SortedMap<String, Share> cases) {

    /// Some of a case's voxels.
    public record Share(long ignored, long voxels) {

        public double value() {
            return (double) ignored / voxels;
        }

        /// {@return both, for example `3 (30.0 %)`}
        String text() {
            return "%d (%s)".formatted(ignored, percent());
        }

        private String percent() {
            return String.format(Locale.ROOT, "%.3g %%", 100 * value());
        }
    }

    public IgnoredVoxels {
        labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
        cases = Collections.unmodifiableSortedMap(new TreeMap<>(cases));
    }

    /// {@return a sentence for people}
    String note() {
        return "Ignored, in no score: " + text();
    }

    /// {@return the labels in words, and how much they are of the cases if any are known: `the label 255 of the
    /// references, 3 (30.0 %) of 10 voxels of 1 case`}
    public String text() {
        String named = "the %s %s of the references"
                .formatted(
                        labels.size() == 1 ? "label" : "labels",
                        labels.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        return cases.isEmpty() ? named : "%s, %s".formatted(named, shares());
    }

    private String shares() {
        Share all = new Share(
                cases.values().stream().mapToLong(Share::ignored).sum(),
                cases.values().stream().mapToLong(Share::voxels).sum());
        long whole = cases.values().stream().filter(s -> s.ignored == s.voxels).count();
        return "%s of %d voxels of %d %s%s"
                .formatted(
                        all.text(),
                        all.voxels,
                        cases.size(),
                        cases.size() == 1 ? "case" : "cases",
                        whole == 0
                                ? ""
                                : ", %d of which %s nothing else".formatted(whole, whole == 1 ? "has" : "have"));
    }

    /// {@return the same as a tree for JSON}
    Map<String, Object> document() {
        Map<String, Object> shares = new LinkedHashMap<>();
        cases.forEach((id, share) -> {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("voxels", share.ignored);
            document.put("share", share.value());
            shares.put(id, document);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("labels", labels);
        document.put("cases", shares);
        return document;
    }
}
