package org.segloss.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.segloss.file.InputFile;
import org.segloss.metric.Metric;
import org.segloss.metric.Score.Status;
import org.segloss.score.CaseScore;
import org.segloss.score.LabelGroup;
import org.segloss.score.PairScorer;
import org.segloss.score.TableRequest;

/// The pairs of a table, scored on a cluster: a row for each metric of each class of a case, and of its mean over the
/// classes.
///
/// A table has the columns `case`, `prediction` and `reference`, and may have `name`, which tells predictions of one
/// case apart, and `group`, of cases that are no independent witnesses. The two images are paths that every executor
/// sees, or bytes. A pair that can't be read or doesn't fit ends nothing: its rows have no value, the status
/// [UNREADABLE][Status#UNREADABLE] and the reason.
public final class TableScoring {
    /// A part is a task and a file of its own, which takes Spark a tenth of a second: as long as tens of small masks.
    private static final int PAIRS_OF_A_PART = 64;
    /// So that cores that are done early, or come later, get some of what is left.
    private static final int PARTS_OF_A_CORE = 4;

    private static final int MOST_PARTS = 4000;

    private static final List<String> NEEDED = List.of("case", "prediction", "reference");

    /// The columns of the scores.
    static final StructType SCORES = new StructType(Stream.of(
                    "name", "case", "group", "class", "metric", "value", "status", "reason")
            .map(name -> new StructField(
                    name, name.equals("value") ? DataTypes.DoubleType : DataTypes.StringType, true, Metadata.empty()))
            .toArray(StructField[]::new));

    private TableScoring() {}

    /// Reads a table of pairs: Parquet, if its name says so, otherwise CSV with a line of names, whose cells are all
    /// texts.
    static Dataset<Row> read(SparkSession spark, Path table) {
        String name = table.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".parquet")
                ? spark.read().parquet(table.toString())
                : spark.read()
                        .option("header", true)
                        .option("multiLine", true)
                        .option("escape", "\"")
                        .csv(table.toString());
    }

    /// {@return the scores of the pairs of a table}; where the request names no labels, the images are read twice
    ///
    /// @param folder that relative paths are meant in
    /// @throws IOException if the table lacks a column, has no line, or has a case twice
    public static Dataset<Row> score(Dataset<Row> pairs, Path folder, TableRequest request) throws IOException {
        Dataset<Row> whole = whole(pairs);
        String where = folder.toString();
        var found = new TreeSet<Integer>();
        if (request.labels().isEmpty()) {
            FlatMapFunction<Row, Integer> labels =
                    row -> labels(row, where, request).iterator();
            found.addAll(whole.flatMap(labels, Encoders.INT()).distinct().collectAsList());
        }
        FlatMapFunction<Row, Row> score = row -> score(row, where, request.scorer(found));
        return whole.flatMap(score, Encoders.row(SCORES));
    }

    /// {@return the table with all columns and no others, in parts that take about as long as others}
    private static Dataset<Row> whole(Dataset<Row> pairs) throws IOException {
        Set<String> columns = Set.copyOf(Arrays.asList(pairs.columns()));
        List<String> missing =
                NEEDED.stream().filter(name -> !columns.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new IOException("the table of pairs has no column %s; needed are %s, and it has %s"
                    .formatted(
                            String.join(", ", missing), String.join(", ", NEEDED), String.join(", ", pairs.columns())));
        }
        Dataset<Row> whole = pairs;
        if (!columns.contains("name")) {
            whole = whole.withColumn("name", functions.lit("predictions"));
        }
        if (!columns.contains("group")) {
            whole = whole.withColumn("group", functions.col("case"));
        }
        whole = whole.select(
                functions.col("name").cast(DataTypes.StringType),
                functions.col("case").cast(DataTypes.StringType),
                functions
                        .coalesce(functions.col("group"), functions.col("case"))
                        .cast(DataTypes.StringType),
                functions.col("prediction"),
                functions.col("reference"));
        whole = whole.toDF("name", "case", "group", "prediction", "reference");
        long count = whole.count();
        if (count == 0) {
            throw new IOException("the table of pairs has no line");
        }
        List<Row> twice = whole.groupBy("name", "case")
                .count()
                .filter("count > 1")
                .orderBy("name", "case")
                .limit(5)
                .collectAsList();
        if (!twice.isEmpty()) {
            throw new IOException(
                    "the table of pairs has cases more than once: %s; tell predictions of one case apart in a column 'name'"
                            .formatted(
                                    twice.stream().map(row -> row.getString(1)).collect(Collectors.joining(", "))));
        }
        int parallelism = whole.sparkSession().sparkContext().defaultParallelism();
        long parts = Math.max(count / PAIRS_OF_A_PART, (long) PARTS_OF_A_CORE * parallelism);
        return whole.repartition(Math.toIntExact(Math.min(count, Math.min(parts, MOST_PARTS))));
    }

    private static SortedSet<Integer> labels(Row row, String folder, TableRequest request) {
        PairScorer scorer = request.scorer(new TreeSet<>());
        try {
            return scorer.labels(Pairs.prediction(row, folder), Pairs.reference(row, folder));
        } catch (IOException | RuntimeException e) {
            // its rows will say so
            return new TreeSet<>();
        }
    }

    private static String reason(Exception problem) {
        return switch (problem) {
            case IOException e -> InputFile.message(e);
            case Exception e when e.getMessage() != null -> e.getMessage();
            default -> problem.toString();
        };
    }

    private static Iterator<Row> score(Row row, String folder, PairScorer scorer) {
        String name = row.getString(0);
        String id = row.getString(1);
        String group = row.getString(2);
        try {
            return scorer.score(id, Pairs.prediction(row, folder), Pairs.reference(row, folder), 1).stream()
                    .map(score -> RowFactory.create(
                            name,
                            id,
                            group,
                            score.label(),
                            score.metric().id(),
                            score.score().value(),
                            score.score().status().name(),
                            null))
                    .iterator();
        } catch (IOException | RuntimeException e) {
            var rows = new ArrayList<Row>();
            for (Metric metric : scorer.scorer().metrics()) {
                Stream.concat(scorer.groups().stream().map(LabelGroup::name), Stream.of(CaseScore.MEAN))
                        .forEach(label -> rows.add(RowFactory.create(
                                name, id, group, label, metric.id(), Double.NaN, Status.UNREADABLE.name(), reason(e))));
            }
            return rows.iterator();
        }
    }
}
