package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.file.FolderLock;
import org.segloss.file.ObjectUrl;
import org.segloss.run.LossFolder;
import org.segloss.run.Progress;
import org.segloss.store.DataCopy;
import org.segloss.store.ObjectStore;
import org.segloss.store.RunCopy;
import org.segloss.store.Sending;

/// A [Cell] of a run in a store: what it needs is copied in, and what it leaves is copied out. Programs of one machine
/// share the copies, and never do the same cell there; programs of two machines may, to the same bytes.
///
/// @param run    of which it is
/// @param number which of its jobs, from 0
public record CopiedCell(ObjectStore store, ObjectUrl run, int number) {

    /// {@return how many cells a run has}
    ///
    /// @throws IOException if it wasn't prepared
    public static int count(ObjectStore store, ObjectUrl run) throws IOException {
        RunCopy copy = RunCopy.ofCells(store, run);
        copy.fetchSettings(Progress.silent());
        return Cell.count(copy.folder());
    }

    /// As [Cell#run].
    ///
    /// @throws org.segloss.store.NotSent if it couldn't be copied out; nothing is lost here
    public Cell.Done run(Optional<Path> data, Optional<String> device, Progress progress) throws IOException {
        RunCopy copy = RunCopy.ofCells(store, run);
        copy.fetchSettings(progress);
        var cell = new Cell(copy.folder(), number);
        List<Job> jobs = Job.of(copy.folder());
        LossFolder place = cell.place(jobs);
        String lies = jobs.get(number).data();
        try (FolderLock _ = FolderLock.take(place.root())) {
            copy.fetch(place);
            Optional<Path> here = data.isPresent() || !ObjectUrl.isUrl(lies)
                    ? data
                    : Optional.of(DataCopy.bring(store, ObjectUrl.parse(lies), progress));
            try (var _ = new Sending(copy, Optional.of(place), progress)) {
                return cell.run(here, device, progress);
            }
        }
    }
}
