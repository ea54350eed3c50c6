package org.segloss.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/// Shares numbered pieces of work between the calling thread and threads of the common pool.
final class Workers {
    private Workers() {}

    /// Does the pieces 0 to `pieces - 1`, each once, in any order; returns when all are done.
    ///
    /// @param tool what a worker works with, made once for each worker
    static <T> void run(int pieces, int threads, Supplier<T> tool, ObjIntConsumer<T> work) {
        AtomicInteger next = new AtomicInteger();
        Runnable worker = () -> {
            int piece = next.getAndIncrement();
            if (piece < pieces) {
                T own = tool.get();
                for (; piece < pieces; piece = next.getAndIncrement()) {
                    work.accept(own, piece);
                }
            }
        };
        List<ForkJoinTask<?>> others = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, pieces); i++) {
            others.add(ForkJoinPool.commonPool().submit(worker));
        }
        try {
            worker.run();
        } finally {
            // after an error too: nobody may write into the caller's memory any more when this returns
            next.set(pieces);
            others.forEach(ForkJoinTask::quietlyJoin);
        }
        others.forEach(ForkJoinTask::join);
    }
}
