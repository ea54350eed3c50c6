package org.segloss.cli.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.segloss.dataset.Groups;
import picocli.CommandLine.Option;

/// Which cases belong together.
public final class GroupOptions {
    @Option(
            names = "--groups",
            paramLabel = "FILE",
            description =
                    "CSV with the columns case and group: the cases of one group, such as a patient, are no independent witnesses and stay on one side of a split. Its other columns, such as scanner or sex, make subgroups in the report. Default: cases.csv in the data set's folder, if there is one.")
    private Optional<Path> groups;

    @Option(
            names = "--group-by",
            paramLabel = "REGEX",
            description =
                    "Instead of --groups, what names the group in a case's name, in parentheses: '^(.*)_visit\\d+$'.")
    private Optional<String> groupBy;

    /// {@return the file that says it, if one is named}
    public Optional<Path> file() {
        return groups;
    }

    public boolean areGiven() {
        return groups.isPresent() || groupBy.isPresent();
    }

    /// {@return the group of each case}
    ///
    /// @param folder of the data set
    public Groups of(Path folder, List<String> ids) throws IOException {
        exclude("--groups", groups.isPresent(), "--group-by", groupBy.isPresent(), "one says what belongs together");
        if (groups.isPresent()) {
            return Groups.read(groups.get(), ids);
        }
        if (groupBy.isPresent()) {
            try {
                return Groups.by(Pattern.compile(groupBy.get()), ids);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "--group-by is no regular expression: %s at %d"
                                .formatted(e.getDescription(), Math.max(0, e.getIndex())),
                        e);
            }
        }
        return Groups.of(folder, ids);
    }

    /// @throws IllegalArgumentException if both options are given
    public static void exclude(String one, boolean isOne, String other, boolean isOther, String why) {
        if (isOne && isOther) {
            throw new IllegalArgumentException("%s and %s exclude each other: %s".formatted(one, other, why));
        }
    }
}
