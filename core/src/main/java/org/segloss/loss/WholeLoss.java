package org.segloss.loss;

/// A loss that has to know a number of every voxel before the gradient of any is known.
///
/// A first pass over the voxels writes these numbers, planes of the volume's size; the loss is computed from them, and
/// they are replaced by its derivatives; a second pass reads those.
public sealed interface WholeLoss extends Loss.Leaf permits RankedLoss, VolumeLoss {

    /// {@return the number that is needed of a voxel}
    Measure measure(Task task);

    /// {@return over what the loss is averaged}
    default Reduction over() {
        return Reduction.ALL;
    }

    /// A number of a voxel.
    enum Measure {
        /// `|y - p|` of a class, with its target, which has to be 0 or 1.
        ABSOLUTE,
        /// `max(0, 1 - z (2y - 1))` of a channel's logit `z`, with its target, which has to be 0 or 1.
        HINGE,
        /// `-sum_k y_k log p_k` of a voxel, or of a channel of a binary or multilabel task.
        CROSS_ENTROPY,
        /// `p` of a class.
        PROBABILITY,
        /// The logit of a channel.
        LOGIT
    }
}
