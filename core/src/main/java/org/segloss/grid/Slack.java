package org.segloss.grid;

/// What a comparison with a bound that people write allows for rounding: the same for distances with tolerances,
/// widths and margins, and for overlaps with the least that counts.
///
/// Files have the size of a voxel as a float (NIfTI) or as a few digits (MetaImage), and three times 0.1 isn't 0.3 in
/// a double either. So what exceeds its bound by no more than a millionth of it is within. That is twenty times what a
/// float rounds by, and no distance that a person would call farther.
public final class Slack {
    private static final double RELATIVE = 1e-6;

    private Slack() {}

    /// {@return the largest value that counts as at most a bound}
    ///
    /// @param bound not negative
    public static double most(double bound) {
        return bound * (1 + RELATIVE);
    }

    /// {@return the smallest value that counts as at least a bound}
    ///
    /// @param bound not negative
    public static double least(double bound) {
        return bound * (1 - RELATIVE);
    }
}
