package org.segloss.loss.volume;

/// Foreground of probabilities.
final class Foreground {
    private Foreground() {}

    /// {@return 1 where a number is above one half}
    static byte[] of(double[] numbers) {
        byte[] mask = new byte[numbers.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (numbers[i] > 0.5 ? 1 : 0);
        }
        return mask;
    }
}
