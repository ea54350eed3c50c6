package org.segloss.run;

/// How a training ended.
///
/// @param step the last one, or the one at which the loss was no longer finite; 0 where only the scores are known, or
///             where it failed
public record Outcome(Ending status, int step) {

    public enum Ending {
        DONE,
        /// The loss or a gradient was not finite; nothing after it would mean anything.
        DIVERGED,
        /// In a race: all its trainings that were done were done to their end, then it could no longer be the best.
        LEFT,
        /// It was not done to its end, for whatever reason; the same command tries it again.
        FAILED
    }

    /// A training whose program ended without having done it.
    public static final Outcome FAILED = new Outcome(Ending.FAILED, 0);

    /// A training that was done, as far as its scores tell.
    public static final Outcome SCORED = new Outcome(Ending.DONE, 0);

    /// {@return whether it left scores}
    public boolean hasScores() {
        return status == Ending.DONE || status == Ending.LEFT;
    }
}
