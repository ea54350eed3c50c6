package org.segloss.metric;

/// A metric's value with what it rests on. Undefined is NaN, with a status that says why.
public record Score(double value, Status status) {

    /// What the two masks held.
    public enum Status {
        /// Both masks have voxels of the class, and the value is a number.
        OK,
        /// Neither mask has a voxel of the class.
        BOTH_EMPTY,
        /// Only the prediction has voxels of the class: a false positive.
        REF_EMPTY,
        /// Only the reference has voxels of the class, or there is no prediction at all: it was missed.
        PRED_EMPTY,
        /// Both masks have voxels of the class, but the formula is 0/0.
        UNDEFINED
    }
}
