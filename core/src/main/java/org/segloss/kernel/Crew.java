package org.segloss.kernel;

/// Threads that can do something together with the calling one.
public interface Crew {

    /// Lets the calling thread and at most `threads - 1` others do `work`, all at once. Returns when nobody is at it
    /// any
    /// more; others that haven't begun by the time the calling thread is done don't begin.
    ///
    /// @param threads two at least
    /// @param work    throws nothing
    void work(int threads, Runnable work);
}
