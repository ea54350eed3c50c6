package org.segloss.augment;

import org.segloss.random.CounterRandom;

/// A change of where voxels lie. Those of a patch are brought together in one [Placement], so that the image is read
/// once.
non-sealed interface SpatialTransform extends Transform {

    /// Changes the placement by amounts that it draws.
    void apply(Placement placement, CounterRandom random);
}
