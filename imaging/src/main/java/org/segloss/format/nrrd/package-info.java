/// NRRD, the format of Teem and 3D Slicer. May use `format`.
package org.segloss.format.nrrd;
