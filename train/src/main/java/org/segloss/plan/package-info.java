/// What a training is: a value that knows no engine.
///
/// A [TrainingPlan][org.segloss.plan.TrainingPlan] holds every setting that decides what comes out of a training, the
/// loss and the seed included. [Preset][org.segloss.plan.Preset] and
/// [Overrides][org.segloss.plan.Overrides] lead to one for given data. A setting is spelled once, as a component of
/// one of these records.
///
/// The package uses losses and tasks, preprocessing, augmentation and nothing of libtorch; all of training and
/// prediction stands above it.
package org.segloss.plan;
