package org.segloss.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.kernel.Providers;

/// The metrics that have a name: those of this library, and those that [java.util.ServiceLoader] finds as [Metric].
public final class MetricCatalog {

    /// In the order in which they are listed; 1 stands for a parameter, and 0.1 for that of lesions.
    private static final List<Metric> OURS = List.of(
            OverlapMetric.DICE,
            OverlapMetric.IOU,
            OverlapMetric.PRECISION,
            OverlapMetric.RECALL,
            OverlapMetric.SPECIFICITY,
            OverlapMetric.MCC,
            OverlapMetric.KAPPA,
            OverlapMetric.RVD,
            OverlapMetric.VS,
            DistanceMetric.HD,
            DistanceMetric.HD95,
            DistanceMetric.HD95_POOLED,
            DistanceMetric.HD_SURFEL,
            DistanceMetric.HD95_SURFEL,
            DistanceMetric.ASSD,
            DistanceMetric.MASD,
            DistanceMetric.MASD_SURFEL,
            new SurfaceDice(SurfaceDice.Surface.VOXELS, 1),
            new SurfaceDice(SurfaceDice.Surface.ELEMENTS, 1),
            new BoundaryIou(1),
            new CenterlineDice(),
            CalibrationMetric.ECE,
            new BoxCalibrationError(1),
            CalibrationMetric.BRIER,
            CalibrationMetric.NLL,
            CalibrationMetric.NLL_CLIPPED,
            new LesionMetric(LesionMetric.Kind.F1, 0.1),
            new LesionMetric(LesionMetric.Kind.FOUND, 0.1),
            new LesionMetric(LesionMetric.Kind.MISSED, 0.1),
            new LesionMetric(LesionMetric.Kind.INVENTED, 0.1),
            ObjectMetric.PQ);

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]*");

    private static final Loaded LOADED = load(Providers.of(List.of(Metric.class)));

    static {
        LOADED.providers().warn("metrics");
    }

    private MetricCatalog() {}

    /// {@return all metrics, ours first, without those that [can't be used][#problem]; those with a parameter with the
    /// one that their constructor without parameters sets}
    public static List<Metric> all() {
        return LOADED.all();
    }

    /// {@return which metrics were found, and why they can't be used}: a class that is broken or made for another
    /// version, or a name that another metric has
    public static Optional<String> problem() {
        return LOADED.problem();
    }

    static Metric parse(String id) {
        return LOADED.parse(id);
    }

    /// What there is.
    record Loaded(Providers<Metric> providers) {

        List<Metric> all() {
            return providers.usable();
        }

        Optional<String> problem() {
            return providers.problem("metrics");
        }

        /// Reads [Metric#id].
        Metric parse(String id) {
            int at = id.indexOf('@');
            String name = at < 0 ? id : id.substring(0, at);
            Metric named = all().stream()
                    .filter(m -> m.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("unknown metric '%s'; known: %s".formatted(id, known())));
            if (named instanceof ParametricMetric metric) {
                if (at < 0) {
                    throw new IllegalArgumentException("%s needs a number of %s, as in %s, but has none"
                            .formatted(name, metric.parameterUnit(), metric.id()));
                }
                return metric.with(number(id.substring(at + 1), id));
            }
            if (at >= 0) {
                throw new IllegalArgumentException(
                        "%s has no parameter, but %s was given".formatted(name, id.substring(at + 1)));
            }
            return named;
        }

        private static double number(String text, String id) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException("'%s' in '%s' is no number".formatted(text, id));
            }
        }

        private String known() {
            return all().stream()
                            .map(m -> m instanceof ParametricMetric ? m.name() + "@N" : m.name())
                            .collect(Collectors.joining(", "))
                    + problem().map("; "::concat).orElse("");
        }
    }

    /// Puts what was found after ours.
    static Loaded load(Providers<Metric> found) {
        var all = new ArrayList<>(OURS);
        all.addAll(found.usable());
        return new Loaded(new Providers<>(all, found.problems()).map(MetricCatalog::checked));
    }

    private static Metric checked(Metric metric, List<Metric> before) {
        String type = metric.getClass().getName();
        String name = metric.name();
        check(
                NAME.matcher(name).matches() && !name.equalsIgnoreCase("all"),
                "%s is named '%s', but a name is of letters, digits and _, begins with a letter, and isn't all",
                type,
                name);
        before.stream()
                .filter(m -> m.name().equalsIgnoreCase(name))
                .forEach(m -> check(
                        false,
                        "%s is named %s, and %s is named %s; take another name",
                        type,
                        name,
                        m.getClass().getName(),
                        m.name()));
        boolean equal = !(metric instanceof ParametricMetric own)
                || own.with(own.parameter()).equals(own)
                        && own.with(own.parameter()).hashCode() == own.hashCode()
                        && own.with(own.parameter()).id().equals(own.id());
        check(equal, "%s isn't equal to itself with the same parameter; make it a record", type);
        check(
                metric.whereEmpty() != Metric.WhereEmpty.DISTANCE
                        || metric.unit().equals("mm"),
                "%s says that it is a distance where a mask is empty, which is in mm, but its unit is %s",
                type,
                metric.unit());
        check(
                metric.whereEmpty() != Metric.WhereEmpty.BEST_OR_WORST || Double.isFinite(metric.best()),
                "%s says that it is best where both masks are empty, but its best value is %s",
                type,
                metric.best());
        return metric;
    }

    private static void check(boolean holds, String text, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(text.formatted(arguments));
        }
    }
}
