package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A format of files, told from others by the files' first bytes, and where these say nothing by their names.
public sealed interface FileFormat permits ImageFormat, ArrayFormat {
    /// How many bytes of a file are looked at to tell its format.
    int HEAD = 1024;

    /// {@return what people call it, for example `NIfTI`}
    String name();

    /// {@return the endings of its files' names in small letters, each with its first dot; what the program itself
    /// names gets the first of them}
    List<String> endings();

    /// {@return whether a file is of this format}
    ///
    /// @param head the file's first [#HEAD] bytes, all of a shorter one
    boolean recognises(byte[] head);

    /// {@return whether a folder as a whole is one file of this format, as a series in DICOM is one image}: not
    /// where it holds several, each a file or a folder of its own
    default boolean recognisesFolder(Path folder) throws IOException {
        return false;
    }

    /// {@return the files that come to be, or are replaced, where numbers are written to a name}; the name itself is
    /// the first
    default List<Path> written(Path file) {
        return List.of(file);
    }
}
