package org.segloss.experiment;

import java.io.IOException;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;

/// A way to do jobs: here, or wherever else there are machines.
public interface Executor {

    /// Trains, predicts and scores in a folder, as far as that hasn't been done there. What it leaves are the files
    /// that [LossFolder] names; a training that was broken off goes on from its checkpoint.
    ///
    /// @param folder no other program writes into it
    /// @return how the training ended; one that diverged has neither predictions nor scores
    /// @throws IOException if the folder holds a training with other settings, the data are not those of the job,
    ///     or
    ///     a file can't be read or written
    Outcome run(Job job, LossFolder folder, JobListener listener) throws IOException;
}
