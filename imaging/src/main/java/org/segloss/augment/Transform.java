package org.segloss.augment;

/// One kind of random change of a patch. It draws from streams that are [named][Draws] after it, so that nothing that
/// any other transform draws depends on it.
sealed interface Transform permits SpatialTransform, IntensityTransform {

    /// {@return what its draws are named after; no two transforms have one name}
    String name();

    /// {@return how likely it is that a patch is changed, or that a channel of it is}
    double probability();
}
