package org.segloss.metric;

/// A metric's value with what it rests on. Undefined is NaN, with a status that says why.
public record Score(double value, Status status) {

    /// What the two masks held.
    public enum Status {
        OK,
        /// Neither mask has a voxel of the class.
        BOTH_EMPTY,
        /// Only the prediction has voxels of the class.
        REFERENCE_EMPTY,
        /// Only the reference has voxels of the class.
        PREDICTION_EMPTY,
        /// There is no value, and nothing says why.
        UNDEFINED
    }
}
