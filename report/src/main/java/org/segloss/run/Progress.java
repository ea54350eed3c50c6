package org.segloss.run;

/// Told how far a long piece of work is.
public interface Progress {

    /// Something worth keeping on the screen.
    void say(String line);

    /// Where the work is now; replaces what was said here before.
    ///
    /// @param work     what is being done, for example `2/5 dice: training`
    /// @param fraction of the whole work that is done, 0 to 1
    /// @param detail   for example `step 120 of 300, loss 0.31`
    void at(String work, double fraction, String detail);

    /// {@return a progress that nobody watches}
    static Progress silent() {
        return new Progress() {
            @Override
            public void say(String line) {}

            @Override
            public void at(String work, double fraction, String detail) {}
        };
    }
}
