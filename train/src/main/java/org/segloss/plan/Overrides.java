package org.segloss.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.segloss.grid.Spacing;

/// What somebody says about a training in place of what the preset and the data would make of it; what is left open
/// follows from these.
///
/// @param spacing of the voxels that the network sees
/// @param patch   its edges (z, y, x)
/// @param batch   patches in a step
/// @param width   the network's channels of the first level
/// @param levels  its resolutions
/// @param recipe  how it learns
public record Overrides(
        Optional<Spacing> spacing,
        Optional<List<Integer>> patch,
        OptionalInt batch,
        OptionalInt width,
        OptionalInt levels,
        Optional<Recipe> recipe) {

    public static final Overrides NONE = new Overrides(
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty());

    public Overrides {
        patch = patch.map(List::copyOf);
        if (patch.isPresent() && patch.get().size() != 3) {
            throw new IllegalArgumentException("a patch has three edges (z, y, x), not " + patch.get());
        }
    }
}
