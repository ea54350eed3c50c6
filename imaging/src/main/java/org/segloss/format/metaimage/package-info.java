/// MetaImage, the own format of ITK. May use `format`.
package org.segloss.format.metaimage;
