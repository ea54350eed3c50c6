/// Pictures as cameras and microscopes make them. May use `format`.
package org.segloss.format.picture;
