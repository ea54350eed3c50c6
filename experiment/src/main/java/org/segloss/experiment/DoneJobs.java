package org.segloss.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.segloss.run.Outcome;

/// Which of many jobs are done, looked at several at a time: most of it is waiting for a file system.
final class DoneJobs {
    private static final int AT_ONCE = 16;

    private DoneJobs() {}

    /// Looks at one job.
    interface Look {
        Optional<Outcome> at(Executor.Order order) throws IOException;
    }

    /// {@return of each job how it ended, if its results are all there}; what is wrong with a folder is said by whoever
    /// does the job
    static List<Optional<Outcome>> among(List<Executor.Order> orders, Look look) throws IOException {
        var done = new ArrayList<Optional<Outcome>>(orders.size());
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Optional<Outcome>>> looks = orders.stream()
                    .map(order -> pool.submit(() -> of(order, look)))
                    .toList();
            try {
                for (Future<Optional<Outcome>> one : looks) {
                    done.add(one.get());
                }
            } finally {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking for what is done", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return done;
    }

    private static Optional<Outcome> of(Executor.Order order, Look look) {
        try {
            return look.at(order);
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
