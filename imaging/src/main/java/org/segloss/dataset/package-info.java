/// Folders of images with labels: layouts, labels' names, checks, groups, splits, and the phantom that is made where
/// there is none. May use `format` and what stands before it.
package org.segloss.dataset;
