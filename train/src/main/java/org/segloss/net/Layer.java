package org.segloss.net;

import org.segloss.torch.Tensor;

/// Features in, features out.
interface Layer {
    Tensor apply(Tensor x);
}
