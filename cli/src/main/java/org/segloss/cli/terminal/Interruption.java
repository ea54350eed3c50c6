package org.segloss.cli.terminal;

/// Says how to go on when the program is stopped, by Ctrl-C for example, before this is closed.
public final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    /// @param restart whether the command deletes what it finds before it begins
    public static Interruption of(ConsoleProgress progress, boolean restart) {
        var hook = new Thread(() -> progress.end(message(progress.isUnderWay(), restart)), "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    static String message(boolean underWay, boolean restart) {
        return underWay
                ? "Stopping; what is done is kept. The same command%s goes on from there."
                        .formatted(restart ? " without --restart" : "")
                : "Stopping before the first step. The same command begins again.";
    }

    /// {@return whether the program is being stopped}
    public static boolean isNow() {
        var probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // it is being stopped
        }
    }
}
