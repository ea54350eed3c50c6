package org.segloss.net;

import java.util.List;
import org.segloss.torch.Features;

/// A network from an image to logits, over the weights that its layers hold.
interface ForwardPass {

    /// {@return the logits of each head, the finest first, each next one on half the resolution}
    List<Features> apply(Features images);
}
