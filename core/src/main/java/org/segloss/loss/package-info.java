/// A loss as a value: what a leaf of each kind has to say, how leaves are found, and the text that is a loss's one
/// name. The leaves themselves lie in the packages below this one's name and are found as a user's are. Uses `grid`;
/// knows no leaf, and nothing that evaluates.
package org.segloss.loss;
