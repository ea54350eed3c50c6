/// Which files of a folder are one image, in which order its slices lie, where, and their numbers.
package org.segloss.dicom.series;
