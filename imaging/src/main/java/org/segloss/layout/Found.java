package org.segloss.layout;

import java.nio.file.Path;
import java.util.List;

/// The cases of a folder.
///
/// @param name     of this reading of the folder, as `--layout` takes it
/// @param words    what people call it, for example `BraTS folders`
/// @param channels what the files of a case's image are called, in their order; empty where there is one file
/// @param cases    sorted by id
/// @param unread   files that belong to no case
/// @param problems what is wrong with the files' names
public record Found(
        String name,
        String words,
        List<String> channels,
        List<FoundCase> cases,
        List<Path> unread,
        List<Problem> problems) {
    public Found {
        channels = List.copyOf(channels);
        cases = List.copyOf(cases);
        unread = List.copyOf(unread);
        problems = List.copyOf(problems);
    }

    /// {@return how many cases have an image and a segmentation}
    long complete() {
        return cases.stream().filter(FoundCase::isComplete).count();
    }
}
