package org.segloss.score;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.segloss.metric.Policy;
import org.segloss.metric.Scorer;
import org.segloss.score.ScoringRequest.VoxelPairs;

/// How the pairs of a table are scored, in texts that travel to other machines.
///
/// @param labels    as [LabelGroup#parse] reads them; empty for all labels but 0 that any of the images has
/// @param metrics   as [ScoringRequest#metrics] reads them; empty for those of a run
/// @param bothEmpty as [Policy#parse] reads it
/// @param oneEmpty  likewise
/// @param ignored   labels of the references that say that nothing is known
/// @param sameGrid  whether shapes alone are compared
public record TableRequest(
        String labels, String metrics, String bothEmpty, String oneEmpty, SortedSet<Integer> ignored, boolean sameGrid)
        implements Serializable {

    /// All metrics of a run, of all labels.
    public static final TableRequest DEFAULT =
            new TableRequest("", "", "score", "diag", Collections.emptySortedSet(), false);

    /// @throws IllegalArgumentException if a text can't be read, or a label is scored and ignored
    public TableRequest {
        ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        scorer(labels, metrics, Policy.parse(bothEmpty, oneEmpty), ignored, sameGrid, ignored);
    }

    /// {@return what scores a pair}
    ///
    /// @param found the labels that the images have, for where this names none
    public PairScorer scorer(SortedSet<Integer> found) {
        return scorer(labels, metrics, policy(), ignored, sameGrid, found);
    }

    private static PairScorer scorer(
            String labels,
            String metrics,
            Policy policy,
            SortedSet<Integer> ignored,
            boolean sameGrid,
            SortedSet<Integer> found) {
        // checks that no label is scored and ignored
        var request = new ScoringRequest(
                Optional.empty(),
                labels.isEmpty() ? List.of() : LabelGroup.parse(labels),
                Optional.empty(),
                new Scorer(ScoringRequest.metrics(Optional.of(metrics).filter(text -> !text.isEmpty()), false), policy),
                ScoringRequest.MissingPrediction.FAIL,
                sameGrid ? VoxelPairs.BY_INDEX : VoxelPairs.BY_PLACE,
                ignored);
        return new PairScorer(
                request.groups().isEmpty() ? LabelGroup.of(found, ignored) : request.groups(),
                request.scorer(),
                request.pairs(),
                ignored);
    }

    /// {@return what scores are where a mask is empty}
    public Policy policy() {
        return Policy.parse(bothEmpty, oneEmpty);
    }
}
