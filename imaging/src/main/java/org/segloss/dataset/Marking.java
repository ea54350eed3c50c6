package org.segloss.dataset;

/// How a data set's segmentations say what a voxel is.
public enum Marking {
    /// By the number of the one class that it has.
    CLASSES,
    /// By a number that stands for all the regions that it belongs to.
    REGIONS,
    /// By files of their own, one for each class; it may be of several.
    OVERLAPPING,
    /// By files of their own, one for each rater, all of whom look for the same; what is learned is the share
    /// of them that marks it.
    RATERS,
    /// By the probability that it is of the one class.
    PROBABILITIES;

    /// {@return whether a voxel's label is the sum of `2^k` over the files that mark it}
    boolean isSumOfFiles() {
        return this == OVERLAPPING || this == RATERS;
    }
}
