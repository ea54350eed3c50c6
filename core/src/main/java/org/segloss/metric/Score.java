package org.segloss.metric;

/// A metric's value with what it rests on. Undefined is NaN, with a status that says why.
public record Score(double value, Status status) {

    /// What the two masks held, where the reference is known. Of a metric that measures something of a mask alone, such
    /// as its surface, it is said of that: where voxels beside a mask are ignored, it may have none that is known.
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
        UNDEFINED,
        /// No voxel of the reference is known, and there is nothing to score.
        ALL_IGNORED,
        /// The two were never compared: one of them is missing or damaged, or they don't fit.
        UNREADABLE;

        /// {@return what two masks hold, one of which may be empty}
        static Status of(boolean predictionIsEmpty, boolean referenceIsEmpty) {
            if (referenceIsEmpty) {
                return predictionIsEmpty ? BOTH_EMPTY : REF_EMPTY;
            }
            return predictionIsEmpty ? PRED_EMPTY : OK;
        }
    }
}
