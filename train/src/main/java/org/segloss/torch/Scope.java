package org.segloss.torch;

import org.bytedeco.javacpp.PointerScope;

/// Frees, when it closes, every tensor that this thread made since it opened, except those it was told to keep.
///
/// ```java
/// try (Scope step = new Scope()) {
///     ...
/// }
/// ```
public final class Scope implements AutoCloseable {
    private final PointerScope scope;

    public Scope() {
        Libtorch.require();
        scope = new PointerScope();
    }

    @Override
    public void close() {
        scope.close();
    }
}
