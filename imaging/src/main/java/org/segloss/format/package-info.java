/// What a format of images is, behind `ImageFormat`, and the list of all, `Formats`; the formats themselves lie
/// in a package each below. May use `file`, `image` and `grid`.
package org.segloss.format;
