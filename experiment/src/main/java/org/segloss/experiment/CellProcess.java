package org.segloss.experiment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/// A process that does a cell. It is to end when its standard input does.
public final class CellProcess implements ParallelExecutor.Started {
    private final Process process;
    private final Thread reader;
    private volatile String last = "";

    /// @param command the program `cell`
    public CellProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader said = process.inputReader()) {
            said.lines().filter(line -> !line.isBlank()).forEach(line -> last = line);
        } catch (IOException | UncheckedIOException _) {
            // it has ended
        }
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public int status() {
        return process.exitValue();
    }

    @Override
    public String reason() {
        try {
            reader.join(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return last.startsWith("segloss") ? last : "its process ended with status %d".formatted(status());
    }

    @Override
    public void stop() {
        process.destroy();
    }

    @Override
    public void awaitEnd(Duration time) throws InterruptedException {
        if (!process.waitFor(time)) {
            process.destroyForcibly();
        }
    }
}
