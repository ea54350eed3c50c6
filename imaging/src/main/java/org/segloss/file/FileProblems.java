package org.segloss.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with some of many files, to be said of all at once.
public final class FileProblems {
    private final List<IOException> problems = new ArrayList<>();

    public FileProblems() {}

    public void add(IOException problem) {
        problems.add(problem);
    }

    private List<String> lines() {
        return MessageKinds.lines(problems.stream().map(InputFile::message).toList(), MessageKinds.MOST_LINES);
    }

    /// @param files   how many there are in all
    /// @param failure what is said of the bad ones, in the plural: `images can't be predicted`
    /// @throws IOException with what is wrong with the bad files, [by kind][MessageKinds], if there is one; a
    ///     single one is thrown as it was added
    public void check(int files, String failure) throws IOException {
        if (problems.size() == 1) {
            throw problems.getFirst();
        }
        if (!problems.isEmpty()) {
            throw new IOException(
                    "%d of %d %s:\n  %s".formatted(problems.size(), files, failure, String.join("\n  ", lines())));
        }
    }
}
