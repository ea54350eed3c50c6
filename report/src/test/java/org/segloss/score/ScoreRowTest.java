package org.segloss.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segloss.metric.Score.Status;

class ScoreRowTest {
    @TempDir
    Path folder;

    private List<ScoreRow> read(String text) throws IOException {
        return ScoreRow.read(Files.writeString(folder.resolve("scores.csv"), text));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        var rows = List.of(
                new ScoreRow("tversky(fp=0.3, fn=0.7)", 2, 7, "a,b", "1", "nsd@2", 1.0 / 3, Status.OK, "g"),
                new ScoreRow("ce", 0, -1, "c", "mean", "hd95", Double.NaN, Status.PRED_EMPTY, "c"));
        Path file = folder.resolve("scores.csv");
        ScoreRow.write(file, rows, List.of());
        assertThat(ScoreRow.read(file)).isEqualTo(rows);
    }

    @Test
    void aTextThatASpreadsheetWouldRunIsMarkedAndReadBack() throws IOException {
        for (String text : List.of("=1+1", "+a", "-dice", "@a", "'=a", "''-a", "\t=a", "'a", "-5", "+1e-3", "a=b")) {
            var rows = List.of(new ScoreRow(text, 0, -1, text, text, text, -0.5, Status.OK, text));
            Path file = folder.resolve("scores.csv");
            ScoreRow.write(file, rows, List.of());
            assertThat(ScoreRow.read(file)).isEqualTo(rows);
        }
        ScoreRow.write(
                folder.resolve("scores.csv"),
                List.of(new ScoreRow("=HYPERLINK(1)", 0, -1, "-5", "@x", "dice", -0.5, Status.OK, "g")),
                List.of());
        assertThat(Files.readString(folder.resolve("scores.csv")))
                .contains("\n'=HYPERLINK(1),0,-1,-5,'@x,dice,-0.5,OK,g,");
    }

    @Test
    void anotherProgramNeedsFourColumnsInAnyOrder() throws IOException {
        assertThat(read("metric,value,extra,case,loss\nfoo,0.5,x,c,l\nfoo,,x,d,l\nfoo,inf,x,e,l\n"))
                .containsExactly(
                        new ScoreRow("l", 0, 0, "c", "mean", "foo", 0.5, Status.OK, "c"),
                        new ScoreRow("l", 0, 0, "d", "mean", "foo", Double.NaN, Status.UNDEFINED, "d"),
                        new ScoreRow("l", 0, 0, "e", "mean", "foo", Double.POSITIVE_INFINITY, Status.UNDEFINED, "e"));
    }

    @Test
    void aSpreadsheetsTableIsRead() throws IOException {
        assertThat(read("\uFEFFloss;case;metric;value\r\ndice(a, b);c;dice;0.5\r\n"))
                .containsExactly(new ScoreRow("dice(a, b)", 0, 0, "c", "mean", "dice", 0.5, Status.OK, "c"));
        assertThatIOException()
                .isThrownBy(() -> read("loss;case;metric;value\ndice;c;dice;0,5\n"))
                .withMessageContaining("line 2, value: '0,5' has a decimal comma; write 0.5");
        Path latin = folder.resolve("latin.csv");
        Files.writeString(latin, "loss,case,metric,value\ndice,M\u00fcller,dice,0.5\n", StandardCharsets.ISO_8859_1);
        assertThatIOException()
                .isThrownBy(() -> ScoreRow.read(latin))
                .withMessageContainingAll("latin.csv", "not in UTF-8, perhaps in Latin-1", "save it as CSV in UTF-8")
                .withMessageNotContaining("delete");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loss,case,value;a,b,1|it has no column 'metric'; needed are loss, case, metric, value, and it has loss, case, value",
                "loss,case,metric,value;a,b,dice,x|line 2, value: 'x' is no number",
                "loss,case,metric,value;a,,dice,1|line 2, case: it is empty",
                "loss,case,metric,value;a,b,dice,1;a,c,di|line 3: it has 3 fields, but there are 4 columns",
                "loss,case,metric,value;a,b,dice,0,5|line 2: it has 5 fields, but there are 4 columns; numbers have a decimal point",
                "loss,case,metric,value;a,b,dice,1;c,b,dice,1;a,b,dice,0.5|line 4 is of the same loss, case, class, metric, seed and fold as line 2",
                "loss,case,metric,value,seed;a,b,dice,1,2;a,c,dice,1,two|line 3, seed: 'two' is no whole number",
                "loss,case,metric,value,status;a,b,dice,1,FINE|line 2, status: 'FINE' is none of [OK, BOTH_EMPTY"
            })
    void whatIsWrongIsNamed(String text, String message) {
        assertThatIOException()
                .isThrownBy(() -> read(text.replace(';', '\n') + "\n"))
                .withMessageContaining("scores.csv is not a table of scores: " + message);
    }
}
