package org.segloss.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;

/// Shares numbered pieces of work between the calling thread and threads of the common pool.
public final class Workers {
    private Workers() {}

    /// As [#run(int, int, Pool, ObjIntConsumer)], for work that needs no tools.
    public static void run(int pieces, int threads, IntConsumer work) {
        run(pieces, threads, new Pool<>(() -> work), IntConsumer::accept);
    }

    /// Does the pieces 0 to `pieces - 1`, each once, in any order; returns when all are done.
    ///
    /// If pieces fail, the exception or error of the first of them is thrown, as it is: pieces are handed out in
    /// order, so all before it have been tried, whatever the threads did.
    ///
    /// @param tools what a worker works with, one for each worker at a time
    public static <T> void run(int pieces, int threads, Pool<T> tools, ObjIntConsumer<T> work) {
        AtomicInteger next = new AtomicInteger();
        ConcurrentSkipListMap<Integer, Throwable> failures = new ConcurrentSkipListMap<>();
        Runnable worker = () -> {
            int piece = next.getAndIncrement();
            try {
                if (piece < pieces) {
                    T own = tools.borrow();
                    // a piece before the first failure has to be tried, though it was taken before and begins later
                    for (;
                            piece < pieces && (failures.isEmpty() || piece < failures.firstKey());
                            piece = next.getAndIncrement()) {
                        work.accept(own, piece);
                    }
                    tools.giveBack(own);
                }
            } catch (RuntimeException | Error e) {
                // its tool may be in any state, and is left to the collector
                failures.put(piece, e);
            }
        };
        List<ForkJoinTask<?>> others = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, pieces); i++) {
            others.add(ForkJoinPool.commonPool().submit(worker));
        }
        worker.run();
        // after an error too: nobody may write into the caller's memory any more when this returns
        others.forEach(ForkJoinTask::join);
        Map.Entry<Integer, Throwable> first = failures.firstEntry();
        if (first != null) {
            switch (first.getValue()) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }
}
