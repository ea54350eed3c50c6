package org.segloss.cluster;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.when;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.segloss.experiment.Cluster;
import org.segloss.experiment.Executor;
import org.segloss.file.AtomicFile;
import org.segloss.file.Csv;
import org.segloss.file.Temporary;
import org.segloss.metric.Score.Status;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;
import org.segloss.score.TableRequest;
import org.segloss.score.TableScores;
import org.segloss.store.RunCopy;

/// A cluster of Spark.
public final class SparkCluster implements Cluster {
    /// How many reasons of bad pairs are told.
    private static final int REASONS = 3;

    /// Made by [java.util.ServiceLoader].
    public SparkCluster() {}

    @Override
    public Executor executor(Address address, RunFolder folder, Optional<RunCopy> copy) {
        return new SparkExecutor(address, folder, copy);
    }

    @Override
    public TableScores score(
            Address address, Path pairs, TableRequest request, Path out, Optional<Path> csv, Progress progress)
            throws IOException {
        if (!out.toString().endsWith(".parquet")) {
            throw new IllegalArgumentException("%s should end with .parquet".formatted(out));
        }
        if (Files.exists(out)) {
            throw new IOException("%s exists already; delete it, or choose another name".formatted(out));
        }
        if (!Files.exists(pairs)) {
            throw new IOException(pairs + ": there is no such table");
        }
        Path table = pairs.toRealPath();
        try (SparkSession spark =
                        SparkSettings.of(address.url(), address.settings()).session();
                Temporary temporary = Temporary.beside(out.toAbsolutePath())) {
            spark.sparkContext().addSparkListener(new PartsDone("scoring", progress));
            TableScoring.score(TableScoring.read(spark, table), table.getParent(), request)
                    .write()
                    .parquet(temporary.path().toString());
            Files.move(temporary.path(), out.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
            Dataset<Row> scores = spark.read().parquet(out.toAbsolutePath().toString());
            if (csv.isPresent()) {
                writeCsv(csv.get(), scores, request);
            }
            return summary(scores);
        }
    }

    private static void writeCsv(Path file, Dataset<Row> scores, TableRequest request) throws IOException {
        String policy = ScoreRow.policyText(request.policy(), request.ignored());
        Iterator<Row> rows = scores.orderBy("name", "case", "metric", "class").toLocalIterator();
        AtomicFile.write(file, out -> {
            CsvWriter csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            csv.writeRecord(
                    "loss", "fold", "seed", "case", "class", "metric", "value", "status", "group", "policy", "reason");
            while (rows.hasNext()) {
                Row row = rows.next();
                csv.writeRecord(
                        Csv.cell(row.<String>getAs("name")),
                        "0",
                        "0",
                        Csv.cell(row.<String>getAs("case")),
                        Csv.cell(row.<String>getAs("class")),
                        Csv.cell(row.<String>getAs("metric")),
                        Double.toString(row.<Double>getAs("value")),
                        row.<String>getAs("status"),
                        Csv.cell(row.<String>getAs("group")),
                        policy,
                        row.isNullAt(row.fieldIndex("reason")) ? "" : Csv.cell(row.<String>getAs("reason")));
            }
            csv.flush();
        });
    }

    private static TableScores summary(Dataset<Row> scores) {
        Column readable = not(col("status").equalTo(Status.UNREADABLE.name()));
        Column number = when(not(col("value").isNaN()), col("value"));
        List<TableScores.Line> lines = scores
                .groupBy("name", "class", "metric")
                .agg(
                        count(number),
                        count(when(readable.and(col("value").isNaN()), lit(1))),
                        avg(number),
                        percentile(number, lit(0.5)))
                .orderBy("name", "class", "metric")
                .collectAsList()
                .stream()
                .map(row -> new TableScores.Line(
                        row.getString(0),
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        number(row, 5),
                        number(row, 6)))
                .toList();
        Column pair = countDistinct(col("name"), col("case"));
        List<String> reasons =
                scores.filter(not(readable)).select("reason").distinct().limit(REASONS).collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList();
        return new TableScores(
                lines,
                scores.agg(pair).collectAsList().getFirst().getLong(0),
                scores.filter(not(readable))
                        .agg(pair)
                        .collectAsList()
                        .getFirst()
                        .getLong(0),
                reasons);
    }

    private static double number(Row row, int column) {
        return row.isNullAt(column) ? Double.NaN : row.getDouble(column);
    }
}
