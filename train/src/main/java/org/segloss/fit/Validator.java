package org.segloss.fit;

import java.util.List;
import java.util.OptionalDouble;
import org.segloss.dataset.Case;
import org.segloss.net.Network;

/// Validates a network in the middle of its training, without changing it.
public interface Validator {

    /// What was found.
    ///
    /// @param dice   on the validation cases, if there are any
    /// @param png    a picture to look at
    /// @param width  of the picture
    /// @param height of the picture
    record Validated(OptionalDouble dice, byte[] png, int width, int height) {}

    /// {@return the cases that it validates on}; none if it only shows what the network makes of a case
    List<Case> cases();

    Validated validate(Network network);
}
