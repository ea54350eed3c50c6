/// Where a data set's images and segmentations lie: the ways in which people arrange their files, a class
/// each, in the one list of `Layouts`. No file is opened. May use `format`, `image` and `file`.
package org.segloss.layout;
