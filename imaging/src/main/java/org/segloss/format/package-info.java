/// Image formats, a class each, behind `ImageFormat`, in the one list of `Formats`. May use `file`, `image` and
/// `grid`.
package org.segloss.format;
