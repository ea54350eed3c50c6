package org.segloss.score;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.segloss.loss.Task;
import org.segloss.metric.CalibrationMetric;
import org.segloss.metric.Metric;
import org.segloss.metric.MetricCatalog;
import org.segloss.metric.Scorer;

/// How files are scored.
///
/// @param kind          instead of what `task.json` says
/// @param groups        the classes; none for what the task or the files say
/// @param probabilities a file, or a folder with a file for each prediction
/// @param missing       what is done about references without a prediction
/// @param pairs         how voxels of two files are paired
/// @param ignored       labels of the references that say that nothing is known, besides those that `task.json` and
///                      the references' `dataset.json` name
public record ScoringRequest(
        Optional<Task.Kind> kind,
        List<LabelGroup> groups,
        Optional<Path> probabilities,
        Scorer scorer,
        MissingPrediction missing,
        VoxelPairs pairs,
        SortedSet<Integer> ignored) {

    /// @throws IllegalArgumentException if a label is scored and ignored, or one that is ignored is less than 0
    public ScoringRequest {
        ignored = Collections.unmodifiableSortedSet(new TreeSet<>(ignored));
        if (!ignored.isEmpty() && ignored.first() < 0) {
            throw new IllegalArgumentException(
                    "labels that are ignored are whole numbers from 0 on, but %d is given".formatted(ignored.first()));
        }
        for (LabelGroup group : groups) {
            for (int label : group.labels()) {
                if (ignored.contains(label)) {
                    throw new IllegalArgumentException(
                            "the label %d is among those to score (%s) and those to ignore; leave it out of one of them"
                                    .formatted(label, group.name()));
                }
            }
        }
    }

    /// Which voxel of a prediction goes with which of its reference.
    public enum VoxelPairs {
        /// The one at the same place: axes in another order or direction are turned, and where there is none it is an
        /// error.
        BY_PLACE,
        /// The one at the same position in the file: only shapes are compared.
        BY_INDEX
    }

    /// What is done about a reference of the folder that no prediction goes with.
    public enum MissingPrediction {
        /// Nothing is scored.
        FAIL,
        /// It counts as a [miss][Scorer#missed] of every class.
        EMPTY,
        /// It is left out: nobody was asked for it.
        SKIP;

        /// {@return the name as on the command line}
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// {@return the metrics that a text names}: `all` of those that can be had, or some between commas
    ///
    /// @param text          empty for those of a run, and of probabilities the calibration's
    /// @param probabilities whether there are any
    /// @throws IllegalArgumentException if the text names something else
    public static List<Metric> metrics(Optional<String> text, boolean probabilities) {
        if (text.equals(Optional.of("all"))) {
            return MetricCatalog.all().stream()
                    .filter(m -> probabilities || !m.needsProbabilities())
                    .toList();
        }
        if (text.isPresent()) {
            var named = new ArrayList<>(Metric.parseList(text.get()));
            // without it nobody knows whether the likelihood is one
            if (named.contains(CalibrationMetric.NLL) && !named.contains(CalibrationMetric.NLL_CLIPPED)) {
                named.add(named.indexOf(CalibrationMetric.NLL) + 1, CalibrationMetric.NLL_CLIPPED);
            }
            return named;
        }
        var all = new ArrayList<>(CaseScore.SCORER.metrics());
        if (probabilities) {
            all.addAll(Metric.parseList("ece,ece_box@10,brier,nll,nll_clipped"));
        }
        return all;
    }

    /// {@return the same, with other labels that say that nothing is known}
    ScoringRequest withIgnored(SortedSet<Integer> labels) {
        return new ScoringRequest(kind, groups, probabilities, scorer, missing, pairs, labels);
    }

    /// As a run scores its predictions.
    static ScoringRequest of(Optional<Task.Kind> kind) {
        return new ScoringRequest(
                kind,
                List.of(),
                Optional.empty(),
                CaseScore.SCORER,
                MissingPrediction.FAIL,
                VoxelPairs.BY_PLACE,
                Collections.emptySortedSet());
    }
}
