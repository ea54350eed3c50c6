package org.segloss.experiment;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.segloss.run.Outcome;
import org.segloss.run.Progress;
import org.segloss.store.NotSent;
import org.segloss.store.RunCopy;
import org.segloss.store.Sending;

/// Does the jobs of a run in a copy, and copies out to its store what they leave.
///
/// @param copied   does the jobs
/// @param elsewhere whether that is done on other machines, which copy out themselves
public record CopiedExecutor(Executor copied, RunCopy copy, boolean elsewhere, Progress progress) implements Executor {

    @Override
    public void require(String device) throws IOException {
        copied.require(device);
    }

    @Override
    public List<Outcome> run(List<Order> orders) throws IOException {
        try {
            copy.sendSettings();
        } catch (IOException e) {
            throw new NotSent(copy, e);
        }
        if (elsewhere) {
            return copied.run(orders);
        }
        try (var _ = new Sending(copy, Optional.empty(), progress)) {
            return copied.run(orders);
        }
    }
}
