package org.segloss.kernel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Tools that outlive their use: as many as were ever in use at once.
public final class Pool<T> {
    private final Supplier<T> make;
    private final Consumer<T> onBorrow;
    private final Consumer<T> onReturn;
    private final Queue<T> idle;

    public Pool(Supplier<T> make) {
        this(make, _ -> {}, _ -> {}, new ConcurrentLinkedQueue<>());
    }

    private Pool(Supplier<T> make, Consumer<T> onBorrow, Consumer<T> onReturn, Queue<T> idle) {
        this.make = make;
        this.onBorrow = onBorrow;
        this.onReturn = onReturn;
        this.idle = idle;
    }

    /// {@return the same tools, made ready when they are borrowed and cleaned when they are given back}
    public Pool<T> with(Consumer<T> onBorrow, Consumer<T> onReturn) {
        return new Pool<>(make, onBorrow, onReturn, idle);
    }

    /// {@return a tool} that nobody else has until it is [given back][#giveBack]; one that has failed isn't.
    public T borrow() {
        T found = idle.poll();
        T tool = found == null ? make.get() : found;
        onBorrow.accept(tool);
        return tool;
    }

    public void giveBack(T tool) {
        onReturn.accept(tool);
        idle.add(tool);
    }
}
