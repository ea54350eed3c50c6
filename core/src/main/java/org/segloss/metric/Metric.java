package org.segloss.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A number that says how well a prediction of one class agrees with its reference. Its text names the definition, with
/// the parameter where there is one: `hd95`, `nsd@1`. The formulas are in `docs/metrics.md`.
///
/// @param parameter above 0, in [Kind#parameterUnit]; 0 where the kind has none
public record Metric(Kind kind, double parameter) {

    /// A value that is as good as can be.
    enum Better {
        HIGHER,
        LOWER,
        NEAR_ZERO
    }

    /// What an empty mask means.
    enum Empty {
        /// 1 if both are, 0 if one is.
        AGREEMENT,
        /// 0 if both are, the policy's distance if one is.
        DISTANCE,
        /// What the formula says.
        FORMULA
    }

    /// A definition.
    public enum Kind {
        DICE("1", Better.HIGHER, Empty.AGREEMENT, "2 TP / (2 TP + FP + FN)"),
        IOU("1", Better.HIGHER, Empty.AGREEMENT, "TP / (TP + FP + FN)"),
        PRECISION("1", Better.HIGHER, Empty.FORMULA, "TP / (TP + FP)"),
        RECALL("1", Better.HIGHER, Empty.FORMULA, "TP / (TP + FN)"),
        SPECIFICITY("1", Better.HIGHER, Empty.FORMULA, "TN / (TN + FP)"),
        MCC("1", Better.HIGHER, Empty.FORMULA, "Matthews' correlation of the two masks"),
        KAPPA("1", Better.HIGHER, Empty.FORMULA, "Cohen's kappa of the two masks"),
        RVD("1", Better.NEAR_ZERO, Empty.FORMULA, "(predicted volume - reference volume) / reference volume"),
        VS("1", Better.HIGHER, Empty.AGREEMENT, "1 - |FN - FP| / (2 TP + FP + FN)"),
        HD("mm", Better.LOWER, Empty.DISTANCE, "the largest distance between surface voxels, of both directions"),
        HD95("mm", Better.LOWER, Empty.DISTANCE, "the larger of the two directions' 95th percentiles, interpolated"),
        HD95_POOLED("mm", Better.LOWER, Empty.DISTANCE, "the 95th percentile of the distances of both directions"),
        HD_SURFEL("mm", Better.LOWER, Empty.DISTANCE, "the largest distance between surface elements"),
        HD95_SURFEL("mm", Better.LOWER, Empty.DISTANCE, "as hd95, of surface elements weighted by their area"),
        ASSD("mm", Better.LOWER, Empty.DISTANCE, "the mean of the distances of both directions"),
        MASD("mm", Better.LOWER, Empty.DISTANCE, "the mean of the two directions' mean distances"),
        MASD_SURFEL("mm", Better.LOWER, Empty.DISTANCE, "as masd, of surface elements weighted by their area"),
        NSD(
                "1",
                Better.HIGHER,
                Empty.AGREEMENT,
                "the share of surface voxels at most @ mm from the other surface",
                "mm"),
        NSD_SURFEL(
                "1",
                Better.HIGHER,
                Empty.AGREEMENT,
                "the share of surface area at most @ mm from the other surface",
                "mm"),
        BIOU("1", Better.HIGHER, Empty.AGREEMENT, "the IoU of what lies at most @ voxels from outside", "voxels"),
        CLDICE("1", Better.HIGHER, Empty.AGREEMENT, "the shares of each skeleton in the other mask, harmonic mean"),
        ECE("1", Better.LOWER, Empty.FORMULA, "expected calibration error, 15 bins"),
        /// Background that is easy makes [#ECE] small, the smaller the more of it is in the image.
        ECE_BOX(
                "1",
                Better.LOWER,
                Empty.FORMULA,
                "as ece, in the box around the reference that goes @ mm farther to each side",
                "mm"),
        BRIER("1", Better.LOWER, Empty.FORMULA, "the mean of (p - y)²"),
        NLL("nat", Better.LOWER, Empty.FORMULA, "the mean of -log of the probability of what is true, at least 1e-7"),
        NLL_CLIPPED("voxels", Better.LOWER, Empty.FORMULA, "voxels whose probability is below nll's 1e-7"),
        LESION_F1("1", Better.HIGHER, Empty.AGREEMENT, "F1 of connected parts that overlap the other mask"),
        PQ("1", Better.HIGHER, Empty.AGREEMENT, "panoptic quality of connected parts that match with IoU > 1/2");

        private final String unit;
        private final Better better;
        private final Empty empty;
        private final String definition;
        private final Optional<String> parameterUnit;

        Kind(String unit, Better better, Empty empty, String definition) {
            this(unit, better, empty, definition, Optional.empty());
        }

        Kind(String unit, Better better, Empty empty, String definition, String parameterUnit) {
            this(unit, better, empty, definition, Optional.of(parameterUnit));
        }

        Kind(String unit, Better better, Empty empty, String definition, Optional<String> parameterUnit) {
            this.unit = unit;
            this.better = better;
            this.empty = empty;
            this.definition = definition;
            this.parameterUnit = parameterUnit;
        }

        /// {@return what the parameter is measured in, where there is one}
        public Optional<String> parameterUnit() {
            return parameterUnit;
        }

        /// {@return whether it is a number about probabilities, which a mask alone doesn't have}
        public boolean needsProbabilities() {
            return switch (this) {
                case ECE, ECE_BOX, BRIER, NLL, NLL_CLIPPED -> true;
                default -> false;
            };
        }

