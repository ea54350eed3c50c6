package org.segloss.cli;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/// Which labels of a reference say that nothing is known of a voxel.
final class IgnoreOption {
    @Option(
            names = "--ignore",
            paramLabel = "LIST",
            split = "\\s*,\\s*",
            splitSynopsisLabel = ",",
            arity = "1",
            description =
                    "Labels between commas, such as 255 or 254,255, whose voxels don't count: they are in no loss and in no metric.")
    private List<Integer> ignored = List.of();

    SortedSet<Integer> labels() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
    }
}
