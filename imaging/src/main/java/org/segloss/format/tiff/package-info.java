/// TIFF, and what microscopes' programs say in it. May use `format`.
package org.segloss.format.tiff;
