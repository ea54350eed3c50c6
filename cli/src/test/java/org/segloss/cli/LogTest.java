package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// LOG.md can be searched: one finding an entry, headed by its day, newest first.
class LogTest {

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("../LOG.md"));
    }

    @Test
    void anEntryIsHeadedByItsDay() throws IOException {
        List<String> headings =
                lines().stream().filter(line -> line.startsWith("##")).toList();
        assertThat(headings).hasSizeGreaterThan(60).allMatch(line -> line.matches("## 20\\d\\d-\\d\\d-\\d\\d: \\S.*"));
        assertThat(headings).doesNotHaveDuplicates();
        assertThat(headings.stream().map(line -> line.substring(3, 13)).toList())
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void linesAreShort() throws IOException {
        assertThat(lines()).allMatch(line -> line.length() <= 140);
    }
}
