package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// The random numbers that change one patch: a stream for each transform, named after it. A new transform moves no
/// draw of another one.
///
/// @param seed   of the training
/// @param step   of the training
/// @param sample of the step
public record Draws(long seed, long step, long sample) {

    /// {@return the stream of what changes a whole patch, at its start}
    CounterRandom of(String transform) {
        return CounterRandom.of(seed, "augment/" + transform, step, sample);
    }

    /// {@return the stream of what changes one part of a patch, at its start}
    ///
    /// @param part a channel, or an axis
    CounterRandom of(String transform, int part) {
        return CounterRandom.of(seed, "augment/" + transform, step, sample, part);
    }
}
