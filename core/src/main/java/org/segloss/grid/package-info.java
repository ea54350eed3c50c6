/// Where voxels lie: shapes, spacing in millimetres, boxes, exact distances and nearest points, connected parts,
/// surfaces and skeletons. Uses the kernels' threads, and nothing of losses or metrics.
package org.segloss.grid;
