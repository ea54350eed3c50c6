package org.segloss.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/// Threads of the common pool, as far as it has any to spare. One call at a time; after the first ones nothing is
/// left to the collector.
final class CommonPool {
    private final List<Helper> helpers = new ArrayList<>();

    // with the lock of this: what is to be done, helpers that may begin, none between calls, and those that have begun
    private Runnable work;
    private int welcome;
    private int working;

    /// Lets at most `threads` threads do `work`, all at once: the calling one, and others that come before it is done.
    /// Returns when nobody is at it any more.
    ///
    /// @param threads two at least
    /// @param work    throws nothing, and leaves nothing to do to whoever comes late
    void work(int threads, Runnable work) {
        int others = threads - 1;
        while (helpers.size() < others) {
            helpers.add(new Helper());
        }
        begin(work, others);
        try {
            for (int i = 0; i < others; i++) {
                helpers.get(i).call();
            }
            work.run();
        } finally {
            // after an error too: nobody may write into the caller's memory any more when this returns
            end();
        }
    }

    private synchronized void begin(Runnable work, int others) {
        this.work = work;
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
        work = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// A place in the pool's queue. It never ends as a task, so that it can be queued again as it is.
    @SuppressWarnings("serial") // never leaves the program
    private final class Helper extends ForkJoinTask<Void> {
        // with the lock of the outer object
        private boolean queued;

        /// Asks a thread of the pool for help, unless that is still on its way from an earlier call.
        void call() {
            synchronized (CommonPool.this) {
                if (queued) {
                    return;
                }
                queued = true;
            }
            ForkJoinPool.commonPool().execute(this);
        }

        /// Leaves the queue, with all that the work refers to, if it can be done; with the lock of the outer object.
        private void recall() {
            if (queued && tryUnfork()) {
                queued = false;
            }
        }

        @Override
        protected boolean exec() {
            Runnable begun = begin();
            if (begun != null) {
                try {
                    begun.run();
                } finally {
                    end();
                }
            }
            return false;
        }

        /// {@return what is to be done}, or null if no help is needed any more
        private Runnable begin() {
            synchronized (CommonPool.this) {
                queued = false;
                if (welcome == 0) {
                    return null;
                }
                welcome--;
                working++;
                return work;
            }
        }

        private void end() {
            synchronized (CommonPool.this) {
                working--;
                CommonPool.this.notifyAll();
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
