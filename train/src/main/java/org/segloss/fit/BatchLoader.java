package org.segloss.fit;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The batches of a training one after the other, drawn ahead on other threads so that the network never waits.
///
/// What a batch holds is decided by the number of its step: threads and their order change nothing.
final class BatchLoader implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int AHEAD = 4;

    private final Patches patches;
    private final int end;
    private final ExecutorService threads;
    private final Deque<Future<PatchBatch>> coming = new ArrayDeque<>();
    // used again: new arrays each time would be most of a training's garbage
    private final Deque<PatchBatch> free = new ArrayDeque<>();
    private PatchBatch given;
    private int next;

    /// @param begin the first step, from 0
    /// @param end   the step after the last
    BatchLoader(Patches patches, int begin, int end) {
        this.patches = patches;
        this.end = end;
        this.next = begin;
        threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("batches ", 0).factory());
        while (coming.size() < AHEAD && next < end) {
            order(patches.room());
        }
    }

    /// {@return the batch of the next step}, valid until the next call
    PatchBatch next() {
        if (given != null) {
            free.add(given);
        }
        while (!free.isEmpty() && next < end) {
            order(free.remove());
        }
        try {
            given = coming.remove().get();
            return given;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException unreadable) {
                throw unreadable;
            }
            throw new IllegalStateException("a batch could not be drawn", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    private void order(PatchBatch room) {
        int step = next++;
        coming.add(threads.submit(() -> {
            patches.draw(step, room);
            return room;
        }));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
