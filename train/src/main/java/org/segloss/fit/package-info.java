/// The training loop: batches, losses on all heads, optimizers, the schedule of their rate, checkpoints, and what a
/// training writes about itself.
///
/// [Trainer][org.segloss.fit.Trainer] trains what a plan says, and goes on with what was broken off. The package uses
/// plans, tensors, networks, data sets and TensorBoard's files; prediction stands above it, and comes in as a
/// [Validator][org.segloss.fit.Validator].
package org.segloss.fit;
