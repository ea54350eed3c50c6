package org.segloss.file;

import java.util.ArrayList;
import java.util.List;

/// What is to be done when the process ends, by Ctrl-C for example: first what work waits for, then what is
/// made of its results, then what was held while it went on. Hooks of the runtime have no order.
public final class AtExit {
    private static final List<Runnable> FIRST = new ArrayList<>();
    private static final List<Runnable> THEN = new ArrayList<>();
    private static final List<Runnable> LAST = new ArrayList<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtExit::end, "end"));
    }

    private AtExit() {}

    public static synchronized void first(Runnable task) {
        FIRST.add(task);
    }

    public static synchronized void then(Runnable task) {
        THEN.add(task);
    }

    static synchronized void last(Runnable task) {
        LAST.add(task);
    }

    private static void end() {
        List<Runnable> all;
        synchronized (AtExit.class) {
            all = new ArrayList<>(FIRST);
            all.addAll(THEN);
            all.addAll(LAST);
        }
        all.forEach(Runnable::run);
    }
}
