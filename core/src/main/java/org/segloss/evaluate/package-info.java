/// Value and gradient of a loss on logits and targets, in two passes over the voxels, plain and on vector lanes.
/// `LossEvaluator` is the door; `Prediction` and `Target` are what it takes. May use `grid`, `kernel`, `loss` and its
/// leaves.
package org.segloss.evaluate;
