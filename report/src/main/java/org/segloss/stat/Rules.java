package org.segloss.stat;

import java.util.Optional;
import org.segloss.loss.Check;

/// What was decided before looking at the data.
///
/// @param margin a difference that wouldn't matter, in the metric's unit; NaN for none, and then no loss is called
///     equivalent to another
/// @param baseline the loss that all others are compared with; none: all pairs are compared
/// @param replicates of the bootstrap
/// @param seed of the bootstrap
public record Rules(double margin, Optional<String> baseline, int replicates, long seed) {
    /// How often a family of verdicts may be wrong if no loss differs.
    public static final double ALPHA = 0.05;

    public Rules {
        Check.that(
                Double.isNaN(margin) || margin > 0 && margin < Double.POSITIVE_INFINITY,
                "the margin has to be finite and above 0, but is %s",
                margin);
        Check.that(replicates >= 100, "the bootstrap needs at least 100 replicates, not %d", replicates);
    }
}
