package org.segloss.experiment;

import java.io.IOException;
import java.util.List;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.torch.Libtorch;

/// A way to do the jobs of a run: here, or wherever else there are machines.
public interface Executor {

    /// A job to do.
    ///
    /// @param number   which of the [jobs of the run][Job#of] it is, from 0
    /// @param folder   where it leaves its files; no other program writes into it
    /// @param listener told by one thread at a time
    record Order(int number, Job job, LossFolder folder, JobListener listener) {}

    /// Checks, before anything is written, that a new run can be computed on a device; where that is another
    /// machine's, a job says so that finds none.
    ///
    /// @throws IllegalArgumentException if there is no such device
    /// @throws IllegalStateException    if libtorch is missing
    /// @throws IOException              if what does the jobs can't be reached
    default void require(String device) throws IOException {
        Libtorch.require(device);
    }

    /// Trains, predicts and scores, as far as that hasn't been done. What is left are the files that [LossFolder]
    /// names, whatever order the jobs are done in; a training that was broken off goes on from its checkpoint.
    ///
    /// A job that another program does is waited for.
    ///
    /// @return of each job how its training ended; one that diverged or failed has neither predictions nor scores
    /// @throws IOException if a folder holds a training with other settings, the data are not those of a job, or a
    ///     file can't be read or written, as far as the executor doesn't count that as a failed job
    List<Outcome> run(List<Order> orders) throws IOException;
}
