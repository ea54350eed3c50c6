package org.segloss.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// A format of image files: all that the program knows of one. It needs no state; [Formats] holds one of each that
/// [java.util.ServiceLoader] finds, and [Images] reads and writes by them.
///
/// A format is given files that are there, or bytes, and may be read, and names whatever else is wrong with
/// them as findings, all at once. Nothing that a header claims is believed before it was compared with what the
/// file can hold.
///
/// An image is one file that is named, with others beside it or without, or a folder, as a series in DICOM: that is
/// named like a file, and [#recognisesFolder] tells it from a folder of images.
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

    /// As [#read] for [Purpose#LABELS], where an image is known that they belong to. A format that stores
    /// outlines, or no more than the slices that have labels, puts them on the image's grid.
    ///
    /// @param image a file or a folder of any format, on whose grid the labels lie
    default Optional<Scan> readLabels(ImageSource source, Path image, List<Finding> findings) throws IOException {
        return read(source, Purpose.LABELS, findings);
    }

    /// As [#info], of labels that [#readLabels] reads.
    default Optional<ImageInfo> labelInfo(ImageSource source, Path image, List<Finding> findings) throws IOException {
        return info(source, findings);
    }

    /// {@return what an image is known by wherever it lies, such as the UID of its series}; nothing where a
    /// source is no image, or the format has no such thing
    default Optional<String> identity(ImageSource source) throws IOException {
        return Optional.empty();
    }

    /// {@return the [identities][#identity] of the images that the labels in a source were made on}; none
    /// where a source has no labels, or doesn't say
    default Set<String> labelled(ImageSource source) throws IOException {
        return Set.of();
    }

    /// {@return what a source of labels calls them, by their numbers}; nothing where the format has no names
    default SortedMap<Integer, String> labelNames(ImageSource source) throws IOException {
        return new TreeMap<>();
    }

    /// Writes numbers in their own type (bool as uint8), so that each file is there whole or not at all. The same
    /// numbers make the same bytes.
    ///
    /// @param values `(z, y, x)` or `(channel, z, y, x)` on the grid of `geometry`
    /// @throws IllegalArgumentException if the format can't hold them; always where it is only read
    default void write(Path file, Geometry geometry, NumericArray values) throws IOException {
        throw new IllegalArgumentException(
                "%s: %s is only read; write %s".formatted(file, name(), Formats.IMAGES.ownEnding()));
    }

    /// Writes numbers on the grid of an image. Where that is of this format, its header's words on the grid
    /// are taken over as they stand: what an affine doesn't hold, such as units, and what programs read
    /// differently.
    ///
    /// @param image a file on the grid of `geometry`, of any format
    default void writeLike(Path image, Path file, Geometry geometry, NumericArray values) throws IOException {
        write(file, geometry, values);
    }

    /// As [#writeLike], of labels, with what they are called in a format that has names.
    ///
    /// @param names of labels, as far as they have some
    default void writeLabels(
            Path image, Path file, Geometry geometry, NumericArray labels, SortedMap<Integer, String> names)
            throws IOException {
        writeLike(image, file, geometry, labels);
    }

    /// @throws IllegalArgumentException if the format can't hold a segmentation on a grid, or in a file of
    ///     that name; says so before anything is computed for it
    default void checkHolds(Path file, Geometry grid) {}

    /// As [#checkHolds(Path, Geometry)], of the segmentation of an image.
    ///
    /// @param image a file or a folder of any format
    default void checkHolds(Path image, Path file, Geometry grid) throws IOException {
        checkHolds(file, grid);
    }

    /// {@return whether a segmentation is written by [#writeLike] alone}, because it refers to its image. The
    /// program names no such file by itself: it may carry more of the image than labels, such as a patient's
    /// name.
    default boolean needsImage() {
        return false;
    }

    /// {@return whether a label that is written is read again}: not where a format keeps numbers roughly, or
    /// is only read. Segmentations of such images go to files of another format.
    default boolean holdsLabels() {
        return true;
    }

    /// {@return whether its files are looked at as pictures}: their binary masks have 255 in place of 1
    default boolean isPicture() {
        return false;
    }

    /// {@return the files that a file's voxels lie in, if not in itself, or those of a folder}; nothing where
    /// it doesn't say
    default List<Path> companions(Path file) throws IOException {
        return List.of();
    }
}
