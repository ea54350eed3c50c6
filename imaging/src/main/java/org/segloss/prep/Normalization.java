package org.segloss.prep;

import java.util.Map;
import java.util.Optional;
import org.segloss.image.Volume;

/// Brings images of any unit to one scale.
public final class Normalization {
    private Normalization() {}

    /// {@return an image each channel of which is brought to the scale that is given for it}, without one to the scale
    /// of its [own numbers][IntensityScale#of]: to mean 0 and standard deviation 1, or to 0 if all are equal
    ///
    /// @param image  with finite numbers
    /// @param scales by channel
    public static Volume apply(Volume image, Map<Integer, IntensityScale> scales) {
        int voxels = Math.toIntExact(image.geometry().voxels());
        float[] values = image.values().clone();
        for (int channel = 0; channel < image.channels(); channel++) {
            int from = channel * voxels;
            int to = from + voxels;
            Optional<IntensityScale> scale = scales.containsKey(channel)
                    ? Optional.of(scales.get(channel))
                    : IntensityScale.of(values, from, to);
            for (int i = from; i < to; i++) {
                values[i] = scale.isPresent() ? scale.get().apply(values[i]) : 0;
            }
        }
        return new Volume(image.geometry(), image.channels(), values);
    }
}
