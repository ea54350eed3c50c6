package org.segloss.metric;

import java.util.Locale;
import java.util.OptionalDouble;

/// What a metric is where a mask is empty, so that its formula doesn't say. It belongs to a result as a unit does.
///
/// @param bothEmpty neither mask has a voxel
/// @param oneEmpty  millimetres of distance where one mask alone has voxels; absent for the diagonal of the
///                  image, the farthest that anything in it can be away
public record Policy(BothEmpty bothEmpty, OptionalDouble oneEmpty) {

    /// For two empty masks.
    public enum BothEmpty {
        /// Nothing was to be found and nothing was: the best value.
        SCORE,
        /// There is nothing to measure: NaN.
        NA
    }

    /// Two empty masks are perfect, and one is as far off as the image is large.
    public static final Policy DEFAULT = new Policy(BothEmpty.SCORE, OptionalDouble.empty());

    public Policy {
        if (oneEmpty.isPresent() && !(oneEmpty.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    "a distance for one empty mask has to be at least 0 mm, but is " + oneEmpty.getAsDouble());
        }
    }

    /// @param bothEmpty `score` or `na`
    /// @param oneEmpty  `diag`, `inf` or a number of millimetres
    public static Policy parse(String bothEmpty, String oneEmpty) {
        BothEmpty both =
                switch (bothEmpty) {
                    case "score" -> BothEmpty.SCORE;
                    case "na" -> BothEmpty.NA;
                    default ->
                        throw new IllegalArgumentException(
                                "'%s' is no policy for two empty masks; known: score, na".formatted(bothEmpty));
                };
        return new Policy(both, distance(oneEmpty));
    }

    private static OptionalDouble distance(String text) {
        return switch (text) {
            case "diag" -> OptionalDouble.empty();
            case "inf" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            default -> {
                try {
                    yield OptionalDouble.of(Double.parseDouble(text));
                } catch (NumberFormatException _) {
                    throw new IllegalArgumentException(
                            "'%s' is no distance for one empty mask; known: diag, inf, or a number of millimetres"
                                    .formatted(text));
                }
            }
        };
    }

    /// {@return `score` or `na`}
    public String bothEmptyText() {
        return bothEmpty.name().toLowerCase(Locale.ROOT);
    }

    /// {@return `diag`, `inf` or a number of millimetres}
    public String oneEmptyText() {
        if (oneEmpty.isEmpty()) {
            return "diag";
        }
        return Double.isInfinite(oneEmpty.getAsDouble()) ? "inf" : NumberText.of(oneEmpty.getAsDouble());
    }

    /// {@return both, for example `both-empty=score one-empty=diag`}
    @Override
    public String toString() {
        return "both-empty=%s one-empty=%s".formatted(bothEmptyText(), oneEmptyText());
    }
}
