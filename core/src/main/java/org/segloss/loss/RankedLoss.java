package org.segloss.loss;

/// A loss that looks at the voxels in the order of their errors, largest first: `sum(w e)`, where the weights depend on
/// that order alone and so are constants to the gradient. Takes time linear in the voxels.
public sealed interface RankedLoss extends WholeLoss permits Lovasz, TopK, Ohem {}
