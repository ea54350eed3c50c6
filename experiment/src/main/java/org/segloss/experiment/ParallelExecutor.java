package org.segloss.experiment;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.segloss.file.AtExit;
import org.segloss.file.FolderLock;
import org.segloss.run.Outcome;

/// Has several jobs of a run done at once by something else, such as processes of this machine. How far they
/// are is read from what they leave. One that fails is said, and the others go on.
public final class ParallelExecutor implements Executor {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /// What a training that is told to end needs for its last checkpoint.
    private static final Duration ENDING = Duration.ofSeconds(15);

    private static final int TRY_AGAIN = 75;
    /// Ended by Ctrl-C, or a signal to end.
    private static final List<Integer> STOPPED = List.of(130, 143);

    /// What begins a job.
    public interface Starter {
        /// {@return the job on its way, done as a [Cell]}
        ///
        /// @param place which of those that are at once, from 0
        /// @throws IllegalArgumentException if nothing here can do such jobs
        Started start(Order order, int place) throws IOException;
    }

    /// A job that something else does. It may have ended when it is asked.
    public interface Started {
        boolean isAlive();

        /// {@return the exit status of the command `cell`, once it is no longer alive}
        int status();

        /// {@return why it failed, in a sentence}
        String reason();

        /// Asks it to end, if it is alive.
        void stop();

        /// Waits until it has ended after it was asked to, and ends it if it doesn't in time.
        void awaitEnd(Duration time) throws InterruptedException;
    }

    private final int atOnce;
    private final Starter starter;

    /// @param atOnce how many jobs
    public ParallelExecutor(int atOnce, Starter starter) {
        this.atOnce = atOnce;
        this.starter = starter;
    }

    @Override
    public List<Outcome> run(List<Order> orders) throws IOException {
        return new Jobs(orders).run();
    }

    private final class Jobs {
        private final List<Order> orders;
        private final Outcome[] outcomes;
        private final Deque<Integer> waiting = new ArrayDeque<>();
        private final List<Working> working = new ArrayList<>();
        private final boolean[] waited;
        private boolean stopped;

        private Jobs(List<Order> orders) {
            this.orders = orders;
            outcomes = new Outcome[orders.size()];
            waited = new boolean[orders.size()];
            AtExit.first(this::stop);
        }

        private List<Outcome> run() throws IOException {
            List<Optional<Outcome>> done =
                    DoneJobs.among(orders, order -> LocalExecutor.done(order.job(), order.folder()));
            for (int i = 0; i < outcomes.length; i++) {
                if (done.get(i).isPresent()) {
                    orders.get(i).listener().reused(orders.get(i).folder());
                    ended(i, done.get(i).get());
                } else {
                    waiting.add(i);
                }
            }
            try {
                while (!waiting.isEmpty() || !working.isEmpty()) {
                    start();
                    pause();
                    for (Working job : List.copyOf(working)) {
                        job.journal.tell();
                        if (!job.started.isAlive()) {
                            remove(job);
                        }
                    }
                }
            } finally {
                stop();
            }
            return List.copyOf(Arrays.asList(outcomes));
        }

        private Optional<Outcome> done(int order) {
            try {
                return LocalExecutor.done(
                        orders.get(order).job(), orders.get(order).folder());
            } catch (IOException _) {
                // what is wrong with the folder is a failure of this job alone, which its process says
                return Optional.empty();
            }
        }

        private void ended(int order, Outcome outcome) {
            outcomes[order] = outcome;
            orders.get(order).listener().finished();
        }

        private synchronized void start() throws IOException {
            for (int tries = waiting.size(); !stopped && tries > 0 && working.size() < atOnce; tries--) {
                int order = waiting.remove();
                Optional<String> holder =
                        FolderLock.holder(orders.get(order).folder().root());
                if (holder.isPresent()) {
                    if (!waited[order]) {
                        waited[order] = true;
                        orders.get(order).listener().say("%s works at it, and is waited for".formatted(holder.get()));
                    }
                    waiting.add(order);
                } else {
                    // the other program may have done it
                    Optional<Outcome> done = waited[order] ? done(order) : Optional.empty();
                    if (done.isPresent()) {
                        ended(order, done.get());
                    } else {
                        working.add(new Working(order, freePlace()));
                    }
                }
            }
        }

        private int freePlace() {
            int place = 0;
            while (isTaken(place)) {
                place++;
            }
            return place;
        }

        private boolean isTaken(int place) {
            return working.stream().anyMatch(job -> job.place == place);
        }

        private void remove(Working job) throws IOException {
            int status = job.started.status();
            if (STOPPED.contains(status)) {
                // Ctrl-C ends all programs of a terminal, and so this one in a moment
                pause(Duration.ofSeconds(2));
            }
            working.remove(job);
            Optional<Outcome> done = status == 0 ? done(job.order) : Optional.empty();
            if (done.isPresent()) {
                if (done.get().status() == Outcome.Ending.DIVERGED) {
                    job.listener().diverged(done.get().step());
                }
                ended(job.order, done.get());
            } else if (status == TRY_AGAIN) {
                waiting.add(job.order);
            } else {
                job.listener().say("failed: %s; the others go on".formatted(job.started.reason()));
                ended(job.order, Outcome.FAILED);
            }
        }

        /// Tells all to end and waits until they have.
        private synchronized void stop() {
            stopped = true;
            working.forEach(job -> job.started.stop());
            long end = System.nanoTime() + ENDING.toNanos();
            for (Working job : working) {
                try {
                    job.started.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /// A job that something else does.
        private final class Working {
            private final int order;
            private final int place;
            private final JobJournal journal;
            private final Started started;

            private Working(int order, int place) throws IOException {
                this.order = order;
                this.place = place;
                journal = new JobJournal(orders.get(order));
                started = starter.start(orders.get(order), place);
            }

            private JobListener listener() {
                return orders.get(order).listener();
            }
        }
    }

    private static void pause() throws IOException {
        pause(BETWEEN_LOOKS);
    }

    private static void pause(Duration duration) throws IOException {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while other programs do the jobs", e);
        }
    }
}
