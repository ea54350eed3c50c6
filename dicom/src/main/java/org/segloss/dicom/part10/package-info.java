/// Files and data sets as part 10 and part 5 of DICOM lay them out: elements, sequences, transfer syntaxes.
/// Knows no images.
package org.segloss.dicom.part10;
