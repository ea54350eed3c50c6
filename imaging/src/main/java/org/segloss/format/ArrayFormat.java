package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import org.segloss.image.NumericArray;

/// A format of files that hold an array of numbers and say nothing of where they lie. [Formats#ARRAYS] has one of each,
/// and [ArrayFile] reads and writes by them.
public non-sealed interface ArrayFormat extends FileFormat {

    /// {@return the numbers of a file}
    /// @throws IOException that names the file, what is wrong with it, and what to do
    NumericArray readArray(Path file) throws IOException;

    /// {@return the numbers of a file as labels}: other ones where a file holds an image and its labels
    /// @throws IOException as [#readArray]
    default NumericArray readLabels(Path file) throws IOException {
        return readArray(file);
    }

    /// Writes numbers in their own type; the file is there whole or not at all.
    void writeArray(Path file, NumericArray array) throws IOException;
}
