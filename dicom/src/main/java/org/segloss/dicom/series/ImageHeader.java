package org.segloss.dicom.series;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.part10.TransferSyntax;
import org.segloss.dicom.pixel.Frames;
import org.segloss.dicom.pixel.PixelFormat;

/// What an image's file says before its pixels are read. None of it says whose image it is.
///
/// @param file   nothing where there are only bytes
/// @param frames at least one
public record ImageHeader(
        Optional<Path> file,
        String sopClass,
        String sopInstance,
        Series series,
        TransferSyntax syntax,
        PixelFormat pixels,
        boolean hasTable,
        List<Frame> frames) {

    /// What is said of one frame; each is nothing where it isn't said.
    ///
    /// @param position    of the first pixel's centre, in mm to the left, to the back and up
    /// @param orientation directions of a row and of a column
    /// @param spacing     mm from row to row, and from column to column
    /// @param thickness   mm from slice to slice, as far as one slice knows it
    public record Frame(
            int index,
            Optional<double[]> position,
            Optional<double[]> orientation,
            Optional<double[]> spacing,
            Optional<double[]> thickness,
            double slope,
            double intercept) {}

    /// {@return what kind of object a file is}
    public static SopClass kind(DicomFile file) throws IOException {
        String uid = file.header().text(Tag.SOP_CLASS_UID);
        return SopClass.of(
                uid.isEmpty() ? file.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID) : uid,
                file.header().has(Tag.ROWS) && file.header().has(Tag.COLUMNS));
    }

    public static ImageHeader of(DicomFile file, Optional<Path> path) throws IOException {
        DataSet header = file.header();
        PixelFormat pixels = PixelFormat.of(header);
        Frames.checkPromise(file, pixels);
        return new ImageHeader(
                path,
                header.text(Tag.SOP_CLASS_UID),
                header.text(Tag.SOP_INSTANCE_UID),
                Series.of(header),
                file.syntax(),
                pixels,
                header.has(Tag.MODALITY_LUT_SEQUENCE),
                frames(header, pixels.frames()));
    }

    private static List<Frame> frames(DataSet header, int count) throws IOException {
        FunctionalGroups groups = FunctionalGroups.of(header);
        if (groups.frames() > 0 && groups.frames() != count) {
            throw new IOException("it has %d frames, but says where %d lie".formatted(count, groups.frames()));
        }
        var frames = new ArrayList<Frame>();
        if (groups.frames() == 0) {
            Frame one = frame(0, List.of(header), header);
            if (count == 1) {
                return List.of(one);
            }
            // one position can't be that of all
            for (int i = 0; i < count; i++) {
                frames.add(new Frame(
                        i,
                        Optional.empty(),
                        Optional.empty(),
                        one.spacing(),
                        one.thickness(),
                        one.slope(),
                        one.intercept()));
            }
            return frames;
        }
        for (int i = 0; i < count; i++) {
            frames.add(frame(i, groups.of(i), header));
        }
        return frames;
    }

    private static Frame frame(int index, List<DataSet> groups, DataSet header) throws IOException {
        Optional<double[]> spacing = numbers(groups, Tag.PIXEL_MEASURES_SEQUENCE, Tag.PIXEL_SPACING, 2);
        Optional<double[]> between = numbers(groups, Tag.PIXEL_MEASURES_SEQUENCE, Tag.SPACING_BETWEEN_SLICES, 1);
        Optional<double[]> thickness = numbers(groups, Tag.PIXEL_MEASURES_SEQUENCE, Tag.SLICE_THICKNESS, 1);
        return new Frame(
                index,
                numbers(groups, Tag.PLANE_POSITION_SEQUENCE, Tag.IMAGE_POSITION_PATIENT, 3),
                numbers(groups, Tag.PLANE_ORIENTATION_SEQUENCE, Tag.IMAGE_ORIENTATION_PATIENT, 6),
                spacing.isPresent() ? spacing : header.numbers(Tag.IMAGER_PIXEL_SPACING, "DS", 2),
                between.filter(mm -> mm[0] > 0).isPresent() ? between : thickness,
                number(groups, Tag.RESCALE_SLOPE, 1),
                number(groups, Tag.RESCALE_INTERCEPT, 0));
    }

    /// {@return the numbers that the first of some groups has, in a sequence or, as in classic images, beside
    /// it}
    private static Optional<double[]> numbers(List<DataSet> groups, int sequence, int tag, int count)
            throws IOException {
        for (DataSet group : groups) {
            Optional<DataSet> item = group.item(sequence);
            Optional<double[]> found = (item.isPresent() ? item.get() : group).numbers(tag, "DS", count);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static double number(List<DataSet> groups, int tag, double otherwise) throws IOException {
        return numbers(groups, Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tag, 1).orElse(new double[] {otherwise})[0];
    }
}
