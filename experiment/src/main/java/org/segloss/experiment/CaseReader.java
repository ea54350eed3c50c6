package org.segloss.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.file.FileProblems;
import org.segloss.loss.Task;

/// Reads cases for a task.
final class CaseReader {
    private CaseReader() {}

    /// Reads cases with the labels that the task has: in a binary one all are the foreground, but for those that
    /// are ignored.
    ///
    /// @throws IOException that says of every bad case what is wrong with it
    static List<Case> read(Dataset dataset, Task.Kind kind, List<String> ids) throws IOException {
        var cases = new ArrayList<Case>();
        var problems = new FileProblems();
        for (String id : ids) {
            try {
                Case found = Case.read(dataset, dataset.entry(id));
                cases.add(kind == Task.Kind.BINARY ? found.binary(dataset.ignored()) : found);
            } catch (IOException e) {
                problems.add(e);
            }
        }
        problems.check(ids.size(), "cases can't be read");
        return cases;
    }
}
