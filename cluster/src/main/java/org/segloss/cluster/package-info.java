/// Trainings and scores on a cluster of Spark.
package org.segloss.cluster;
