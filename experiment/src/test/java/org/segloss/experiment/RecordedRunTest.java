package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.segloss.dataset.Split;
import org.segloss.loss.Task;
import org.segloss.report.Report;
import org.segloss.run.LossFolder;
import org.segloss.run.RunFolder;

/// Collecting many cells that are done.
class RecordedRunTest extends RunFixture {
    private static final int SEEDS = 60;

    /// Two losses in two folds.
    private Experiment experiment() throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce", "dice");
        return SmallData.over(
                        one,
                        Split.folds(one.groups(), 3, OptionalInt.empty(), 1).subList(0, 2))
                .with(
                        one.contest().families(),
                        LongStream.rangeClosed(1, SEEDS).boxed().toList());
    }

    @BeforeEach
    void record() throws IOException {
        assertThat(Run.of(experiment()).prepare(runFolder, false)).isEqualTo(4 * SEEDS);
        assertThat(RecordedRun.record(runFolder)).isEqualTo(4 * SEEDS);
    }

    private boolean isCollected(Record record) throws IOException {
        return Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), record)
                .isPresent();
    }

    /// The folders of the cells, by when something was made or deleted there.
    private Map<Path, FileTime> written() throws IOException {
        var written = new TreeMap<Path, FileTime>();
        try (Stream<Path> all = Files.walk(runFolder.root())) {
            for (Path place : all.filter(Files::isDirectory)
                    .filter(place -> place.toString().contains("seed-"))
                    .toList()) {
                written.put(place, Files.getLastModifiedTime(place));
            }
        }
        return written;
    }

    @Test
    void whatIsDoneIsComparedWithoutTheDataAndSaidInOneLine() throws IOException {
        Map<Path, FileTime> before = written();
        var record = new Record();
        Run.of(experiment()).in(runFolder, record);
        assertThat(record.works).isEmpty();
        assertThat(record.said).containsExactly("reused the results of 240 of 240 trainings");
        byte[] scores = Files.readAllBytes(runFolder.scores());
        byte[] comparison = Files.readAllBytes(runFolder.comparison());

        Files.delete(runFolder.scores());
        Files.delete(runFolder.comparison());
        Files.move(data, folder.resolve("elsewhere"));
        var again = new Record();
        assertThat(isCollected(again)).isTrue();
        assertThat(again.works).isEmpty();
        assertThat(again.said).isEqualTo(record.said);
        assertThat(runFolder.scores()).hasBinaryContent(scores);
        assertThat(runFolder.comparison()).hasBinaryContent(comparison);
        // not even a lock
        assertThat(written()).hasSize(2 * 4 * SEEDS).isEqualTo(before);
    }

    @Test
    void ofManyTrainingsThePageDrawsSomeAndSaysSo() throws IOException {
        assertThat(isCollected(new Record())).isTrue();
        Files.move(data, folder.resolve("elsewhere"));
        Report.write(runFolder);
        String page = Files.readString(runFolder.report());
        assertThat(page).contains("Of 120 trainings with each loss 100 are drawn, evenly over folds and seeds");
        assertThat(page.split("\"run\":\"fold ", -1)).hasSize(1 + 200);
        assertThat(page).contains("\"run\":\"fold 0, seed 1\"", "\"run\":\"fold 1, seed 60\"");
    }

    @Test
    void whereSomethingIsToBeDoneNothingIsCollected() throws IOException {
        LossFolder cell = runFolder.losses(List.of("bce", "dice"), 1, 7).get("dice");
        byte[] scores = Files.readAllBytes(cell.scores());
        Files.writeString(cell.scores(), "changed");
        assertThat(isCollected(new Record())).isFalse();
        assertThat(runFolder.comparison()).doesNotExist();
        Files.write(cell.scores(), scores);
        // what a killed program left is swept away by whoever takes the cell
        Path lock = Files.createFile(cell.root().resolve(".lock-1"));
        assertThat(isCollected(new Record())).isFalse();
        Files.delete(lock);
        assertThat(isCollected(new Record())).isTrue();
    }

    /// What `benchmarks/grid` collects.
    @Test
    @EnabledIfSystemProperty(named = "segloss.recorded", matches = ".+")
    void aPreparedRunIsRecorded() throws IOException {
        var prepared = new RunFolder(Path.of(System.getProperty("segloss.recorded")));
        assertThat(RecordedRun.record(prepared)).isPositive();
    }
}
