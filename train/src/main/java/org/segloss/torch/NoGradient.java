package org.segloss.torch;

import org.bytedeco.pytorch.NoGradGuard;

/// While it is open, this thread's operations are not recorded for [Tensor#backward].
public final class NoGradient implements AutoCloseable {
    private final NoGradGuard guard;

    public NoGradient() {
        Libtorch.require();
        guard = new NoGradGuard();
    }

    @Override
    public void close() {
        guard.close();
    }
}
