package org.segloss.stat;

import java.util.List;

/// What the data say of a loss beside another.
public enum Verdict {
    /// The adjusted p is at most 0.05 and the 95 % interval of the mean difference lies on the good side of 0,
    /// under other seeds and on other training sets too if there are several.
    BETTER,
    /// The same on the bad side.
    WORSE,
    /// The 95 % interval lies within the margin, under other seeds and on other training sets too if there are several:
    /// if there is a difference it is too small to matter. This comes before the others: a difference may be
    /// certain and still not matter.
    EQUIVALENT,
    /// The cases tell them apart, but other seeds might not.
    WITHIN_SEED_NOISE,
    /// The cases tell them apart, but networks of other training sets might not.
    WITHIN_TRAINING_SET_NOISE,
    /// None of these: the data don't answer, which isn't to say that the losses are equal.
    INCONCLUSIVE;

    /// {@return whether anything is said that a failure which no case shows could make wrong}
    public boolean says() {
        return this != INCONCLUSIVE;
    }

    /// {@return whether anything is said of one of these pairs}
    public static boolean says(List<Pair> pairs) {
        return pairs.stream().anyMatch(pair -> pair.verdict().says());
    }
}
