package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
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
        ScoreRow.write(file, rows);
        assertThat(ScoreRow.read(file)).isEqualTo(rows);
    }

    @Test
    void anotherProgramNeedsFourColumnsInAnyOrder() throws IOException {
        assertThat(read("metric,value,extra,case,loss\nfoo,0.5,x,c,l\nfoo,,x,d,l\nfoo,inf,x,e,l\n"))
                .containsExactly(
                        new ScoreRow("l", 0, 0, "c", "mean", "foo", 0.5, Status.OK, "c"),
                        new ScoreRow("l", 0, 0, "d", "mean", "foo", Double.NaN, Status.UNDEFINED, "d"),
                        new ScoreRow("l", 0, 0, "e", "mean", "foo", Double.POSITIVE_INFINITY, Status.UNDEFINED, "e"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loss,case,value;a,b,1|it has no column 'metric'; needed are loss, case, metric, value, and it has loss, case, value",
                "loss,case,metric,value;a,b,dice,x|line 2, value: 'x' is no number",
                "loss,case,metric,value;a,,dice,1|line 2, case: it is empty",
                "loss,case,metric,value;a,b,dice,1;a,c,di|line 3: it has 3 fields, but there are 4 columns",
                "loss,case,metric,value,seed;a,b,dice,1,2;a,c,dice,1,two|line 3, seed: 'two' is no whole number",
                "loss,case,metric,value,status;a,b,dice,1,FINE|line 2, status: 'FINE' is none of [OK, BOTH_EMPTY"
            })
    void whatIsWrongIsNamed(String text, String message) {
        assertThatIOException()
                .isThrownBy(() -> read(text.replace(';', '\n') + "\n"))
                .withMessageContaining("scores.csv is not a table of scores: " + message);
    }
}
