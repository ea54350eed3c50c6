package org.segloss.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.segloss.grid.Spacing;
import org.segloss.prep.IntensityScale;

/// What somebody says about a training in place of what the preset and the data would make of it; what is left open
/// follows from these.
///
/// @param spacing of the voxels that the network sees
/// @param scales  of channels that are brought to the same scale in every image
/// @param patch   its edges (z, y, x)
/// @param batch   patches in a step
/// @param width   the network's channels of the first level
/// @param levels  its resolutions
/// @param strides between them, as a network has them; then `levels` is left open
/// @param kernels of each level, likewise
/// @param heads   on how many of them it makes logits
/// @param recipe  how it learns
public record Overrides(
        Optional<Spacing> spacing,
        Optional<SortedMap<Integer, IntensityScale>> scales,
        Optional<List<Integer>> patch,
        OptionalInt batch,
        OptionalInt width,
        OptionalInt levels,
        Optional<List<List<Integer>>> strides,
        Optional<List<List<Integer>>> kernels,
        OptionalInt heads,
        Optional<Recipe> recipe) {

    public static final Overrides NONE = new Overrides(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());

    public Overrides {
        patch = patch.map(List::copyOf);
        if (patch.isPresent() && patch.get().size() != 3) {
            throw new IllegalArgumentException("a patch has three edges (z, y, x), not " + patch.get());
        }
    }
}
