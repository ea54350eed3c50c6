package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segloss.loss.Loss;

/// Every command line in the documentation is one that the program takes.
class DocumentationTest {

    static Stream<String> commandLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String file : List.of(
                "../README.md",
                "../docs/guide.md",
                "../docs/cluster.md",
                "../docs/training.md",
                "../docs/losses.md",
                "../docs/metrics.md",
                "../docs/statistics.md",
                "../docs/report.md",
                "../docs/reproducing-the-article.md",
                "../CONTRIBUTING.md")) {
            Files.readAllLines(Path.of(file)).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith("./segloss "))
                    .map(line -> line.replaceFirst(" +(#|> \\S+$).*", ""))
                    .forEach(lines::add);
        }
        return lines.stream();
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void theProgramTakesIt(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line.substring("./segloss ".length()));
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        // parses, or throws what the user would see
        assertThat(Main.commandLine().parseArgs(words.toArray(String[]::new)).subcommand())
                .isNotNull();
        int losses = words.indexOf("--losses");
        if (losses >= 0) {
            assertThat(LossTexts.parse(words.get(losses + 1))).isNotEmpty();
        }
        int loss = words.getFirst().equals("loss") ? 0 : words.indexOf("--loss");
        if (loss >= 0) {
            assertThat(Loss.parse(words.get(loss + 1))).isNotNull();
        }
    }
}
