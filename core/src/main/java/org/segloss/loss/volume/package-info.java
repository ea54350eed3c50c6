/// Losses that know where voxels lie, a record each, and what they share: distances, windows, skeletons, borders. May
/// use `grid`, `kernel`, `loss` and the leaves before it.
package org.segloss.loss.volume;
