package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `segloss report --scores`, on the example of docs/statistics.md.
class ReportScoresTest {
    @TempDir
    Path folder;

    private Path scores;
    private Path out;

    @BeforeEach
    void writeTheExample() throws IOException {
        scores = folder.resolve("scores.csv");
        out = folder.resolve("out");
        Files.writeString(scores, block("csv"));
    }

    private static String block(String language) throws IOException {
        String page = Files.readString(Path.of("../docs/statistics.md"));
        return block(page.substring(page.indexOf("## scores.csv")), language);
    }

    private static String block(String page, String language) {
        int start = page.indexOf("```" + language + "\n") + language.length() + 4;
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void theDocumentedExamplePrintsWhatIsDocumented() throws IOException {
        CommandLineTest.Call call = segloss("report", "--scores", scores, "--out", out);
        assertThat(call.status()).isZero();
        assertThat(call.out())
                .startsWith(block("text"))
                .endsWith("Statistics: %s%nReport:     %s%n"
                        .formatted(out.resolve("comparison.json"), out.resolve("report.html")));
        assertThat(out.resolve("report.html"))
                .content()
                .contains("<h1>scores.csv</h1>", "is better than the other loss", "Worse than dice")
                .doesNotContain("echarts");
        assertThat(out.resolve("comparison.json")).content().contains("\"verdict\" : \"worse\"");
    }

    @Test
    void textsOfATableAreShownByVisibleCharactersAlone() throws IOException {
        String evil = "di\u001b[2Jce\u202e";
        Files.writeString(scores, Files.readString(scores).replace("dice", evil).replace("," + evil + ",", ",dice,"));
        CommandLineTest.Call call = segloss("report", "--scores", scores, "--out", out);
        assertThat(call.status()).as(call.err()).isZero();
        String page = Files.readString(out.resolve("report.html"));
        for (String text : List.of(call.out(), page)) {
            assertThat(text).contains("di\\u001b[2Jce\\u202e").doesNotContain("\u001b", "\u202e");
        }
    }

    @Test
    void subgroupsAreThoseOfAnyTableOfTheCases() throws IOException {
        Path article = Path.of("../docs/article/scores.csv");
        Path known = folder.resolve("known.csv");
        var ids = Files.readAllLines(article).stream()
                .skip(1)
                .map(line -> line.split(",")[2])
                .distinct()
                .toList();
        var lines = new ArrayList<>(List.of("case,scanner"));
        ids.forEach(id -> lines.add(id + "," + (ids.indexOf(id) < 4 ? "old" : "<new>")));
        Files.write(known, lines);
        CommandLineTest.Call call = segloss("report", "--scores", article, "--out", out, "--subgroups", known);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out())
                .contains("scanner: no two subgroups have 10 independent cases (<new> 6, old 4), so no gap is stated.");
        assertThat(out.resolve("report.html")).content().contains("<h3>scanner</h3>", "&lt;new&gt; (n = 6)");

        Files.writeString(known, "id,scanner\n1,old\n");
        call = segloss("report", "--scores", article, "--out", out, "--subgroups", known);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("known.csv", "there is no column 'case', only 'id', 'scanner'");
    }

    /// What docs/reproducing-the-article.md says follows from the scores beside it.
    @Test
    void thePageOnTheArticleSaysWhatItsScoresSay() throws IOException {
        Path docs = Path.of("../docs");
        Path article = docs.resolve("article/scores.csv");
        String page = Files.readString(docs.resolve("reproducing-the-article.md"));
        CommandLineTest.Call call = segloss("report", "--scores", article, "--out", out);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out()).startsWith(block(page, "text"));

