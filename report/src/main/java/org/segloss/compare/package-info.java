/// From scores to verdicts on pairs of losses. May use `score`, `stat` and `run`.
package org.segloss.compare;
