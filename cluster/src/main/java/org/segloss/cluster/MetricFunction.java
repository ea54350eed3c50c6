package org.segloss.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.types.DataTypes;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Scorer;
import org.segloss.score.LabelGroup;
import org.segloss.score.PairScorer;
import org.segloss.score.ScoringRequest.VoxelPairs;

/// A metric as a function of SQL: `segloss_metric(prediction, reference, metric, label)`.
///
/// The images are paths that every executor sees, or the bytes of files in a format of
/// [Formats#IMAGES][org.segloss.format.Formats#IMAGES]; of the two one may be a path and the other bytes. The
/// metric is its text, for example `dice` or `nsd@1`, and the label one of the reference's. The result is as of
/// `segloss evaluate`, null where it is undefined or an image is null.
///
/// A query ends with the function's message if an image can't be read, the two don't fit, or there is no such
/// metric.
public final class MetricFunction implements UDF4<Object, Object, String, Integer, Double> {
    private static final long serialVersionUID = 1;

    /// Made by name from other languages, as by PySpark's `registerJavaFunction`.
    public MetricFunction() {}

    /// Registers it with a session, for its SQL in any language.
    public static void register(SparkSession spark) {
        spark.udf().register("segloss_metric", new MetricFunction(), DataTypes.DoubleType);
    }

    @Override
    public Double call(Object prediction, Object reference, String text, Integer label) throws IOException {
        if (prediction == null || reference == null) {
            return null;
        }
        if (text == null || label == null) {
            throw new IllegalArgumentException(
                    "segloss_metric needs a metric and a label, as in segloss_metric(prediction, reference, 'dice', 1)");
        }
        var group = new LabelGroup(label.toString(), new TreeSet<>(List.of(label)));
        Metric metric = Metric.parse(text);
        double value = new PairScorer(
                        List.of(group),
                        new Scorer(List.of(metric), Policy.DEFAULT),
                        VoxelPairs.BY_PLACE,
                        Collections.emptySortedSet())
                .score(
                        "the pair",
                        Pairs.image(prediction, Path.of(""), "the prediction"),
                        Pairs.image(reference, Path.of(""), "the reference"),
                        1)
                .getFirst()
                .score()
                .value();
        return Double.isNaN(value) ? null : value;
    }
}
