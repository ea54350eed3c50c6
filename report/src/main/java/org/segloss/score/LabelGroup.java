package org.segloss.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.dataset.ClassLabels;
import org.segloss.image.LabelMap;
import org.segloss.loss.Task;
import org.segloss.run.PredictionTask;

/// A class that is scored: the labels that count as it.
///
/// @param name   in tables and files
/// @param labels whole numbers; none for any but 0
public record LabelGroup(String name, SortedSet<Integer> labels) {

    public LabelGroup {
        if (name.isBlank() || name.equals(CaseScore.MEAN)) {
            throw new IllegalArgumentException("a class can't be named '%s'".formatted(name));
        }
        labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
    }

    /// {@return a label alone, by its number}
    public static LabelGroup of(int label) {
        return new LabelGroup(LabelMap.text(label), new TreeSet<>(List.of(label)));
    }

    /// {@return all labels but 0, as the foreground 1}
    static LabelGroup anyLabel() {
        return new LabelGroup("1", new TreeSet<>());
    }

    /// {@return the classes that images have}: each label but 0 and those that are ignored; where there is
    /// one at most,
    /// it is the foreground, whatever its number
    public static List<LabelGroup> of(SortedSet<Integer> found, SortedSet<Integer> ignored) {
        List<LabelGroup> groups = found.stream()
                .filter(label -> label != 0 && !ignored.contains(label))
                .map(LabelGroup::of)
                .toList();
        return groups.size() <= 1 ? List.of(anyLabel()) : groups;
    }

    /// {@return the classes that a network learns, by the labels that it has in memory}: each but the
    /// background, or each
    /// region
    public static List<LabelGroup> of(Task task, ClassLabels classes) {
        return task.kind() == Task.Kind.MULTILABEL
                ? classes.scored().stream()
                        .map(region -> new LabelGroup(region.name(), region.labels()))
                        .toList()
                : IntStream.range(1, task.classes()).mapToObj(LabelGroup::of).toList();
    }

    /// {@return the classes that predictions are of, by the numbers that references have}
    static List<LabelGroup> of(PredictionTask task) {
        if (!task.regions().isEmpty()) {
            return task.regions().entrySet().stream()
                    .map(region -> new LabelGroup(region.getKey(), new TreeSet<>(region.getValue())))
                    .toList();
        }
        return task.numbers().isEmpty()
                ? IntStream.range(1, task.classes()).mapToObj(LabelGroup::of).toList()
                : task.numbers().stream()
                        .skip(1)
                        .map(own -> new LabelGroup(
                                own.stream().map(LabelMap::text).collect(Collectors.joining("+")), new TreeSet<>(own)))
                        .toList();
    }

    /// {@return whether any label but 0 counts}
    boolean isAnyLabel() {
        return labels.isEmpty();
    }

    /// Reads groups between commas, each a label, labels that count as one, or a name for them: `1,2,whole=1+2`.
    ///
    /// @throws IllegalArgumentException that quotes what is wrong
    public static List<LabelGroup> parse(String text) {
        var groups = new ArrayList<LabelGroup>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String sum = part.substring(equals + 1).strip();
            String name = equals < 0 ? sum : part.substring(0, equals).strip();
            var labels = Arrays.stream(sum.split("\\+", -1))
                    .map(label -> label(label.strip(), part))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (labels.first() < 0) {
                throw new IllegalArgumentException("labels are 0 or more, but %s has %s".formatted(name, labels));
            }
            if (groups.stream().anyMatch(g -> g.name.equals(name))) {
                throw new IllegalArgumentException("the class '%s' is named twice".formatted(name));
            }
            groups.add(new LabelGroup(name, labels));
        }
        return groups;
    }

    private static int label(String text, String part) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(
                    "'%s' in '%s' is no label; write whole numbers, for example 1,2,whole=1+2"
                            .formatted(text, part.strip()));
        }
    }

    /// {@return 1 where a label counts, else 0}
    byte[] mask(LabelMap image) {
        int[] values = image.values();
        int[] sorted = labels.stream().mapToInt(Integer::intValue).toArray();
        byte[] mask = new byte[values.length];
        for (int i = 0; i < mask.length; i++) {
            // most voxels are as the one before
            mask[i] = i > 0 && values[i] == values[i - 1] ? mask[i - 1] : counts(values[i], sorted);
        }
        return mask;
    }

    private byte counts(int label, int[] sorted) {
        return (byte) ((isAnyLabel() ? label != 0 : Arrays.binarySearch(sorted, label) >= 0) ? 1 : 0);
    }
}
