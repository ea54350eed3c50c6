package org.segloss.store;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.file.AtExit;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;

/// Copies out what cells leave while they are done: a stage that has ended at once, and a training that is under way
/// every few minutes, so that a machine that is lost costs no more than these. A store that doesn't answer is asked
/// again a minute later, and ends no work.
public final class Sending implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    /// How much of a training a lost machine costs.
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final RunCopy copy;
    private final Optional<LossFolder> only;
    private final Progress progress;
    private final Map<LossFolder, Long> sent = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::look);
    private volatile boolean ended;

    /// Begins to copy out, until this is closed.
    ///
    /// @param only one cell; all of them if it is empty
    public Sending(RunCopy copy, Optional<LossFolder> only, Progress progress) {
        this.copy = copy;
        this.only = only;
        this.progress = progress;
        AtExit.then(this::atExit);
        thread.start();
    }

    private void look() {
        boolean answering = true;
        while (!ended) {
            try {
                sendWhatIsDue();
                answering = true;
            } catch (IOException | RuntimeException e) {
                if (answering && !ended) {
                    progress.say("Nothing is copied out for now, and the work goes on: " + e.getMessage());
                }
                answering = false;
            }
            try {
                Thread.sleep(answering ? BETWEEN_LOOKS : AFTER_FAILURE);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void sendWhatIsDue() throws IOException {
        for (LossFolder place : only.isPresent() ? List.of(only.get()) : copy.places()) {
            long now = System.nanoTime();
            long last = sent.computeIfAbsent(place, _ -> now);
            if (copy.hasNewStage(place) || now - last > INTERVAL.toNanos()) {
                copy.send(place);
                sent.put(place, now);
            }
        }
    }

    private void sendAll() throws IOException {
        if (only.isPresent()) {
            copy.send(only.get());
        } else {
            copy.sendCells();
        }
    }

    /// A program that is told to end has written its checkpoints by now.
    private void atExit() {
        if (!ended) {
            try {
                sendAll();
            } catch (IOException | RuntimeException _) {
                // it is here, and goes there when the command is given again
            }
        }
    }

    /// Copies out what is left.
    ///
    /// @throws IOException if that can't be done; nothing is lost here
    @Override
    public void close() throws IOException {
        ended = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try {
            sendAll();
        } catch (IOException e) {
            throw new NotSent(copy, e);
        }
    }
}
