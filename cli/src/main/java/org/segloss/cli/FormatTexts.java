package org.segloss.cli;

import java.util.ListResourceBundle;
import org.segloss.format.Formats;

/// What the commands' helps say of the formats that files may have: picocli looks `${bundle:images.names}` up here.
final class FormatTexts extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
        return new Object[][] {
            {"images.names", Formats.IMAGES.names()},
            {"images.endings", Formats.IMAGES.endings()},
            {"labels.endings", Formats.LABELS.endings()},
            {"arrays.names", Formats.ARRAYS.names()}
        };
    }
}
