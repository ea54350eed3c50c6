package org.segloss.net;

import org.segloss.torch.Features;

/// Features in, features out.
interface Layer {
    Features apply(Features x);
}
