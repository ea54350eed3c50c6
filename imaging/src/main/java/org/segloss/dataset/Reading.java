package org.segloss.dataset;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What whoever uses a folder says about it, where the folder itself doesn't or says something else.
///
/// @param layout  in which of several ways its files are to be read, as the message says where there are several
/// @param classes that its segmentations have, by their numbers
/// @param ignored numbers of voxels that don't count, besides those that the folder's `dataset.json` calls `ignore`
/// @param marking how the segmentations say what a voxel is, where that is another way than by the number of
///                its class
public record Reading(
        Optional<String> layout, Optional<ClassLabels> classes, SortedSet<Integer> ignored, Marking marking) {
    /// The folder says it all.
    public static final Reading PLAIN = ignoring(Collections.emptySortedSet());

    /// @throws IllegalArgumentException if the background is to be ignored
    public Reading {
        ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        if (ignored.contains(0)) {
            throw new IllegalArgumentException(
                    "labels that are ignored are whole numbers other than 0, which is the background");
        }
    }

    /// A reading that says no more than what doesn't count.
    public static Reading ignoring(Collection<Integer> ignored) {
        return new Reading(Optional.empty(), Optional.empty(), new TreeSet<>(ignored), Marking.CLASSES);
    }

    /// {@return this reading, where files say otherwise what a voxel is}
    Reading by(Marking other) {
        return new Reading(layout, classes, ignored, other);
    }

    /// The reading that was chosen before, for a data set that is read again.
    public static Reading again(String layout, ClassLabels classes) {
        return new Reading(Optional.of(layout), Optional.of(classes), Collections.emptySortedSet(), classes.marking());
    }
}
