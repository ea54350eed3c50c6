package org.segloss.loss;

/// A loss that looks at the voxels in the order of their errors, largest first: `sum(w e)`, where the weights depend on
/// that order alone and so are constants to the gradient.
///
/// Ranking takes memory of the volume's size, for each channel that is ranked, and time linear in it.
public sealed interface RankedLoss extends Loss.Leaf permits Lovasz, TopK {

    /// {@return what is ranked}
    Measure measure(Task task);

    /// What is ranked; all are at least 0.
    enum Measure {
        /// `|y - p|` of a class.
        ABSOLUTE,
        /// `max(0, 1 - z (2y - 1))` of a channel's logit `z`.
        HINGE,
        /// `-sum_k y_k log p_k` of a voxel, or of a channel.
        CROSS_ENTROPY
    }
}
