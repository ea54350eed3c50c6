package org.segloss.experiment;

import java.util.ArrayList;
import java.util.List;
import org.segloss.image.Labels;
import org.segloss.metric.Overlap;
import org.segloss.metric.Score;
import org.segloss.metric.Score.Status;

/// One number about one predicted case.
///
/// @param id    of the case
/// @param label the class's label, or [#MEAN] for the mean over all classes but the background
public record CaseScore(String id, String label, Metric metric, Score score) {

    /// Stands for the mean over the classes, the background not among them.
    public static final String MEAN = "mean";

    /// Scores a prediction: every metric for each class, then its mean over the classes.
    ///
    /// The mean is NaN if it is NaN for one class, and its status is that of the first class that isn't
    /// [Status#OK].
    ///
    /// @param classes the labels to score, the background not among them
    /// @throws IllegalArgumentException if the two have different shapes
    public static List<CaseScore> of(String id, Labels prediction, Labels reference, List<Integer> classes) {
        if (!prediction.geometry().sameShape(reference.geometry())) {
            throw new IllegalArgumentException("%s: the prediction has %s voxels, the reference %s"
                    .formatted(
                            id,
                            prediction.geometry().shapeText(),
                            reference.geometry().shapeText()));
        }
        List<Overlap> overlaps = classes.stream()
                .map(label -> Overlap.of(prediction.values(), reference.values(), label))
                .toList();
        var scores = new ArrayList<CaseScore>();
        for (Metric metric : Metric.values()) {
            List<Score> each = overlaps.stream().map(metric::of).toList();
            for (int i = 0; i < classes.size(); i++) {
                scores.add(new CaseScore(id, classes.get(i).toString(), metric, each.get(i)));
            }
            scores.add(new CaseScore(id, MEAN, metric, mean(each)));
        }
        return scores;
    }

    private static Score mean(List<Score> scores) {
        double mean = scores.stream().mapToDouble(Score::value).average().orElse(Double.NaN);
        Status status = scores.stream()
                .map(Score::status)
                .filter(s -> s != Status.OK)
                .findFirst()
                .orElse(Status.OK);
        return new Score(mean, status);
    }
}
