package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.loss.Task;
import org.segloss.metric.Score.Status;
import org.segloss.report.Report;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A run whose `comparison.json` somebody changed deep inside: the report is written, or says in one sentence
/// which file it is and what to do.
class EditedComparisonTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    private static RunFolder run;
    private static String whole;

    /// A run of one loss, with the scores of two that differ.
    @BeforeAll
    static void compare() throws IOException {
        Path data = SmallData.write(folder.resolve("data"));
        run = new RunFolder(folder.resolve("run"));
        Run.of(SmallData.experiment(data, Task.Kind.BINARY, 1, "bce")).in(run, Progress.silent());
        // a report without pictures takes a tenth of the time
        Files.move(data, folder.resolve("elsewhere"));
        var rows = new ArrayList<ScoreRow>();
        for (int i = 0; i < 8; i++) {
            String id = "case_" + i;
            rows.add(new ScoreRow("bce", 0, 5, id, CaseScore.MEAN, "dice", i == 7 ? 0 : 0.7 + 0.01 * i, Status.OK, id));
            rows.add(new ScoreRow("dice", 0, 5, id, CaseScore.MEAN, "dice", 0.8 + 0.013 * i, Status.OK, id));
        }
        ScoreRow.write(run.scores(), rows, List.of());
        Comparison.of(rows, ComparisonRules.standard()).write(run.comparison());
        whole = Files.readString(run.comparison());
        Report.write(run);
    }

    /// The places of all values, and of all that have parts; of a list the first part stands for all.
    private static List<List<String>> paths(JsonNode node, List<String> path) {
        var paths = new ArrayList<List<String>>(path.isEmpty() ? List.of() : List.of(path));
        if (node.isArray() && !node.isEmpty()) {
            paths.addAll(paths(node.get(0), with(path, "0")));
        }
        for (Map.Entry<String, JsonNode> part : node.properties()) {
            paths.addAll(paths(part.getValue(), with(path, part.getKey())));
        }
        return paths;
    }

    private static List<String> with(List<String> path, String name) {
        var longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    /// {@return the file with other content in a place}; `removed` takes the place away
    private static String edited(List<String> path, String value) {
        JsonNode tree = JSON.readTree(whole);
        JsonNode parent = tree;
        for (String name : path.subList(0, path.size() - 1)) {
            parent = parent.isArray() ? parent.get(0) : parent.get(name);
        }
        String last = path.getLast();
        if (parent instanceof ArrayNode list) {
            list.remove(0);
            if (!value.equals("removed")) {
                list.insert(0, JSON.readTree(value));
            }
        } else if (value.equals("removed")) {
            ((ObjectNode) parent).remove(last);
        } else {
            ((ObjectNode) parent).set(last, JSON.readTree(value));
        }
        return tree.toString();
    }

    @Test
    void whateverStandsInAPlaceTheReportIsWrittenOrTheFileIsNamed() throws IOException {
        List<List<String>> paths = paths(JSON.readTree(whole), List.of());
        assertThat(paths).hasSizeGreaterThan(100);
        for (List<String> path : paths) {
            for (String value : List.of("removed", "null", "\"other\"", "7", "-1", "[]", "{}")) {
                Files.writeString(run.comparison(), edited(path, value));
                try {
                    Report.write(run);
                } catch (IOException e) {
                    assertThat(e)
                            .as("%s: %s", path, value)
                            .hasMessageStartingWith(run.comparison() + " is not as this version of segloss writes it: ")
                            .hasMessageEndingWith("; run the comparison again, which writes it anew")
                            .message()
                            .doesNotContain("Exception", "java.", "\n");
                } catch (RuntimeException e) {
                    throw new AssertionError("%s: %s".formatted(path, value), e);
                }
            }
        }
    }

    @Test
    void aLossThatTheComparisonLostIsNotLeftOutSilently() throws IOException {
        for (String[] change : new String[][] {
            {"losses.0.loss", "\"other\"", "has scores of bce, which by comparison.json wasn't compared"},
            {"losses.0.outcome", "\"diverged\"", "has scores of bce, which by comparison.json diverged"},
            {"losses.0", "removed", "has scores of bce, which by comparison.json wasn't compared"}
        }) {
            Files.writeString(run.comparison(), edited(List.of(change[0].split("\\.")), change[1]));
            Comparison before = Comparison.read(run.comparison());
            assertThatIOException()
                    .isThrownBy(() -> before.again(run.scores(), before.rules()))
                    .withMessageContainingAll(run.scores().toString(), change[2], "run the comparison again");
        }
    }
}
