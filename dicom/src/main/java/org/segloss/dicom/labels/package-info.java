/// Segmentations (SEG) and outlines (RTSTRUCT) as labels on a grid, and labels as a segmentation.
package org.segloss.dicom.labels;
