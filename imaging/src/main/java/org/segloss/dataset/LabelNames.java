package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segloss.image.Labels;

/// What the numbers in a data set's segmentations mean.
///
/// @param names      of the classes, the background first
/// @param foreground the value of the one foreground label in the files; 1 if there are several
/// @param ignored    the labels of voxels that don't count, none of them a class
record LabelNames(List<String> names, int foreground, SortedSet<Integer> ignored) {
    /// So many different values are an image, not labels.
    private static final int MOST = 64;

    /// Reads what values there are, where nothing else says it.
    interface Values {
        SortedSet<Integer> read() throws IOException;
    }

    /// {@return the labels that are not to count, by the data set's file and by whoever uses it}
    ///
    /// @throws IllegalArgumentException if one is no label, or is the background
    static SortedSet<Integer> ignored(DatasetJson json, Collection<Integer> given) {
        for (int label : given) {
            if (label < 1 || label > Labels.LARGEST) {
                throw new IllegalArgumentException(
                        "labels that are ignored are whole numbers from 1 to %d, but %d is given"
                                .formatted(Labels.LARGEST, label));
            }
        }
        var ignored = new TreeSet<>(json.ignored());
        ignored.addAll(given);
        return ignored;
    }

    /// @param structures classes that have files of their own, from label 1 on; none where one file has all
    /// @param ignored    as [#ignored] says
    /// @param values     all that occur in the data set's segmentations, those that are ignored or not
    /// @throws IOException if the values are no labels, or one of them is a class and ignored
    static LabelNames of(
            Path root, DatasetJson json, List<String> structures, SortedSet<Integer> ignored, Values values)
            throws IOException {
        LabelNames labels;
        if (!structures.isEmpty()) {
            labels = new LabelNames(named(root, json, structures), 1, ignored);
        } else if (json.labels().isEmpty()) {
            labels = found(root, values.read(), ignored);
        } else {
            labels = new LabelNames(json.labels(), 1, ignored);
        }
        for (int label : ignored) {
            if (label < labels.names.size()) {
                throw new IOException(
                        "%s: the label %d is to be ignored, but it is that of the class '%s'. Voxels that don't count need a number above %d."
                                .formatted(root, label, labels.names.get(label), labels.names.size() - 1));
            }
        }
        return labels;
    }

    /// In the order that the data set's file says, if it does.
    private static List<String> named(Path root, DatasetJson json, List<String> structures) throws IOException {
        if (json.labels().containsAll(structures)) {
            return json.labels();
        }
        if (structures.size() > Labels.LARGEST) {
            throw new IOException("%s: there are files of %d classes, and a network can learn %d. Leave some out."
                    .formatted(root, structures.size(), Labels.LARGEST));
        }
        var names = new ArrayList<>(List.of("background"));
        names.addAll(structures);
        return List.copyOf(names);
    }

    private static LabelNames found(Path root, SortedSet<Integer> values, SortedSet<Integer> ignored)
            throws IOException {
        var left = new TreeSet<>(values);
        left.removeAll(ignored);
        List<Integer> others = left.stream().filter(value -> value != 0).toList();
        boolean some = left.size() < values.size();
        if (others.isEmpty() && some) {
            throw new IOException(
                    "%s: without the labels that are ignored (%s) the segmentations hold nothing but background. Ignore fewer."
                            .formatted(root, text(ignored)));
        }
        if (others.size() <= 1) {
            int foreground = others.isEmpty() ? 1 : others.getFirst();
            return new LabelNames(List.of("background", "foreground"), foreground, ignored);
        }
        if (others.size() > MOST || others.getLast() != others.size()) {
            throw new IOException(
                    "%s: the segmentations hold the values %s%s. Labels should be 0 for the background, then 1, 2 and so on; a mask has two values, such as 0 and 255. A label of voxels that don't count is named by --ignore, or called \"ignore\" in %s."
                            .formatted(
                                    root,
                                    abridged(left),
                                    some ? " besides those that are ignored (%s)".formatted(text(ignored)) : "",
                                    DatasetJson.FILE));
        }
        var names = new ArrayList<String>(List.of("background"));
        others.forEach(value -> names.add("label " + value));
        return new LabelNames(List.copyOf(names), 1, ignored);
    }

    /// {@return labels as they are listed in a sentence}
    static String text(SortedSet<Integer> labels) {
        return labels.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String abridged(SortedSet<Integer> values) {
        List<String> texts = values.stream().map(String::valueOf).toList();
        return texts.size() <= 12
                ? String.join(", ", texts)
                : String.join(", ", texts.subList(0, 10)) + " ... " + texts.getLast();
    }
}
