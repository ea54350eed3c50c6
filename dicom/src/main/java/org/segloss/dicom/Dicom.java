package org.segloss.dicom;

import static org.segloss.format.Finding.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.dicom.part10.DicomFile;
import org.segloss.dicom.series.ImageHeader;
import org.segloss.dicom.series.SeriesFolder;
import org.segloss.dicom.series.SeriesImage;
import org.segloss.dicom.series.SopClass;
import org.segloss.format.Finding;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageInfo;
import org.segloss.format.ImageSource;
import org.segloss.format.Scan;

/// DICOM: a folder of a series, or a file with one frame or several.
///
/// Slices are sorted by their positions along their normal, the lowest first; DICOM counts millimetres to the
/// left and to the back, an affine to the right and to the front. Numbers have each slice's own scale.
public final class Dicom implements ImageFormat {

    @Override
    public String name() {
        return "DICOM";
    }

    @Override
    public List<String> endings() {
        return List.of(".dcm");
    }

    @Override
    public boolean recognises(byte[] head) {
        return DicomFile.isStart(head);
    }

    @Override
    public boolean recognisesFolder(Path folder) throws IOException {
        return SeriesFolder.isOne(folder);
    }

    @Override
    public List<Path> companions(Path file) throws IOException {
        return Files.isDirectory(file) ? SeriesFolder.of(file).files() : List.of();
    }

    @Override
    public boolean needsImage() {
        return true;
    }

    @Override
    public Optional<ImageInfo> info(ImageSource source, List<Finding> findings) throws IOException {
        return image(source, findings).map(SeriesImage::info);
    }

    @Override
    public Optional<Scan> read(ImageSource source, Purpose purpose, List<Finding> findings) throws IOException {
        Optional<SeriesImage> image = image(source, findings);
        return image.isPresent() ? image.get().read(purpose == Purpose.IMAGE, findings) : Optional.empty();
    }

    private static Optional<SeriesImage> image(ImageSource source, List<Finding> findings) throws IOException {
        if (!source.isFolder()) {
            try (DicomFile file = DicomFile.open(source)) {
                SopClass kind = ImageHeader.kind(file);
                if (kind != SopClass.IMAGE) {
                    findings.add(
                            kind == SopClass.DIRECTORY
                                    ? error("this is the index of a medium (DICOMDIR)", "Give the folder of a series.")
                                    : error(
                                            "this is a DICOM file, but no image",
                                            "Give a file or the folder of a series."));
                    return Optional.empty();
                }
            }
        }
        return SeriesImage.of(source, findings);
    }
}
