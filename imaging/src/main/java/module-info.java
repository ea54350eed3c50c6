/// Images, their files, data sets, and what is done to them before and while a network sees them.
module org.segloss.imaging {
    requires transitive org.segloss.core;
    // the readers and writers of pictures
    requires java.desktop;
    requires java.xml;
    requires transitive de.siegmar.fastcsv;
    requires transitive tools.jackson.databind;

    exports org.segloss.random;
    exports org.segloss.file;
    exports org.segloss.image;
    exports org.segloss.format;
    exports org.segloss.format.numpy;
    exports org.segloss.layout;
    exports org.segloss.dataset;
    exports org.segloss.decide;
    exports org.segloss.prep;
    exports org.segloss.augment;

    uses org.segloss.format.ImageFormat;
    uses org.segloss.format.ArrayFormat;

    // the same formats in the same order as in META-INF/services, which is read on a class path
    provides org.segloss.format.ImageFormat with
            org.segloss.format.nifti.Nifti,
            org.segloss.format.picture.Png,
            org.segloss.format.picture.Jpeg,
            org.segloss.format.metaimage.MetaImage,
            org.segloss.format.nrrd.Nrrd,
            org.segloss.format.tiff.Tiff;
    provides org.segloss.format.ArrayFormat with
            org.segloss.format.numpy.Npy,
            org.segloss.format.numpy.Npz;
}
