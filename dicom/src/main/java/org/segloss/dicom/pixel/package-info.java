/// How the pixels of a file are stored, and what they are: native, or packed by RLE or JPEG.
package org.segloss.dicom.pixel;
