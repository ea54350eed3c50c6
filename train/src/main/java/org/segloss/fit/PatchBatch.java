package org.segloss.fit;

/// What a step sees.
///
/// @param images `(batch, channel, z, y, x)`
/// @param labels `(batch, z, y, x)`
/// @param inside `(batch, z, y, x)`, 0 where a patch reaches over its image
record PatchBatch(float[] images, byte[] labels, byte[] inside) {

    /// {@return whether a patch reaches over its image}
    boolean padded() {
        for (byte in : inside) {
            if (in == 0) {
                return true;
            }
        }
        return false;
    }
}
