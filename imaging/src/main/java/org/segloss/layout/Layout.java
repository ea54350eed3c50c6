package org.segloss.layout;

import java.io.IOException;
import java.util.List;

/// A way in which people arrange the files of a data set. It looks at names alone.
interface Layout {

    /// {@return the readings of a folder in this way}: none if it isn't arranged so, several if it can be
    /// read in more than one way
    List<Found> find(Folder folder, Conventions conventions) throws IOException;

    /// What is known of a data set's names besides the names.
    ///
    /// @param suffixed whether images are said to end with the number of their channel, as nnU-Net's do:
    ///                 `case_0000.nii.gz`
    /// @param channels what channels are said to be called, in their order; empty if nothing is said
    record Conventions(boolean suffixed, List<String> channels) {
        public Conventions {
            channels = List.copyOf(channels);
        }
    }
}
