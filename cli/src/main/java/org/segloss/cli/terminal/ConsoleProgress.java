package org.segloss.cli.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import org.segloss.file.Printable;
import org.segloss.run.Durations;
import org.segloss.run.Progress;

/// Shows how far a command is: one line that is written over and over on a terminal, elsewhere a plain line now and
/// then. For several threads.
public final class ConsoleProgress implements Progress, AutoCloseable {
    private static final Duration BETWEEN_UPDATES = Duration.ofMillis(200);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(15);

    private final PrintWriter err;
    private final boolean terminal;
    private final int columns;
    private long last;
    private long start;
    private double startFraction = -1;
    private String work = "";
    private boolean open;
    private boolean ended;

    /// @param err      where it is shown
    /// @param terminal whether that is a terminal
    public ConsoleProgress(PrintWriter err, boolean terminal) {
        this.err = Console.plain(err);
        this.terminal = terminal;
        this.columns = columns();
    }

    /// The launcher says whether the error stream is a terminal: Java cannot ask for that stream alone.
    public static ConsoleProgress on(PrintWriter err) {
        return new ConsoleProgress(err, Boolean.getBoolean("segloss.terminal"));
    }

    private static int columns() {
        String columns = System.getProperty("segloss.columns", "");
        return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : 80;
    }

    @Override
    public synchronized void say(String line) {
        if (ended) {
            return;
        }
        clear();
        err.println(Printable.message(line));
        err.flush();
    }

    /// The last words: nothing that is told afterwards is shown.
    public synchronized void end(String line) {
        say(line);
        ended = true;
    }

    /// {@return whether it has been told of any work}
    public synchronized boolean isUnderWay() {
        return startFraction >= 0;
    }

    @Override
    public synchronized void at(String newWork, double fraction, String detail) {
        long now = System.nanoTime();
        if (startFraction < 0) {
            startFraction = fraction;
            start = now;
        }
        boolean isNew = !newWork.equals(work);
        Duration pause = terminal ? BETWEEN_UPDATES : BETWEEN_LINES;
        if (ended || !isNew && now - last < pause.toNanos()) {
            return;
        }
        work = newWork;
        last = now;
        String line = Printable.line("%s, %s".formatted(newWork, detail));
        String left = timeLeft(now, fraction);
        if (terminal) {
            clear();
            err.print(cut(cut(line, columns - 1 - left.length()) + left, columns - 1));
            open = true;
        } else {
            err.println(line + left);
        }
        err.flush();
    }

    private static String cut(String line, int most) {
        return line.length() <= most ? line : line.substring(0, Math.max(0, most));
    }

    private String timeLeft(long now, double fraction) {
        double seconds = (now - start) / 1e9;
        double done = fraction - startFraction;
        // too early to tell
        if (seconds < 2 || done <= 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round(seconds * (1 - fraction) / done));
        return ", %s left".formatted(Durations.text(left));
    }

    private void clear() {
        if (open) {
            err.print("\r\033[K");
            open = false;
        }
    }

    @Override
    public synchronized void close() {
        clear();
        err.flush();
    }
}
