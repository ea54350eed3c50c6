package org.segloss.loss;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/// What the data asks of a prediction: how logits become probabilities, and what a target may hold.
///
/// @param kind          how classes relate
/// @param classes       number of classes a target distinguishes: 2 for binary, C for multiclass and multilabel
/// @param ignoredLabels voxels with one of these labels leave every sum and every divisor, and their gradient
/// is exactly
///                      0; most tasks have none
public record Task(Kind kind, int classes, SortedSet<Integer> ignoredLabels) {

    /// How the classes of a voxel relate.
    public enum Kind {
        /// One channel through the sigmoid; labels 0 and 1.
        BINARY,
        /// C channels through the softmax; labels 0 to C-1.
        MULTICLASS,
        /// C channels, each through its own sigmoid; targets have the shape of the prediction.
        MULTILABEL;

        /// {@return the name as in messages and on the command line}
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Task {
        ignoredLabels = Collections.unmodifiableSortedSet(new TreeSet<>(ignoredLabels));
        int least = kind == Kind.MULTILABEL ? 1 : 2;
        if (classes < least || (kind == Kind.BINARY && classes != 2)) {
            throw new IllegalArgumentException("a %s task has %s, but %d %s given%s"
                    .formatted(
                            kind,
                            kind == Kind.BINARY
                                    ? "2 classes"
                                    : "at least %d class%s".formatted(least, least == 1 ? "" : "es"),
                            classes,
                            classes == 1 ? "was" : "were",
                            kind == Kind.MULTICLASS
                                    ? "; one channel through a softmax is always 1: use a binary task"
                                    : ""));
        }
    }

    public static Task binary() {
        return new Task(Kind.BINARY, 2, Collections.emptySortedSet());
    }

    /// @param classes number of classes, background included, at least 2
    public static Task multiclass(int classes) {
        return new Task(Kind.MULTICLASS, classes, Collections.emptySortedSet());
    }

    /// @param classes number of classes, at least 1
    public static Task multilabel(int classes) {
        return new Task(Kind.MULTILABEL, classes, Collections.emptySortedSet());
    }

    /// {@return the same task, with these labels ignored besides those that are}
    public Task ignoring(int... labels) {
        return ignoring(Arrays.stream(labels).boxed().toList());
    }

    /// {@return the same task, with these labels ignored besides those that are}
    public Task ignoring(Collection<Integer> labels) {
        var all = new TreeSet<>(ignoredLabels);
        all.addAll(labels);
        return new Task(kind, classes, all);
    }

    /// {@return the same task, where no label is ignored}: for targets of probabilities, whose mask says what
    /// counts
    public Task ignoringNothing() {
        return new Task(kind, classes, Collections.emptySortedSet());
    }

    /// {@return the channels of a prediction: 1 for binary, otherwise one for each class}
    public int channels() {
        return kind == Kind.BINARY ? 1 : classes;
    }
}
