package org.segloss.evaluate;

import java.lang.foreign.MemorySegment;
import org.segloss.grid.Shape;

/// The caller's memory in one evaluation, and then in the next.
final class Batch {
    private static final Thread ANOTHER_THREAD = Thread.ofVirtual().unstarted(() -> {});

    // none between evaluations
    private Prediction prediction;
    private Target target;
    private MemorySegment gradient;
    private long voxels;
    private int threads;
    private boolean onePass;

    /// @param gradient empty if only the value is asked for
    /// @param threads  how many may work on it, if they may
    /// @param onePass  whether a block's gradient is written as soon as its sums are gathered
    void open(Prediction prediction, Target target, MemorySegment gradient, int threads, boolean onePass) {
        this.prediction = prediction;
        this.target = target;
        this.gradient = gradient;
        voxels = prediction.shape().voxels();
        this.threads = isShared() ? threads : 1;
        this.onePass = onePass;
    }

    /// Lets go of the memory.
    void close() {
        prediction = null;
        target = null;
        gradient = null;
    }

    Prediction prediction() {
        return prediction;
    }

    Target target() {
        return target;
    }

    boolean hasGradient() {
        return gradient.byteSize() > 0;
    }

    MemorySegment gradient() {
        return gradient;
    }

    Shape shape() {
        return prediction.shape();
    }

    /// {@return the voxels of a sample}
    long voxels() {
        return voxels;
    }

    int threads() {
        return threads;
    }

    boolean isOnePass() {
        return onePass;
    }

    /// {@return whether all threads may use the memory}: that of a confined arena is for the calling thread alone
    private boolean isShared() {
        return prediction.data().isAccessibleBy(ANOTHER_THREAD)
                && target.data().isAccessibleBy(ANOTHER_THREAD)
                && (target.mask().isEmpty() || target.mask().get().isAccessibleBy(ANOTHER_THREAD))
                && gradient.isAccessibleBy(ANOTHER_THREAD);
    }
}