        /// {@return whether an empty mask leaves the formula as it is}
        boolean byFormula() {
            return empty == Empty.FORMULA;
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final Metric DICE = new Metric(Kind.DICE, 0);
    public static final Metric IOU = new Metric(Kind.IOU, 0);
    public static final Metric PRECISION = new Metric(Kind.PRECISION, 0);
    public static final Metric RECALL = new Metric(Kind.RECALL, 0);
    public static final Metric NLL = new Metric(Kind.NLL, 0);
    public static final Metric NLL_CLIPPED = new Metric(Kind.NLL_CLIPPED, 0);

    public Metric {
        if (kind.parameterUnit.isEmpty() ? parameter != 0 : !(parameter > 0 && parameter < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    kind.parameterUnit.isEmpty()
                            ? "%s has no parameter, but %s was given".formatted(kind.text(), number(parameter))
                            : "%s needs a number above 0 of %s, as in %s@1, but has %s"
                                    .formatted(kind.text(), kind.parameterUnit.get(), kind.text(), number(parameter)));
        }
    }

    /// Reads [#id].
    ///
    /// @throws IllegalArgumentException if there is no such metric, or its parameter is missing or wrong
    public static Metric parse(String id) {
        int at = id.indexOf('@');
        String name = at < 0 ? id : id.substring(0, at);
        Kind kind = Arrays.stream(Kind.values())
                .filter(k -> k.text().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("unknown metric '%s'; known: %s".formatted(id, known())));
        double parameter = 0;
        if (at >= 0) {
            try {
                parameter = Double.parseDouble(id.substring(at + 1));
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException("'%s' in '%s' is no number".formatted(id.substring(at + 1), id));
            }
        }
        return new Metric(kind, parameter);
    }

    /// Reads metrics between commas.
    ///
    /// @throws IllegalArgumentException as [#parse], and if one is named twice
    public static List<Metric> parseList(String ids) {
        var metrics = new ArrayList<Metric>();
        for (String id : ids.split(",", -1)) {
            Metric metric = parse(id.strip());
            if (metrics.contains(metric)) {
                throw new IllegalArgumentException("the metric %s is named twice".formatted(metric));
            }
            metrics.add(metric);
        }
        return metrics;
    }

    private static String known() {
        return Arrays.stream(Kind.values())
                .map(k -> k.parameterUnit.isEmpty() ? k.text() : k.text() + "@N")
                .collect(Collectors.joining(", "));
    }

    /// {@return all kinds, with 1 for a parameter}
    public static List<Metric> all() {
        return Arrays.stream(Kind.values())
                .map(kind -> new Metric(kind, kind.parameterUnit.isEmpty() ? 0 : 1))
                .toList();
    }

    /// {@return the one name in code, on the command line and in files, for example `nsd@1`}
    public String id() {
        return kind.parameterUnit.isEmpty() ? kind.text() : kind.text() + "@" + number(parameter);
    }

    /// {@return whether more is better; [rvd][Kind#RVD] is best at 0 and has neither, and says false}
    public boolean higherIsBetter() {
        return kind.better == Better.HIGHER;
    }

    /// {@return whether 0 is best, and the sign only says on which side a value is bad}
    public boolean isBestAtZero() {
        return kind.better == Better.NEAR_ZERO;
    }

    /// {@return what of a value is averaged and compared: of one that is [best at 0][#isBestAtZero] the distance
    /// from 0, for opposite values would cancel and look perfect; otherwise itself}
    public double comparable(double value) {
        return isBestAtZero() ? Math.abs(value) : value;
    }

    /// {@return a number of the value that is larger the better it is}: itself, its negative, or minus its distance
    /// from 0
    public double merit(double value) {
        return switch (kind.better) {
            case HIGHER -> value;
            case LOWER -> -value;
            case NEAR_ZERO -> -Math.abs(value);
        };
    }

    /// {@return the smallest value that there can be}
    public double least() {
        return switch (kind) {
            case MCC, KAPPA, RVD -> -1;
            default -> 0;
        };
    }

    /// {@return the largest value that there can be, or infinity}
    public double most() {
        return kind == Kind.RVD || !kind.unit.equals("1") ? Double.POSITIVE_INFINITY : 1;
    }

    /// {@return what a value is measured in: `mm`, `nat`, `voxels`, or `1` for a ratio}
    public String unit() {
        return kind.unit;
    }

    /// {@return the definition in a line}
    public String definition() {
        return kind.definition.replace("@", number(parameter));
    }

    /// {@return the value and its status, by what an empty mask means}
    ///
    /// @param formula  the value where neither mask is empty, and with [Empty#FORMULA] anywhere
    /// @param diagonal of the image, in mm
    Score score(double formula, Score.Status masks, Policy policy, double diagonal) {
        if (masks == Score.Status.OK) {
            return new Score(formula, Double.isNaN(formula) ? Score.Status.UNDEFINED : masks);
        }
        boolean both = masks == Score.Status.BOTH_EMPTY;
        boolean na = both && policy.bothEmpty() == Policy.BothEmpty.NA;
        double value =
                switch (kind.empty) {
                    case FORMULA -> formula;
                    case AGREEMENT -> na ? Double.NaN : both ? 1 : 0;
                    case DISTANCE ->
                        na ? Double.NaN : both ? 0 : policy.oneEmpty().orElse(diagonal);
                };
        return new Score(value, masks);
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        return id();
    }
}
