package org.segloss.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/// Tools that outlive their use: as many as were ever in use at once.
public final class Pool<T> {
    private final Supplier<T> make;

    // guarded by itself; a concurrent queue would make an object of each return
    private final Deque<T> idle = new ArrayDeque<>();

    public Pool(Supplier<T> make) {
        this.make = make;
    }

    /// {@return a tool} that nobody else has until it is [given back][#giveBack]; one that has failed isn't.
    public T borrow() {
        T found;
        synchronized (idle) {
            found = idle.pollLast();
        }
        return found == null ? make.get() : found;
    }

    public void giveBack(T tool) {
        synchronized (idle) {
            idle.addLast(tool);
        }
    }
}
