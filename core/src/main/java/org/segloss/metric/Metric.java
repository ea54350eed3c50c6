package org.segloss.metric;

import java.util.ArrayList;
import java.util.List;

/// A number that says how well a prediction of one class agrees with its reference.
///
/// Its text names the definition: `hd95`, or `nsd@1` of a [metric with a parameter][ParametricMetric]. The formulas
/// of ours are in `docs/metrics.md`. A metric of your own is a record that implements this interface, has a
/// constructor without parameters, and is named in the file `META-INF/services/org.segloss.metric.Metric` of a jar on
/// the class path: `docs/extending.md` shows one. Two metrics of the same text have to be equal, as records are.
public interface Metric {

    /// Which values are good.
    enum Better {
        HIGHER,
        LOWER,
        /// 0 is best, and the sign only says on which side a value is bad.
        NEAR_ZERO
    }

    /// What a metric is where a mask is empty.
    enum WhereEmpty {
        /// Two empty masks agree perfectly, which is [#best]; where one is empty, they don't at all, which is
        /// [#worst].
        BEST_OR_WORST,
        /// Two empty masks are 0 mm apart; where one is empty, the distance is the [policy's][Policy].
        DISTANCE,
        /// The formula says it, and is NaN where it says nothing.
        FORMULA
    }

    /// {@return the name in code, on the command line, in files and in reports, without a parameter}
    ///
    /// Letters, digits and `_`, a letter first. Names that differ in case alone can't stand beside each other.
    String name();

    /// {@return the definition in a line, for people}
    String definition();

    /// {@return which values are good}
    Better better();

    /// {@return the value, or NaN where the formula is 0/0}
    ///
    /// @param masks neither of which is empty, unless this metric's formula [says][#whereEmpty] what it is there
    double value(MaskComparison masks);

    /// {@return what the two masks hold of what this metric measures}: their voxels, unless it says otherwise,
    /// as one of surfaces does. Without it the formula isn't asked, where [#whereEmpty] doesn't say so.
    ///
    /// @param masks neither of which is empty
    default Score.Status status(MaskComparison masks) {
        return masks.status();
    }

    /// {@return what a value is measured in: `mm`, `ml`, `voxels`, or `1` for a ratio}
    default String unit() {
        return "1";
    }

    /// {@return what the value is where a mask is empty}
    default WhereEmpty whereEmpty() {
        return WhereEmpty.FORMULA;
    }

    /// {@return whether it is a number about probabilities, which a mask alone doesn't have}
    default boolean needsProbabilities() {
        return false;
    }

    /// {@return the smallest value that there can be}
    default double least() {
        return 0;
    }

    /// {@return the largest value that there can be, or infinity}: 1 for a ratio
    default double most() {
        return unit().equals("1") ? 1 : Double.POSITIVE_INFINITY;
    }

    /// {@return the best value that there can be, or infinity}
    default double best() {
        return switch (better()) {
            case HIGHER -> most();
            case LOWER -> least();
            case NEAR_ZERO -> 0;
        };
    }

    /// {@return what a value that is undefined, and no success, counts as where losses are compared}: NaN where no
    /// number is known to be the worst, and then they aren't compared by this metric
    default double worst() {
        return better() == Better.HIGHER ? least() : Double.NaN;
    }

    /// {@return whether more is better; a metric that is best near 0 has neither, and says false}
    default boolean higherIsBetter() {
        return better() == Better.HIGHER;
    }

    /// {@return whether 0 is best, and the sign only says on which side a value is bad}
    default boolean isBestAtZero() {
        return better() == Better.NEAR_ZERO;
    }

    /// {@return what of a value is averaged and compared: of a metric that is [best at 0][#isBestAtZero] the distance
    /// from 0, for opposite values would cancel and look perfect; otherwise the value itself}
    default double comparable(double value) {
        return isBestAtZero() ? Math.abs(value) : value;
    }

    /// {@return the name, and after `@` the parameter where there is one, for example `nsd@1`}
    default String id() {
        return name();
    }

    /// Reads [#id].
    ///
    /// @throws IllegalArgumentException if there is no such metric, or its parameter is missing or wrong
    static Metric parse(String id) {
        return MetricCatalog.parse(id);
    }

    /// Reads metrics between commas.
    ///
    /// @throws IllegalArgumentException as [#parse], and if one is named twice
    static List<Metric> parseList(String ids) {
        var metrics = new ArrayList<Metric>();
        for (String id : ids.split(",", -1)) {
            Metric metric = parse(id.strip());
            if (metrics.contains(metric)) {
                throw new IllegalArgumentException("the metric %s is named twice".formatted(metric.id()));
            }
            metrics.add(metric);
        }
        return metrics;
    }
}
