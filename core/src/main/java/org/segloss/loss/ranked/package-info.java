/// Losses of errors in their order, a record each. May use `loss` and the leaves before it.
package org.segloss.loss.ranked;
