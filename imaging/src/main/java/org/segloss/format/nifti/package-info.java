/// NIfTI images. May use `format`.
package org.segloss.format.nifti;
