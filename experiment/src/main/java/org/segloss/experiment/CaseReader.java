package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
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
        var problems = new ArrayList<String>();
        for (String id : ids) {
            try {
                Case found = Case.read(dataset, dataset.entry(id));
                cases.add(kind == Task.Kind.BINARY ? found.binary(dataset.ignored()) : found);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        if (problems.size() > 1) {
            throw new IOException("%d of %d cases can't be read:\n  ".formatted(problems.size(), ids.size())
                    + String.join("\n  ", problems));
        }
        if (!problems.isEmpty()) {
            throw new IOException(problems.getFirst());
        }
        return cases;
    }
}
