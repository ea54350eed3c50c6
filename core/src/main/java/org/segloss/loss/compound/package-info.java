/// Sums of losses that have a name of their own in the literature. May use `loss` and all leaves.
package org.segloss.loss.compound;
