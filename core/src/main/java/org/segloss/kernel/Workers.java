package org.segloss.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;

/// Shares numbered pieces of work between the calling thread and threads of the common pool. For work that is done
/// again and again: after the first times nothing is left to the collector, unless a piece fails.
///
/// @param <T> what a worker works with
public final class Workers<T> {
    private final Pool<T> tools;
    private final ObjIntConsumer<T> work;
    private final List<Helper> helpers = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private int pieces;

    // with the lock of this: helpers that may begin, none between runs, and those that have begun
    private int welcome;
    private int working;

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
        int others = Math.min(threads, pieces) - 1;
        while (helpers.size() < others) {
            helpers.add(new Helper());
        }
        begin(pieces, others);
        try {
            for (int i = 0; i < others; i++) {
                helpers.get(i).call();
            }
            takePieces();
        } finally {
            // after an error too: nobody may write into the caller's memory any more when this returns
            end();
        }
        if (firstFailed < pieces) {
            switch (failure) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    private synchronized void begin(int pieces, int others) {
        this.pieces = pieces;
        next.set(0);
        firstFailed = Integer.MAX_VALUE;
        welcome = others;
    }

    /// Waits for the helpers that have begun. A helper that hasn't is not needed any more, and finds nothing to do.
    ///
    /// By the monitor, since a task that is joined makes an object for each wait.
    private synchronized void end() {
        welcome = 0;
        helpers.forEach(Helper::recall);
        boolean interrupted = false;
        while (working > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // for the caller to see later: others are still at its memory
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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

    /// A place in the pool's queue. It never ends as a task, so that it can be queued again as it is.
    @SuppressWarnings("serial") // never leaves the program
    private final class Helper extends ForkJoinTask<Void> {
        // with the lock of the workers
        private boolean queued;

        /// Asks a thread of the pool for help, unless that is still on its way from an earlier run.
        void call() {
            synchronized (Workers.this) {
                if (queued) {
                    return;
                }
                queued = true;
            }
            ForkJoinPool.commonPool().execute(this);
        }

        /// Leaves the queue, with all that the work refers to, if it can be done; with the lock of the workers.
        private void recall() {
            if (queued && tryUnfork()) {
                queued = false;
            }
        }

        @Override
        protected boolean exec() {
            if (begins()) {
                takePieces();
                ends();
            }
            return false;
        }

        private boolean begins() {
            synchronized (Workers.this) {
                queued = false;
                boolean begins = welcome > 0;
                welcome -= begins ? 1 : 0;
                working += begins ? 1 : 0;
                return begins;
            }
        }

        private void ends() {
            synchronized (Workers.this) {
                working--;
                Workers.this.notifyAll();
            }
        }

        @Override
        public Void getRawResult() {
            return null;
        }

        @Override
        protected void setRawResult(Void value) {}
    }
}
