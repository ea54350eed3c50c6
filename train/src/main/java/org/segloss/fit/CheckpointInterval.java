package org.segloss.fit;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// When a checkpoint is due: ten seconds after the last one, or later where writing takes so long that it would cost
/// more than a fiftieth of the time, but a minute at the most. Only a process that is killed loses these seconds: one
/// that is told to end writes a checkpoint first.
final class CheckpointInterval {
    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final long SHARE = 50;

    /// Writes a file.
    interface Write {
        void run() throws IOException;
    }

    private final LongSupplier nanos;
    private long last;
    private long wait = SHORTEST;

    CheckpointInterval() {
        this(System::nanoTime);
    }

    CheckpointInterval(LongSupplier nanos) {
        this.nanos = nanos;
        last = nanos.getAsLong();
    }

    boolean isDue() {
        return nanos.getAsLong() - last >= wait;
    }

    /// Writes, and measures how long that takes.
    void write(Write write) throws IOException {
        long start = nanos.getAsLong();
        write.run();
        last = nanos.getAsLong();
        wait = Math.clamp(SHARE * (last - start), SHORTEST, LONGEST);
    }
}
