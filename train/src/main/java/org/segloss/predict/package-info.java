/// Trained networks at work on whole images: windows, their blending, ensembles, mirrored views, and the way back to an
/// image's own grid.
///
/// The package uses checkpoints of trainings, networks and preprocessing. It is the uppermost of what knows libtorch.
package org.segloss.predict;
