package org.segloss.plan;

import java.util.Optional;
import java.util.OptionalInt;

/// What a training computes on, as far as somebody says. What is left open a training that is gone on with takes from
/// its beginning, for all of it shows in the last digits; a new one takes what suits the machine that it is on.
///
/// @param device    where libtorch computes, for example `cpu`
/// @param threads   of libtorch
/// @param precision of the network's features
public record Machine(String device, OptionalInt threads, Optional<Precision> precision) {

    /// {@return a device and nothing else}
    public static Machine on(String device) {
        return new Machine(device, OptionalInt.empty(), Optional.empty());
    }

    /// {@return this, and what it leaves open as it was at the beginning}
    public Machine goingOn(Machine begun) {
        return new Machine(
                device,
                threads.isPresent() ? threads : begun.threads,
                precision.isPresent() ? precision : begun.precision);
    }

    int resolvedThreads() {
        return threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    Precision resolvedPrecision() {
        // of other devices nothing is known
        return precision.orElseGet(() -> device.equals("cpu") ? Precision.fastest() : Precision.FLOAT32);
    }
}
