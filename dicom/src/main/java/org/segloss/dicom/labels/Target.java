package org.segloss.dicom.labels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.series.ImageHeader;
import org.segloss.dicom.series.References;
import org.segloss.dicom.series.Series;
import org.segloss.dicom.series.SeriesFolder;
import org.segloss.dicom.series.SeriesImage;
import org.segloss.dicom.series.SopClass;
import org.segloss.format.Finding;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.format.ReadResult;
import org.segloss.image.Geometry;

/// The grid of the image that labels are of.
///
/// @param series nothing where the image is of another format
public record Target(Geometry grid, Optional<Series> series) {

    /// {@return the grid of an image of any format}
    /// @throws IOException that names the image and what is wrong with it
    public static Target of(Path image) throws IOException {
        Optional<SeriesImage> found = series(image);
        return found.isPresent()
                ? new Target(found.get().grid(), Optional.of(found.get().series()))
                : new Target(Images.info(image).geometry(), Optional.empty());
    }

    /// {@return an image of DICOM}; nothing where it is of another format, or labels itself
    /// @throws IOException that names the image and what is wrong with it
    public static Optional<SeriesImage> series(Path image) throws IOException {
        ImageSource source = ImageSource.of(image);
        if (!source.isFolder()) {
            if (!source.readable().isEmpty() || !DicomFile.isOne(image)) {
                return Optional.empty();
            }
            try (DicomFile file = DicomFile.open(source)) {
                if (ImageHeader.kind(file) != SopClass.IMAGE) {
                    return Optional.empty();
                }
            }
        } else if (SeriesFolder.of(image).images().isEmpty()) {
            return Optional.empty();
        }
        var findings = new ArrayList<Finding>();
        Optional<SeriesImage> found = SeriesImage.of(source, findings);
        if (found.isEmpty()) {
            throw ReadResult.failure(image.toString(), findings);
        }
        return found;
    }

    /// {@return what speaks against labels being of this image}
    public List<Finding> findings(References references) {
        return series.map(references::findings).orElse(List.of());
    }
}
