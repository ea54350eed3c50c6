package org.segloss.net;

import java.util.List;
import org.segloss.torch.Features;

/// The layers of a network, from an image to logits.
interface Body {

    /// {@return the logits of each head, the finest first, each next one on half the resolution}
    List<Features> apply(Features images);
}
