package org.segloss.fit;

import java.util.OptionalDouble;
import org.segloss.net.Network;

/// Looks at a network in the middle of its training, without changing it.
public interface Inspector {

    /// What was seen.
    ///
    /// @param dice   on the validation cases, if there are any
    /// @param png    a picture to look at
    /// @param width  of the picture
    /// @param height of the picture
    record Look(OptionalDouble dice, byte[] png, int width, int height) {}

    /// {@return whether there are cases to validate on}
    boolean validates();

    Look look(Network network);
}
