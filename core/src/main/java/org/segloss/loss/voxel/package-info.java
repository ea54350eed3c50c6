/// Losses of one voxel's probabilities and target, a record each. May use `loss`.
package org.segloss.loss.voxel;
