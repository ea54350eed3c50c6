package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.compare.Subgroups;
import org.segloss.dataset.CaseColumns;
import org.segloss.dataset.Groups;
import org.segloss.loss.Task;
import org.segloss.report.Report;

/// What a data set's table says of its cases, from the run's folder alone.
class SubgroupRunTest extends RunFixture {

    private Experiment experiment() throws IOException {
        Experiment one = SmallData.experiment(data, Task.Kind.BINARY, 2, "bce", "dice");
        var scanners = new HashMap<String, String>();
        for (String id : one.dataset().ids()) {
            scanners.put(id, scanners.size() % 2 == 0 ? "old" : "new");
        }
        return new Experiment(
                one.folder(),
                one.dataset(),
                new Groups(one.groups().byCase(), new CaseColumns(Map.of("scanner", scanners))),
                one.folds(),
                one.kind(),
                one.losses(),
                one.architecture(),
                one.preset(),
                one.overrides(),
                one.repeated(),
                one.steps(),
                one.seeds(),
                one.machine());
    }

    @Test
    void theColumnsStayWithTheRun() throws IOException {
        Experiment experiment = experiment();
        Run.of(experiment).prepare(runFolder, false);
        RecordedRun.record(runFolder);
        List<String> tested = experiment.folds().getFirst().test();
        assertThat(Files.readAllLines(runFolder.cases()))
                .startsWith("case,scanner")
                .hasSize(1 + tested.size());

        Comparison collected = Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), new Record())
                .orElseThrow();
        List<Subgroups> subgroups = collected.families().getFirst().subgroups();
        assertThat(subgroups).extracting(Subgroups::column).containsExactly("scanner");
        Report.write(runFolder);
        assertThat(runFolder.report()).content().contains("<h2>Subgroups</h2>", "<h3>scanner</h3>");
        assertThat(Comparison.read(runFolder.comparison())
                        .again(runFolder.scores(), collected.rules())
                        .families()
                        .getFirst()
                        .subgroups())
                .isEqualTo(subgroups);
        // without the table the rules that were written know them
        Files.delete(runFolder.cases());
        assertThat(Run.collect(runFolder, UnaryOperator.identity(), UnaryOperator.identity(), new Record())
                        .orElseThrow()
                        .families()
                        .getFirst()
                        .subgroups())
                .isEqualTo(subgroups);
    }
}
