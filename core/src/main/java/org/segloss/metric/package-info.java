/// Numbers that say how well a prediction of one class agrees with its reference.
///
/// A [org.segloss.metric.Metric] is a value with a name, and [org.segloss.metric.MetricCatalog] lists them all: ours,
/// and those in jars of a user's own. [org.segloss.metric.Scorer] scores masks and label maps; what metrics share, it
/// keeps in a [org.segloss.metric.MaskComparison]. The package uses `org.segloss.grid`, where distances, connected
/// parts and skeletons are computed, and nothing of the losses.
package org.segloss.metric;