        // by metric and loss
        Map<String, Map<String, DoubleSummaryStatistics>> means = new LinkedHashMap<>();
        Map<String, String> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(article).subList(1, 401)) {
            String[] fields = line.split(",");
            double value = Double.parseDouble(fields[4]);
            means.computeIfAbsent(fields[3], _ -> new LinkedHashMap<>())
                    .computeIfAbsent(fields[0], _ -> new DoubleSummaryStatistics())
                    .accept(value);
            if (fields[3].equals("dice")) {
                rows.merge(
                        fields[2], "| %s |%s".formatted(fields[2], cell(3, value)), (row, _) -> row + cell(3, value));
            }
        }
        assertThat(rows).hasSize(10);
        means.forEach((metric, losses) -> {
            boolean dice = metric.equals("dice");
            var row = new StringBuilder(dice ? "| mean |" : "| `%s` |".formatted(metric));
            losses.values().forEach(mean -> row.append(cell(dice ? 4 : 3, mean.getAverage())));
            rows.put(metric, row.toString());
        });
        assertThat(rows).hasSize(18);
        assertThat(page.lines()).containsAll(rows.values());
    }

    private static String cell(int digits, double value) {
        return String.format(Locale.ROOT, " %." + digits + "f |", value);
    }

    @Test
    void theOrderOfTheLinesChangesNoByte() throws IOException {
        segloss("report", "--scores", scores, "--out", out);
        List<String> lines = new ArrayList<>(Files.readAllLines(scores));
        Collections.reverse(lines.subList(1, lines.size()));
        Path turned = Files.write(folder.resolve("turned.csv"), lines);
        Path other = folder.resolve("other");
        segloss("report", "--scores", turned, "--out", other);
        assertThat(other.resolve("report.html"))
                .hasContent(Files.readString(out.resolve("report.html")).replace("scores.csv", "turned.csv"));
        assertThat(other.resolve("comparison.json")).hasSameBinaryContentAs(out.resolve("comparison.json"));
        segloss("report", "--scores", turned, "--out", other, "--bootstrap-seed", 2);
        assertThat(Files.mismatch(other.resolve("comparison.json"), out.resolve("comparison.json")))
                .isNotEqualTo(-1);
    }

    @Test
    void anUnknownMetricMayBeOneOfWhichLessIsBetter() throws IOException {
        Files.writeString(scores, block("csv").replace(",dice,", ",errors,"));
        CommandLineTest.Call call = segloss(
                "report", "--scores", scores, "--out", out, "--metric", "errors", "--lower-is-better", "errors");
        assertThat(call.out()).contains("less is better");
        assertThat(out.resolve("comparison.json")).content().contains("\"best\" : \"ce\"");
        CommandLineTest.Call turned = segloss(
                "report", "--scores", scores, "--out", out, "--metric", "errors", "--higher-is-better", "errors");
        assertThat(turned.out()).contains("more is better");
        assertThat(segloss("report", "--scores", scores, "--out", out, "--metric", "errors")
                        .err())
                .contains("give --higher-is-better errors or --lower-is-better errors");
        assertThat(segloss("report", "--scores", scores, "--out", out).err())
                .contains("there is no score of the primary metric dice of class mean; there are errors of mean");
    }

    @Test
    void whatIsKnownOfAMetricIsNotContradicted() throws IOException {
        assertThat(segloss("report", "--scores", scores, "--out", out, "--lower-is-better", "dice")
                        .err())
                .contains("of dice more is better; give another metric another name");
        CommandLineTest.Call both = segloss(
                "report", "--scores", scores, "--out", out, "--lower-is-better", "x", "--higher-is-better", "x");
        assertThat(both.err()).contains("of x less can't be better and more, too");
        Files.writeString(scores, block("csv").replace("ce,b,dice,0.80", "ce,b,dice,1.7"));
        CommandLineTest.Call beyond = segloss("report", "--scores", scores, "--out", out);
        assertThat(beyond.status()).isEqualTo(2);
        assertThat(beyond.err())
                .contains("scores.csv: dice is between 0 and 1, but is 1.7 for loss ce, case b, class mean, seed 0");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Infinity", "NaN", "-0.1", "0"})
    void aMarginIsANumberAboveZero(String margin) {
        CommandLineTest.Call call = segloss("report", "--scores", scores, "--out", out, "--margin=" + margin);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("margin", margin.equals("0") ? "0.0" : margin);
        assertThat(out).doesNotExist();
    }

    @Test
    void theReportHasAllClassesAndCountsWhatIsUndefined() throws IOException {
        String table = block("csv");
        var more = new StringBuilder("loss,case,metric,value,class\n");
        for (String label : List.of("mean", "liver", "spleen")) {
            table.lines()
                    .skip(1)
                    .forEach(line -> more.append(line).append(',').append(label).append('\n'));
        }
        Files.writeString(scores, more.toString().replace("ce,d,dice,0.71,spleen", "ce,d,dice,NaN,spleen"));
        segloss("report", "--scores", scores, "--out", out);
        assertThat(out.resolve("report.html"))
                .content()
                .contains("<td class=\"label\">liver</td>", "Empty masks and undefined scores")
                // metric, class, loss, six scores; one undefined, which counts as the worst
                .containsPattern("spleen</td><td class=\"label\"><code>ce</code></td><td>6</td>(<td>0</td>){3}"
                        + "<td>[01]</td><td>1</td><td>0</td>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce", "ce,dice"})
    void whereNothingIsKnownOfAnyCaseTheReportSaysSo(String losses) throws IOException {
        var table = new StringBuilder("loss,seed,case,metric,value,status\n");
        for (String loss : losses.split(",")) {
            for (String metric : List.of("assd", "dice")) {
                for (String id : List.of("a", "b")) {
                    table.append("%s,1,%s,%s,NaN,ALL_IGNORED%n".formatted(loss, id, metric));
                }
            }
        }
        Files.writeString(scores, table);
        CommandLineTest.Call call = segloss("report", "--scores", scores, "--out", out);
        assertThat(call.status()).as(call.err()).isZero();
        String nothing = "nothing is known of any test case, since all voxels have ignored labels";
        assertThat(call.out()).startsWith("dice of mean: " + nothing + System.lineSeparator());
        assertThat(out.resolve("report.html"))
                .content()
                .contains("There is nothing to compare: " + nothing + ".")
                .doesNotContain("NaN");
        assertThat(out.resolve("comparison.json")).content().contains("\"best\" : null", "\"design\" : null");
    }

    @Test
    void aMissingScoreIsNamed() throws IOException {
        Files.writeString(scores, block("csv").replace("ce,c,dice,0.87\n", ""));
        CommandLineTest.Call call = segloss("report", "--scores", scores, "--out", out);
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("scores.csv: there is no dice (class mean) of loss ce, case c, seed 0;");
        assertThat(out).doesNotExist();
    }

    @Test
    void eitherARunOrATable() throws IOException {
        assertThat(segloss("report").err()).contains("Give either the folder of a run, or --scores FILE and --out DIR");
        assertThat(segloss("report", out, "--scores", scores, "--out", out).status())
                .isEqualTo(2);
        assertThat(segloss("report", "--scores", scores).status()).isEqualTo(2);
        assertThat(segloss("report", "nosuch").err())
                .contains("nosuch: there is no such folder. Give the --out of a comparison");
        Files.createDirectories(out);
        assertThat(segloss("report", out).err()).contains("is not the folder of a run: it has no experiment.yaml");
        Files.writeString(out.resolve("experiment.yaml"), "");
        assertThat(segloss("report", "--scores", scores, "--out", out).err()).contains("is the folder of a run");
        assertThat(segloss("report", "--scores", folder.resolve("none.csv"), "--out", folder.resolve("x"))
                        .err())
                .contains("none.csv: there is no such file");
    }
}
