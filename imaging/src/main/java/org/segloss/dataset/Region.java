package org.segloss.dataset;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// A class of a multilabel task: a voxel belongs to it if its label is one of several, and may belong to
/// others as well.
///
/// @param name   for people
/// @param labels of its voxels, as they are in memory
/// @param paints the label that a predicted voxel has by it, where no later region paints over it; 0 where a
/// label says
///               all the regions that a voxel belongs to
public record Region(String name, SortedSet<Integer> labels, int paints) {
    public Region {
        labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
        if (name.isBlank() || name.equals("mean")) {
            throw new IllegalArgumentException("a region can't be named '%s'".formatted(name));
        }
        if (labels.isEmpty() || labels.first() < 1) {
            throw new IllegalArgumentException(
                    "the region '%s' has the labels %s; it needs at least one, and none below 1"
                            .formatted(name, labels));
        }
    }
}
