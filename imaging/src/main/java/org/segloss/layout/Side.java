package org.segloss.layout;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What cases are for, where the names of folders say it.
public enum Side {
    TRAIN("train", "training", "tr"),
    VALIDATION("val", "valid", "validation", "dev"),
    TEST("test", "testing", "ts");

    private final List<String> names;

    Side(String... names) {
        this.names = List.of(names);
    }

    /// {@return the side that a folder's name says}
    static Optional<Side> of(String folder) {
        String small = folder.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(side -> side.names.contains(small))
                .findFirst();
    }

    /// {@return the name as in a split file}
    @Override
    public String toString() {
        return names.getFirst();
    }
}
