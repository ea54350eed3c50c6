package org.segloss.score;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.segloss.file.FileProblems;
import org.segloss.run.Progress;

/// Does the same with many files, some at once, and collects what is wrong with them.
///
/// @param failure what is said of the files that something is wrong with, in the plural
record Parallel(Progress progress, String failure) {

    /// Makes something of a file.
    interface Work<T> {
        T of(String id) throws IOException;
    }

    /// {@return the results in the order of the ids}
    ///
    /// @param atOnce how many at a time
    /// @throws IOException with what is wrong with each file
    <T> List<T> map(String name, List<String> ids, int atOnce, Work<T> work) throws IOException {
        var results = new ArrayList<T>();
        var problems = new FileProblems();
        try (var pool = Executors.newFixedThreadPool(atOnce)) {
            List<Future<T>> futures =
                    ids.stream().map(id -> pool.submit(() -> work.of(id))).toList();
            try {
                for (int i = 0; i < ids.size(); i++) {
                    progress.at(name, (double) i / ids.size(), "case %d of %d".formatted(i + 1, ids.size()));
                    try {
                        results.add(futures.get(i).get());
                    } catch (ExecutionException e) {
                        problems.add(problem(e.getCause()));
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name, e);
            } finally {
                pool.shutdownNow();
            }
        }
        problems.check(ids.size(), failure);
        return results;
    }

    /// {@return what is wrong with a file}; anything else is thrown
    private static IOException problem(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case UncheckedIOException e -> e.getCause();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }
}
