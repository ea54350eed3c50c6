/// DICOM files as images and labels: series, segmentations and outlines.
module org.segloss.dicom {
    requires transitive org.segloss.imaging;
    // the decoder of JPEG, the lossless process too
    requires com.twelvemonkeys.imageio.jpeg;
    requires java.desktop;

    provides org.segloss.format.ImageFormat with
            org.segloss.dicom.Dicom;
}
