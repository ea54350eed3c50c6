/// Images and label maps in memory: numbers in a flat array with spacing and place. May use `grid` and `file`.
package org.segloss.image;
