package org.segloss.run;

/// How a training ended.
///
/// @param step the last one, or the one at which the loss was no longer finite; 0 where only the scores are known
public record Outcome(Ending status, int step) {

    public enum Ending {
        DONE,
        /// The loss or a gradient was not finite; nothing after it would mean anything.
        DIVERGED
    }

    /// A training that was done, as far as its scores tell.
    public static final Outcome SCORED = new Outcome(Ending.DONE, 0);
}
