/// Losses of a few sums over a class, a record each. May use `loss` and `loss.voxel`.
package org.segloss.loss.overlap;
