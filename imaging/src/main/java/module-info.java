/// Images, their files, data sets, and what is done to them before and while a network sees them.
module org.segloss.imaging {
    requires transitive org.segloss.core;
    // the readers and writers of pictures
    requires java.desktop;
    requires transitive de.siegmar.fastcsv;
    requires transitive tools.jackson.databind;

    exports org.segloss.random;
    exports org.segloss.file;
    exports org.segloss.image;
    exports org.segloss.format;
    exports org.segloss.dataset;
    exports org.segloss.decide;
    exports org.segloss.prep;
    exports org.segloss.augment;
}
