/// DICOM as a format of images: series, segmentations and outlines. No identity of a patient leaves this
/// package but for the segmentations that it writes, which have to say whose they are.
package org.segloss.dicom;
