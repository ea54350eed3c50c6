package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.segloss.run.Manifest;

/// A part of a job. It reads files and writes files, and is skipped while its files are what they were and what they
/// were made from is unchanged.
interface Stage {

    /// {@return the stage as `stages.json` names it}
    String name();

    /// {@return the hash of all that its files follow from}
    ///
    /// @param hash of a file
    String inputs(Manifest.Hash hash) throws IOException;

    /// {@return the files that it writes}
    List<Path> files();

    /// Writes them.
    void run(JobListener listener) throws IOException;
}
