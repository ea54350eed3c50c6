package org.segloss.random;

import java.nio.charset.StandardCharsets;

/// Random numbers named by what they are for.
///
/// A stream is a pure function of (seed, purpose, key): the draws for "patch", step 70, sample 1 are the same
/// whether steps 0 to 69 were drawn before them or not, in which order, or on which thread. Nothing has to be
/// saved to resume, and no draw shifts another. Same arguments, same bits, on every platform.
///
/// The generator is SplitMix64 (Steele, Lea and Flood 2014); each part of the name is mixed into its start with
/// the same finalizer. It is no source of secrets. A stream is not for sharing between threads: make one for
/// each.
public final class CounterRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private CounterRandom(long state) {
        this.state = state;
    }

    /// {@return the stream with this name, at its start}
    ///
    /// @param seed    of the whole run
    /// @param purpose what the numbers decide, for example `"patch"`
    /// @param key     which of many, for example step and sample
    public static CounterRandom of(long seed, String purpose, long... key) {
        long state = mix(seed + GOLDEN);
        for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
            state = absorb(state, b);
        }
        // the length closes the text, so that no key continues it
        state = absorb(state, ~(long) key.length);
        for (long k : key) {
            state = absorb(state, k);
        }
        return new CounterRandom(state);
    }

    private static long absorb(long state, long part) {
        return mix(state * GOLDEN + mix(part + GOLDEN));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// {@return the next 64 bits}
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    /// {@return the next number, uniform in [0, 1), a multiple of 2^-53}
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// {@return the next number, uniform in [low, high)}
    public double nextDouble(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /// {@return the next whole number from 0 to `bound - 1`, each equally likely}
    ///
    /// @param bound at least 1
    public int nextInt(int bound) {
        return nextInt(bound, limit(bound));
    }

    /// Fills an array with what as many calls of [#nextInt(int)] would return.
    public void fill(int[] numbers, int bound) {
        long limit = limit(bound);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = nextInt(bound, limit);
        }
    }

    /// The topmost incomplete run of `bound` numbers would favour the small ones.
    private static long limit(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("the bound has to be at least 1, but is " + bound);
        }
        return (1L << 31) - (1L << 31) % bound;
    }

    private int nextInt(int bound, long limit) {
        long bits = nextLong() >>> 33;
        while (bits >= limit) {
            bits = nextLong() >>> 33;
        }
        return (int) bits % bound;
    }

    /// {@return the next number from the normal distribution with mean 0 and standard deviation 1}
    ///
    /// Box and Muller's transform; the second number of each pair is left, so that a draw is always two steps.
    public double nextGaussian() {
        // StrictMath: Math's logarithm may differ in the last bit between platforms
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }
}
