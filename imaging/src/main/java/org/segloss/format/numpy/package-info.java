/// Arrays of NumPy. May use `format`.
package org.segloss.format.numpy;
