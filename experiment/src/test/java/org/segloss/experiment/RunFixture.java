package org.segloss.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.segloss.loss.Task;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;

/// A small data set, a folder for a run, and what a run says.
abstract class RunFixture {
    @TempDir
    Path folder;

    Path data;
    RunFolder runFolder;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallData.write(folder.resolve("data"));
        runFolder = new RunFolder(folder.resolve("run"));
    }

    /// Keeps what is said and what is worked at.
    static final class Record implements Progress {
        final List<String> said = new ArrayList<>();
        final List<String> works = new ArrayList<>();

        @Override
        public void say(String line) {
            said.add(line);
        }

        @Override
        public void at(String work, double fraction, String detail) {
            assertThat(fraction).isBetween(0.0, 1.0);
            if (!works.contains(work)) {
                works.add(work);
            }
        }
    }

    Record run(Task.Kind kind, int steps, String... losses) throws IOException {
        var record = new Record();
        Run.of(SmallData.experiment(data, kind, steps, losses)).in(runFolder, record);
        return record;
    }

    LossFolder lossFolder(String loss) {
        return runFolder.losses(List.of(loss), 0, 5).get(loss);
    }
}
