package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// A format of image files: all that the program knows of one. It needs no state; [Formats] holds one of each that
/// [java.util.ServiceLoader] finds, and [Images] reads and writes by them.
///
/// A format is given files that are there, or bytes, and may be read, and names whatever else is wrong with
/// them as findings, all at once. Nothing that a header claims is believed before it was compared with what the
/// file can hold.
///
/// An image is one file that is named, with others beside it or without. One that is a folder, as a series in DICOM,
/// will have the folder as its file: [Formats#of], which opens a file to see its first bytes, has to ask for it by
/// another question, and what reads folders of images to tell it from a folder of them.
public non-sealed interface ImageFormat extends FileFormat {
    /// What the numbers of a file are wanted for.
    enum Purpose {
        /// Amounts, which may be scaled, and colours, which may be looked up.
        IMAGE,
        /// Names of classes, which are taken as they are stored.
        LABELS
    }

    /// {@return what a source is said to hold, nothing if an error was found; voxels are read only where the header
    /// leaves open how many channels there are}
    ///
    /// @param findings gets what is wrong or odd with the header
    /// @throws IOException if the source ends too early or can't be read, in words that follow the source's name
    Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException;

    /// {@return what a source holds, nothing if an error was found}
    ///
    /// @param findings gets what is wrong or odd with the source
    /// @throws IOException if the source ends too early or can't be read, in words that follow the source's name
    Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException;

    /// Writes numbers in their own type (bool as uint8), so that each file is there whole or not at all. The same
    /// numbers make the same bytes.
    ///
    /// @param values `(z, y, x)` or `(channel, z, y, x)` on the grid of `geometry`
    /// @throws IllegalArgumentException if the format can't hold them; always where it is only read
    default void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        throw new IllegalArgumentException(
                "%s: %s is only read; write %s".formatted(file, name(), Formats.IMAGES.ownEnding()));
    }

    /// Writes numbers on the grid of an image. Where that is of this format, its header's words on the grid are taken
    /// over as they stand: what an affine doesn't hold, such as units, and what programs read differently.
    ///
    /// @param image a file on the grid of `geometry`, of any format
    default void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        write(file, geometry, values);
    }

    /// @throws IllegalArgumentException if the format can't hold a segmentation on a grid, or in a file of that name;
    ///     says so before anything is computed for it
    default void checkHolds(Path file, Geometry grid) {}

    /// {@return whether a label that is written is read again}: not where a format keeps numbers roughly, or is only
    /// read. Segmentations of such images go to files of another format.
    default boolean holdsLabels() {
        return true;
    }

    /// {@return whether its files are looked at as pictures}: their binary masks have 255 in place of 1
    default boolean isPicture() {
        return false;
    }

    /// {@return the files that a file's voxels lie in, if not in itself}; nothing where it doesn't say
    default List<Path> companions(Path file) throws IOException {
        return List.of();
    }
}
