package org.segloss.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.segloss.cli.CommandLineTest.segloss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `segloss report --summary`, on the example of docs/statistics.md.
class ReportSummaryTest {
    @TempDir
    Path folder;

    private Path table(String lines) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), lines.replace(";", "\n") + "\n");
    }

    private static String block(String heading, String language) throws IOException {
        String page = Files.readString(Path.of("../docs/statistics.md"));
        int start = page.indexOf("```" + language + "\n", page.indexOf(heading)) + language.length() + 4;
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void theDocumentedExamplePrintsWhatIsDocumented() throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), block("## Published numbers", "csv"));
        CommandLineTest.Call call = segloss("report", "--summary", file);
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out()).isEqualTo(block("## Published numbers", "text"));
    }

    @Test
    void theDirectionTheClaimedFirstAndTheCorrelationsMayBeGiven() throws IOException {
        Path file = table("method,mean,sd,n,correlation;ours,1.2,0.5,40,;theirs,1.5,0.6,40,0.8;old,1.1,0.9,40,0.3");
        CommandLineTest.Call call = segloss("report", "--summary", file, "--metric", "assd", "--baseline", "ours");
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out())
                .startsWith("Is ours truly the first?")
                .contains("by the table", "at 0.80", "at 0.30")
                .contains("By the correlations of the table ours is truly the first with a probability of 0.2");
    }

    @Test
    void methodsOfOtherCasesHaveNoCorrelation() throws IOException {
        CommandLineTest.Call call =
                segloss("report", "--summary", table("method,mean,sd,n;ours,0.9,0.05,40;theirs,0.8,0.06,100"));
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out())
                .contains("different numbers of cases")
                .contains("the claim is sure to 95 %")
                .doesNotContain("0.25");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method,mean,n;a,0.9,10;b,0.8,10 | it has no column 'sd'; needed are method, mean, sd, n, and it has method, mean, n",
                "method,mean,sd,n;a,0.9,0.1,10 | it has one method; a line for each of two methods or more is needed",
                "method,mean,sd,n;a,0.9,0.1,10;b,0.8 ± 0.1,0.1,10 | line 3, mean: '0.8 ± 0.1' is no number",
                "method,mean,sd,n;a,0.9,0.1,10;b,0.8,,10 | line 3, sd: it is empty",
                "method,mean,sd,n;a,0.9,0,10;b,0.8,0.1,10 | line 2, sd: it has to be above 0, but is 0",
                "method,mean,sd,n;a,0.9,0.1,10.5;b,0.8,0.1,10 | line 2, n: 10.5 is no number of test cases",
                "method,mean,sd,n;a,0.9,0.1,10;a,0.8,0.1,10 | line 3, method: a stands there twice",
                "method,mean,sd,n,correlation;a,0.9,0.1,10,;b,0.8,0.1,10,1.2 | line 3, correlation: it lies between -1 and 1, but is 1.2",
                "method,mean,sd,n,correlation;a,0.9,0.1,10,;b,0.8,0.1,20,0.5 | line 3: b was tested on 20 cases and a on 10",
                "method,mean,sd,n;a,1e308,0.1,10;b,0.8,0.1,10 | line 2, mean: '1e308' is no number",
                "method,mean,sd,n;a,0.9,0.1 | line 2: it has 3 fields, but there are 4 columns"
            })
    void aWrongTableSaysWhatIsWrong(String lines, String words) throws IOException {
        CommandLineTest.Call call = segloss("report", "--summary", table(lines));
        assertThat(call.status()).isNotZero();
        assertThat(call.err()).contains("table.csv is not a table of methods: ", words);
    }

    @Test
    void whatHasNoMeaningBesideItIsRefused() throws IOException {
        Path file = table("method,mean,sd,n;a,0.9,0.1,10;b,0.8,0.1,10");
        CommandLineTest.Call both = segloss("report", "--summary", file, "--out", folder.resolve("out"));
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("--summary goes without --out");
        assertThat(segloss("report", "--summary", file, "--margin", "0.1").err())
                .contains("--summary goes without --margin");
        assertThat(segloss("report", "--summary", file, "--baseline", "c").err())
                .contains("the baseline c is none of the methods: a, b");
        assertThat(segloss("report", "--summary", folder.resolve("none.csv")).status())
                .isNotZero();
    }
}
