package org.segloss.cli;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.segloss.format.Formats;
import org.segloss.plan.Architecture;

/// What CONTRIBUTING.md sends a stranger to is there.
class ContributingTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static String text;
    /// The names of all source files, without their ending.
    private static Set<String> sources;

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
        try (Stream<Path> files = Files.walk(ROOT)) {
            sources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(toSet());
        }
    }

    private static List<String> quoted(String pattern) {
        return Pattern.compile("`(" + pattern + ")`")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void filesAndFoldersExist() {
        List<String> paths = quoted("[\\w.-]+/[\\w./$-]+");
        assertThat(paths)
                .hasSizeGreaterThan(10)
                .allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
    }

    @Test
    void classesAndTestsExist() {
        List<String> names = new ArrayList<>(quoted("[A-Z][a-z]\\w*"));
        Pattern.compile("-Dtest=(\\w+)")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .forEach(names::add);
        assertThat(names).hasSizeGreaterThan(25);
        assertThat(names.stream().filter(name -> !sources.contains(name))).isEmpty();
    }

    /// The seven seats, and no more than three files beside the new one and its test.
    @Test
    void eachTaskTouchesThreeFilesAtMost() {
        List<String> rows =
                text.lines().filter(line -> line.matches("\\| (a|an) .*")).toList();
        assertThat(rows).hasSize(7);
        assertThat(rows).allSatisfy(row -> {
            String[] cells = row.split("\\|");
            assertThat(cells[3].split(";")).hasSizeLessThanOrEqualTo(3);
        });
    }

    /// These pages are rows of the table of what to touch.
    @Test
    void thePagesNameEveryFormatAndNetwork() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(Formats.IMAGES.list())
                .allSatisfy(format -> assertThat(readme).contains(format.name()));
        String training = Files.readString(ROOT.resolve("docs/training.md"));
        assertThat(Architecture.values())
                .allSatisfy(network -> assertThat(training).contains("`" + network + "`"));
    }

    @Test
    void theTableOfModulesIsTheOrderThatIsHeld() {
        List<String> packages = text.lines()
                .filter(line -> line.matches("\\| `\\w+` \\| `.*"))
                .map(line -> line.split("\\|")[2])
                .flatMap(cell -> Pattern.compile("`([\\w.]+)`").matcher(cell).results())
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(packages).isEqualTo(ArchitectureTest.order());
    }

    @Test
    void theLogsExampleIsOneOfItsHeadings() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("LOG.md"))).containsAll(quoted("## [^`]*"));
    }
}
