package org.segloss.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.loss.Task;
import org.segloss.metric.Scorer;

/// How files are scored.
///
/// @param kind          instead of what `task.json` says
/// @param groups        the classes; none for what the task or the files say
/// @param probabilities a file, or a folder with a file for each prediction
public record ScoringRequest(
        Optional<Task.Kind> kind, List<LabelGroup> groups, Optional<Path> probabilities, Scorer scorer) {

    /// As a run scores its predictions.
    static ScoringRequest of(Optional<Task.Kind> kind) {
        return new ScoringRequest(kind, List.of(), Optional.empty(), CaseScore.SCORER);
    }
}
