package org.segloss.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.segloss.decide.Probabilities;
import org.segloss.grid.Grid;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Score;
import org.segloss.metric.Scorer;

/// One number about one predicted case.
///
/// @param id    of the case
/// @param label the class's name, or [#MEAN] for the mean over all classes but the background
public record CaseScore(String id, String label, Metric metric, Score score) {

    /// Stands for the mean over the classes, the background not among them.
    public static final String MEAN = "mean";

    /// What a run scores.
    public static final Scorer SCORER =
            new Scorer(Metric.parseList("dice,iou,precision,recall,nsd@1,hd95,assd,rvd"), Policy.DEFAULT);

    /// Scores a prediction by [#SCORER], on all processors.
    ///
    /// @param classes the labels to score, the background not among them
    /// @throws IllegalArgumentException if the two have different shapes
    public static List<CaseScore> of(String id, Labels prediction, Labels reference, List<Integer> classes) {
        return of(id, prediction, reference, classes, Collections.emptySortedSet());
    }

    /// As [#of(String, Labels, Labels, List)], without the voxels whose label in the reference is ignored: they
    /// count in no metric.
    ///
    /// @param ignored none of the classes
    public static List<CaseScore> of(
            String id, Labels prediction, Labels reference, List<Integer> classes, SortedSet<Integer> ignored) {
        return of(
                id,
                prediction,
                reference,
                classes.stream().map(LabelGroup::of).toList(),
                ignored,
                Optional.empty(),
                SCORER);
    }

    /// As [#of(String, Labels, Labels, List, SortedSet)], by some metrics, which may be of probabilities.
    ///
    /// @param groups        the classes to score
    /// @param probabilities of the classes from the background on, or of the foreground alone; of classes that
    ///                      may overlap, of each of them, or of the one that all are opinions on
    public static List<CaseScore> of(
            String id,
            Labels prediction,
            Labels reference,
            List<LabelGroup> groups,
            SortedSet<Integer> ignored,
            Optional<Probabilities> probabilities,
            Scorer scorer) {
        int threads = Runtime.getRuntime().availableProcessors();
        LabelMap map = LabelMap.of(reference);
        Optional<boolean[]> known = known(map, ignored);
        boolean overlapping = groups.stream().anyMatch(group -> group.labels().size() > 1);
        Optional<ClassProbabilities> ofClass = probabilities.map(p -> group ->
                overlapping ? p.of(Math.min(groups.indexOf(group), p.channels() - 1)) : ProbabilityMap.of(p, group));
        return of(id, LabelMap.of(prediction), map, known, ofClass, groups, scorer, threads);
    }

    /// The probability of each voxel to be in a class.
    interface ClassProbabilities {
        float[] of(LabelGroup group);
    }

    /// {@return for each voxel whether its label isn't ignored; nothing where none is}
    static Optional<boolean[]> known(LabelMap reference, SortedSet<Integer> ignored) {
        if (ignored.isEmpty()) {
            return Optional.empty();
        }
        int[] labels = reference.values();
        boolean[] known = new boolean[labels.length];
        for (int i = 0; i < known.length; i++) {
            // most voxels are as the one before
            known[i] = i > 0 && labels[i] == labels[i - 1] ? known[i - 1] : !ignored.contains(labels[i]);
        }
        return Optional.of(known);
    }

    /// Scores a prediction: every metric for each class, then its [mean][Scorer#mean] over the classes.
    static List<CaseScore> of(
            String id,
            LabelMap prediction,
            LabelMap reference,
            Optional<boolean[]> known,
            Optional<ClassProbabilities> probabilities,
            List<LabelGroup> groups,
            Scorer scorer,
            int threads) {
        if (!prediction.geometry().sameShape(reference.geometry())) {
            throw new IllegalArgumentException("%s: the prediction has %s voxels, the reference %s"
                    .formatted(
                            id,
                            prediction.geometry().shapeText(),
                            reference.geometry().shapeText()));
        }
        Grid grid = grid(reference.geometry());
        List<Map<Metric, Score>> classes = groups.stream()
                .map(g -> scorer.score(
                        g.mask(prediction), g.mask(reference), known, grid, probabilities.map(p -> p.of(g)), threads))
                .toList();
        return of(id, groups, classes, scorer);
    }

    /// Scores a case that there is no prediction of.
    static List<CaseScore> missed(
            String id,
            LabelMap reference,
            Optional<boolean[]> known,
            List<LabelGroup> groups,
            Scorer scorer,
            int threads) {
        Grid grid = grid(reference.geometry());
        return of(
                id,
                groups,
                groups.stream()
                        .map(g -> scorer.missed(g.mask(reference), known, grid, threads))
                        .toList(),
                scorer);
    }

    private static List<CaseScore> of(
            String id, List<LabelGroup> groups, List<Map<Metric, Score>> classes, Scorer scorer) {
        var scores = new ArrayList<CaseScore>();
        for (Metric metric : scorer.metrics()) {
            for (int i = 0; i < groups.size(); i++) {
                scores.add(new CaseScore(
                        id, groups.get(i).name(), metric, classes.get(i).get(metric)));
            }
            scores.add(new CaseScore(
                    id,
                    MEAN,
                    metric,
                    Scorer.mean(metric, classes.stream().map(c -> c.get(metric)).toList())));
        }
        return scores;
    }

    private static Grid grid(Geometry geometry) {
        double[] spacing = geometry.spacing();
        return new Grid(geometry.z(), geometry.y(), geometry.x(), spacing[2], spacing[1], spacing[0]);
    }
}
