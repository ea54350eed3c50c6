package org.segloss.score;

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
        Optional<Task.Kind> kind,
        List<LabelGroup> groups,
        Optional<Path> probabilities,
        Scorer scorer,
        MissingPrediction missing) {

    /// What is done about a reference of the folder that no prediction goes with.
    public enum MissingPrediction {
        /// Nothing is scored.
        FAIL,
        /// It counts as a [miss][Scorer#missed] of every class.
        EMPTY,
        /// It is left out: nobody was asked for it.
        SKIP
    }

    /// As a run scores its predictions.
    static ScoringRequest of(Optional<Task.Kind> kind) {
        return new ScoringRequest(kind, List.of(), Optional.empty(), CaseScore.SCORER, MissingPrediction.FAIL);
    }
}
