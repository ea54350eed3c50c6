package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// A change of the numbers of one channel, in place.
non-sealed interface IntensityTransform extends Transform {

    /// Changes `shape.voxels()` numbers from `offset` on, by amounts that it draws.
    ///
    /// @param across the axis across which slices are too far apart to be mixed, or [PatchShape#NO_AXIS]
    void apply(float[] values, int offset, PatchShape shape, int across, CounterRandom random);
}
