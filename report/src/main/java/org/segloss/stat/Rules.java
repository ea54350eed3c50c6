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
/// @param left how many losses left a race: p-values are adjusted for the pairs with them, too, as those that are still
///     in were chosen from all
public record Rules(double margin, Optional<String> baseline, int replicates, long seed, int left) {
    /// How often a family of verdicts may be wrong if no loss differs.
    public static final double ALPHA = 0.05;

    public Rules(double margin, Optional<String> baseline, int replicates, long seed) {
        this(margin, baseline, replicates, seed, 0);
    }

    public Rules {
        Check.that(
                Double.isNaN(margin) || margin > 0 && margin < Double.POSITIVE_INFINITY,
                "the margin has to be finite and above 0, but is %s",
                margin);
        Check.that(left >= 0, "%d losses can't have left", left);
        Check.that(replicates >= 100, "the bootstrap needs at least 100 replicates, not %d", replicates);
    }

    /// {@return these rules after a race that so many losses left}
    public Rules after(int leftRace) {
        return new Rules(margin, baseline, replicates, seed, leftRace);
    }
}
