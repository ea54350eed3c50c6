package org.segloss.loss;

/// A loss that is a mean (or a sum) over voxels of a function of each voxel's probabilities and target.
///
/// A voxel has `K` outcomes: the classes of a multiclass task, or, for the channel of a binary or multilabel task,
/// background (0) and foreground (1). Implementing [#at] is enough: the evaluator does the rest. The loss has to be
/// linear in the target. A record with a component `labels` of type [TargetOptions] has its options.
public non-sealed interface VoxelLoss extends Loss.Leaf {

    /// The loss of one voxel, and its derivative.
    ///
    /// @param p          probabilities of the outcomes, summing to 1
    /// @param logP their logarithms: exact for sure voxels too, where `p` has rounded to 1, but that those of a
    ///                   softmax in float are within that rounding
    /// @param y          the target's probabilities of the outcomes, with their weights
    /// @param derivative is overwritten with the derivative by each `logP`, with `p = exp(logP)`
    /// @return the loss of this voxel
    double at(double[] p, double[] logP, double[] y, double[] derivative);

    /// {@return the derivative by an outcome's probability itself, where that is 0 and so the derivative by its
    /// logarithm is}: of a prediction of probabilities. Cross-entropy isn't asked, as the derivative by its
    /// logarithm isn't 0
    ///
    /// @param y the target's probability of the outcome, with its weights, not 0
    default double byProbabilityOfZero(double y) {
        return 0;
    }

    /// {@return what becomes of the target before [#at] sees it}
    default TargetOptions labels() {
        return TargetOptions.PLAIN;
    }

    /// {@return whether a logarithm in float is not exact enough}: then the plain evaluator does all of a loss
    default boolean needsDouble() {
        return false;
    }

    /// {@return how the voxels' losses become one number}
    default Aggregation reduction() {
        return Aggregation.MEAN;
    }

    /// {@return the loss whose sum is the divisor of a [Aggregation#NORMALIZED] one}
    default VoxelLoss normalizer() {
        throw new UnsupportedOperationException("a normalized loss has to say by what");
    }

    /// How the losses of many voxels become one number. In a loss's text this is `reduction`, as PyTorch has it; how
    /// the numbers of classes and samples become one is a [Reduction], whose parts have names of their own there.
    enum Aggregation {
        /// Divided by the number of voxels that count, in a binary or multilabel task over all channels. Without any
        /// such voxel the loss is 0.
        MEAN,
        /// Added up over voxels, channels and samples.
        SUM,
        /// Divided by the sum of [#normalizer], or by 1e-6 if that is less.
        NORMALIZED
    }
}
