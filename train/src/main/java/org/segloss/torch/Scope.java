package org.segloss.torch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.segloss.file.AtExit;

/// Frees, when it closes, every tensor that this thread made since it opened, except those it was told to keep.
///
/// ```java
/// try (Scope step = new Scope()) {
///     ...
/// }
/// ```
///
/// When the JVM shuts down, by Ctrl-C for example, it waits for open scopes, at most ten seconds, and no new
/// one opens. Otherwise libtorch would take down its generated code under a thread that runs it, and the
/// process would crash instead of ending. So: all heavy work in scopes, and none of them open for long. Work that wants
/// to leave something behind asks [#isEnding] before it closes its scope.
public final class Scope implements AutoCloseable {
    private static final long SECONDS_TO_WAIT = 10;
    // readers are the open scopes, the writer is the end of the process
    private static final ReentrantReadWriteLock RUNNING = new ReentrantReadWriteLock();

    static {
        Libtorch.require();
        AtExit.first(Scope::awaitAll);
    }

    private static volatile boolean ending;

    private final PointerScope scope;

    public Scope() {
        RUNNING.readLock().lock();
        scope = new PointerScope();
    }

    /// {@return what `work` makes}, to live as long as the innermost open scope; whatever else it makes is freed
    static Tensor result(Supplier<Tensor> work) {
        PointerScope outer = PointerScope.getInnerScope();
        Tensor result;
        try (PointerScope _ = new PointerScope()) {
            result = work.get().keep();
        }
        outer.attach(result.data());
        result.release();
        return result;
    }

    /// {@return whether the process is about to end, and only waits for open scopes}
    public static boolean isEnding() {
        return ending;
    }

    private static void awaitAll() {
        ending = true;
        try {
            // never unlocked: threads that want to go on stop here until the process is gone
            boolean _ = RUNNING.writeLock().tryLock(SECONDS_TO_WAIT, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            scope.close();
        } finally {
            RUNNING.readLock().unlock();
        }
    }
}
