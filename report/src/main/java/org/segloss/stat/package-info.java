/// Paired tests, intervals, rankings and what a design can show. Works on arrays of numbers; the distributions are
/// those of Commons Statistics. May use `random` and the checks of `loss`.
package org.segloss.stat;
