package org.segloss.cli;

import org.segloss.experiment.Progress;

/// Says how to go on when the program is stopped, by Ctrl-C for example, before this is closed.
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    static Interruption of(Progress progress) {
        var hook = new Thread(
                () -> progress.say("Stopping with a checkpoint. The same command goes on from there."), "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
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
