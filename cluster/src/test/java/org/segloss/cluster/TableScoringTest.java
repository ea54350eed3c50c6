package org.segloss.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.experiment.Cluster;
import org.segloss.loss.Task;
import org.segloss.metric.Score.Status;
import org.segloss.run.Progress;
import org.segloss.score.CaseScore;
import org.segloss.score.FileScores;
import org.segloss.score.ScoreRow;
import org.segloss.score.TableRequest;
import org.segloss.score.TableScores;

/// On a master and two workers of a real Spark.
class TableScoringTest {
    private static final int MASKS = 5;
    private static final int PAIRS = 20_000;

    @TempDir
    static Path folder;

    private static StandaloneSpark cluster;
    private static SparkSession spark;

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < MASKS; i++) {
            SmallMasks.write(folder.resolve("mask-%d.nii.gz".formatted(i)), i);
        }
        cluster = new StandaloneSpark(2, 1, "1g");
        spark = SparkSettings.of(cluster.url(), cluster.settings()).session();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
        cluster.close();
    }

    private static Path table(String... lines) throws IOException {
        Path table = folder.resolve("pairs.csv");
        Files.writeString(table, String.join("\n", lines) + "\n");
        return table;
    }

    private static Dataset<Row> scores(TableRequest request, String... lines) throws IOException {
        return TableScoring.score(TableScoring.read(spark, table(lines)), folder, request);
    }

    private static String path(int mask) {
        return "mask-%d.nii.gz".formatted(mask);
    }

    /// Many more than a part has, and than an executor of 512 MB could hold the images of.
    @Test
    void rowsAreThoseOfFilesThatAreScoredAlone() throws IOException {
        var lines = new ArrayList<>(List.of("case,prediction,reference"));
        var expected = new HashSet<String>();
        for (int i = 0; i < MASKS * MASKS; i++) {
            Path prediction = folder.resolve(path(i % MASKS));
            Path reference = folder.resolve(path(i / MASKS));
            List<CaseScore> alone = FileScores.of(prediction, reference, Optional.of(Task.Kind.MULTICLASS))
                    .scores();
            for (int pair = i; pair < PAIRS; pair += MASKS * MASKS) {
                // one path relative to the table's folder, one from the root
                lines.add("pair-%d,%s,%s".formatted(pair, path(i % MASKS), reference));
                for (var s : alone) {
                    expected.add("pair-%d %s %s %s %s"
                            .formatted(
                                    pair,
                                    s.label(),
                                    s.metric().id(),
                                    s.score().value(),
                                    s.score().status()));
                }
            }
        }
        List<String> found = scores(TableRequest.DEFAULT, lines.toArray(String[]::new)).collectAsList().stream()
                .map(row -> "%s %s %s %s %s"
                        .formatted(
                                row.getString(1),
                                row.getString(3),
                                row.getString(4),
                                row.getDouble(5),
                                row.getString(6)))
                .toList();
        assertThat(found.size()).isEqualTo(expected.size());
        assertThat(Set.copyOf(found).equals(expected)).isTrue();
    }

    @Test
    void badPairsAreRowsWithTheReason() throws IOException {
        Files.writeString(folder.resolve("damaged.nii.gz"), "no image");
        List<Row> rows = scores(
                        new TableRequest("1,2", "dice,hd95", "score", "diag", Collections.emptySortedSet(), false),
                        "case,prediction,reference,group",
                        "good,%s,%s,anna".formatted(path(0), path(1)),
                        "damaged,damaged.nii.gz,%s,anna".formatted(path(1)),
                        "absent,nowhere.nii.gz,%s,bert".formatted(path(1)),
                        "unsaid,,%s,bert".formatted(path(1)))
                .collectAsList();
        // two metrics of two classes and their mean
        assertThat(rows).hasSize(4 * 6);
        Map<String, List<Row>> byCase = rows.stream().collect(Collectors.groupingBy(row -> row.getString(1)));
        assertThat(byCase.get("good")).allSatisfy(row -> {
            assertThat(row.getString(6)).isEqualTo("OK");
            assertThat(row.getString(2)).isEqualTo("anna");
            assertThat(row.isNullAt(7)).isTrue();
        });
        assertThat(byCase.get("damaged")).allSatisfy(row -> {
            assertThat(row.getDouble(5)).isNaN();
            assertThat(row.getString(6)).isEqualTo("UNREADABLE");
            assertThat(row.getString(7)).startsWith(folder.resolve("damaged.nii.gz") + ": ");
        });
        assertThat(byCase.get("absent").getFirst().getString(7))
                .isEqualTo(folder.resolve("nowhere.nii.gz") + ": there is no such file. Check the name.");
        assertThat(byCase.get("unsaid").getFirst().getString(7))
                .isEqualTo("the prediction of unsaid: there is neither a path nor bytes");
    }

    @Test
    void tablesThatCantBeMeantAreRefusedBeforeAnythingIsScored() {
        assertThatThrownBy(() -> scores(TableRequest.DEFAULT, "case,prediction", "a,b"))
                .hasMessage(
                        "the table of pairs has no column reference; needed are case, prediction, reference, and it has case, prediction");
        assertThatThrownBy(() -> scores(TableRequest.DEFAULT, "case,prediction,reference"))
                .hasMessage("the table of pairs has no line");
        assertThatThrownBy(() -> scores(TableRequest.DEFAULT, "case,prediction,reference", "a,b,c", "a,d,e"))
                .hasMessageStartingWith("the table of pairs has cases more than once: a;");
        assertThatThrownBy(() -> scores(
                        new TableRequest("1", "dize", "score", "diag", Collections.emptySortedSet(), false),
                        "case,prediction,reference",
                        "a,b,c"))
                .hasMessageContaining("dize");
    }

    @Test
    void sqlScoresPathsAndBytesAlike() throws IOException {
        MetricFunction.register(spark);
        double expected = FileScores.of(
                        folder.resolve(path(0)), folder.resolve(path(1)), Optional.of(Task.Kind.MULTICLASS))
                .scores()
                .stream()
                .filter(s -> s.label().equals("2") && s.metric().id().equals("nsd@1"))
                .findFirst()
                .orElseThrow()
                .score()
                .value();
        assertThat(spark.sql("SELECT segloss_metric('%s', '%s', 'nsd@1', 2)"
                                .formatted(folder.resolve(path(0)), folder.resolve(path(1))))
                        .collectAsList()
                        .getFirst()
                        .getDouble(0))
                .isEqualTo(expected);
        spark.read()
                .format("binaryFile")
                .load(folder.resolve("mask-*").toString())
                .createOrReplaceTempView("masks");
        assertThat(spark.sql("""
                                SELECT segloss_metric(p.content, r.content, 'nsd@1', 2) FROM masks p, masks r
                                WHERE p.path LIKE '%mask-0.nii.gz' AND r.path LIKE '%mask-1.nii.gz'""").collectAsList().getFirst().getDouble(0)).isEqualTo(expected);
        assertThat(spark.sql("SELECT segloss_metric(NULL, '%s', 'dice', 1)".formatted(folder.resolve(path(0))))
                        .collectAsList()
                        .getFirst()
                        .isNullAt(0))
                .isTrue();
        assertThatThrownBy(() -> spark.sql(
                                "SELECT segloss_metric('%s', '%1$s', 'dize', 1)".formatted(folder.resolve(path(0))))
                        .collectAsList())
                .hasStackTraceContaining("dize");
    }

    @Test
    void tablesAreWrittenWholeAndReadByOthers() throws IOException {
        Path pairs = table(
                "name,case,prediction,reference",
                "a,one,%s,%s".formatted(path(0), path(1)),
                "b,one,%s,%s".formatted(path(2), path(1)),
                "a,two,%s,%s".formatted(path(1), path(1)),
                "b,two,nowhere.nii.gz,%s".formatted(path(1)));
        Path out = folder.resolve("scores.parquet");
        Path csv = folder.resolve("scores.csv");
        var address = new Cluster.Address(cluster.url(), cluster.settings());
        var request = new TableRequest("1,2", "dice", "score", "diag", Collections.emptySortedSet(), false);
        TableScores scores =
                new SparkCluster().score(address, pairs, request, out, Optional.of(csv), Progress.silent());
        assertThat(scores.pairs()).isEqualTo(4);
        assertThat(scores.unreadable()).isEqualTo(1);
        assertThat(scores.reasons()).singleElement().asString().contains("nowhere.nii.gz: there is no such file");
        assertThat(scores.lines())
                .filteredOn(line -> line.name().equals("b") && line.label().equals("1"))
                .singleElement()
                .satisfies(line -> assertThat(line.values()).isEqualTo(1));
        // two names, two cases, two classes and their mean
        List<ScoreRow> rows = ScoreRow.read(csv);
        assertThat(rows).hasSize(12);
        assertThat(rows.stream().filter(row -> row.status() == Status.UNREADABLE))
                .hasSize(3);
        assertThatThrownBy(() ->
                        new SparkCluster().score(address, pairs, request, out, Optional.empty(), Progress.silent()))
                .hasMessage(out + " exists already; delete it, or choose another name");
        // nothing unfinished is left
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
        spark = SparkSettings.of(cluster.url(), cluster.settings()).session();
    }

    @Test
    void whatSparksScriptsGiveToJavaIsGivenHere() throws IOException {
        assertThat(Files.readAllLines(Path.of("src", "main", "spark.options")))
                .isEqualTo(List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptionArray()));
    }
}
