/// Segmentations from probabilities: the most probable class, thresholds, the largest expected Dice.
///
/// The package knows arrays alone: no network, no file.
package org.segloss.decide;
