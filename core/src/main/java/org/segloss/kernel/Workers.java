package org.segloss.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;

/// Shares numbered pieces of work between the calling thread and those of the common pool. For work that is done again
/// and again: after the first times nothing is left to the collector, unless a piece fails.
///
/// @param <T> what a worker works with
public final class Workers<T> {
    private final Pool<T> tools;
    private final ObjIntConsumer<T> work;
    private final CommonPool pool = new CommonPool();
    private final Runnable taking = this::takePieces;
    private final AtomicInteger next = new AtomicInteger();
    private int pieces;

    // written with the lock of this
    private volatile int firstFailed;
    private Throwable failure;

    /// @param tools one for each worker at a time
    public Workers(Pool<T> tools, ObjIntConsumer<T> work) {
        this.tools = tools;
        this.work = work;
    }

    /// {@return workers for work that needs no tools}
    public static Workers<IntConsumer> of(IntConsumer work) {
        return new Workers<>(new Pool<>(() -> work), IntConsumer::accept);
    }

    /// As [#run(int, int)], for work that needs no tools and is done once.
    public static void run(int pieces, int threads, IntConsumer work) {
        of(work).run(pieces, threads);
    }

    /// As [#run(int, int)], for work that is done once.
    public static <T> void run(int pieces, int threads, Pool<T> tools, ObjIntConsumer<T> work) {
        new Workers<>(tools, work).run(pieces, threads);
    }

    /// Does the pieces 0 to `pieces - 1`, each once, in any order; returns when all are done. One call at a time.
    ///
    /// If pieces fail, the exception or error of the first of them is thrown, as it is: pieces are handed out in
    /// order, so all before it have been tried, whatever the threads did.
    public void run(int pieces, int threads) {
        this.pieces = pieces;
        firstFailed = Integer.MAX_VALUE;
        next.set(0);
        int most = Math.min(threads, pieces);
        if (most > 1) {
            pool.work(most, taking);
        } else {
            takePieces();
        }
        if (firstFailed < pieces) {
            switch (failure) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    private void takePieces() {
        int piece = next.getAndIncrement();
        try {
            if (piece < pieces) {
                T own = tools.borrow();
                // a piece before the first failure has to be tried, though it was taken before and begins later
                for (; piece < pieces && piece < firstFailed; piece = next.getAndIncrement()) {
                    work.accept(own, piece);
                }
                tools.giveBack(own);
            }
        } catch (Throwable e) {
            // its tool may be in any state, and is left to the collector
            failed(piece, e);
        }
    }

    private synchronized void failed(int piece, Throwable e) {
        if (piece < firstFailed) {
            firstFailed = piece;
            failure = e;
        }
    }
}
