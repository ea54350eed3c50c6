package org.segloss.kernel;

/// Threads that can do something together with the calling one.
public interface Crew {

    /// Lets at most `threads` threads do `work`, all at once: as a rule the calling one, and others that come before it
    /// is done. Returns when nobody is at it any more.
    ///
    /// @param threads two at least
    /// @param work    throws nothing, and leaves nothing to do to whoever comes late
    void work(int threads, Runnable work);
}
