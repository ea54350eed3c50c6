package org.segloss.experiment;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.segloss.io.AtomicFile;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;

/// A line of `scores.csv`: a score, and what it is the score of.
///
/// @param loss the loss's text
public record ScoreRow(String loss, int fold, long seed, CaseScore score) {
    private static final String[] HEADER = {
        "loss", "fold", "seed", "case", "class", "metric", "value", "status", "policy"
    };

    /// As [#write(Path, List, Policy)], with the policy of a run.
    static void write(Path file, List<ScoreRow> rows) throws IOException {
        write(file, rows, CaseScore.SCORER.policy());
    }

    /// Writes `loss,fold,seed,case,class,metric,value,status,policy`; a value is written with all its digits.
    public static void write(Path file, List<ScoreRow> rows, Policy policy) throws IOException {
        AtomicFile.write(file, out -> {
            CsvWriter csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            csv.writeRecord(HEADER);
            for (ScoreRow row : rows) {
                CaseScore s = row.score;
                csv.writeRecord(
                        row.loss,
                        Integer.toString(row.fold),
                        Long.toString(row.seed),
                        s.id(),
                        s.label(),
                        s.metric().toString(),
                        Double.toString(s.score().value()),
                        s.score().status().name(),
                        policy.toString());
            }
            csv.flush();
        });
    }

    /// Reads what [#write] wrote, but for the policy, which tables of others don't have.
    ///
    /// @throws IOException if it is no such table, or has a score twice
    public static List<ScoreRow> read(Path file) throws IOException {
        var rows = new ArrayList<ScoreRow>();
        Set<List<Object>> seen = new HashSet<>();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord line : csv) {
                rows.add(new ScoreRow(
                        line.getField("loss"),
                        Integer.parseInt(line.getField("fold")),
                        Long.parseLong(line.getField("seed")),
                        new CaseScore(
                                line.getField("case"),
                                line.getField("class"),
                                Metric.parse(line.getField("metric")),
                                new Score(
                                        Double.parseDouble(line.getField("value")),
                                        Status.valueOf(line.getField("status"))))));
                ScoreRow row = rows.getLast();
                if (!seen.add(
                        List.of(row.loss, row.fold, row.seed, row.score.id(), row.score.label(), row.score.metric()))) {
                    throw new IllegalArgumentException("line %d says again what %s of %s in %s is"
                            .formatted(
                                    line.getStartingLineNumber(),
                                    row.score.metric(),
                                    row.score.label(),
                                    row.score.id()));
                }
            }
        } catch (RuntimeException e) {
            throw new IOException(
                    "%s is not a table of scores: %s; delete it and run again".formatted(file, e.getMessage()), e);
        }
        return rows;
    }
}
