package org.segloss.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.segloss.dataset.Case;
import org.segloss.design.TimeEstimate;
import org.segloss.fit.Trainer;
import org.segloss.predict.CaseValidator;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.Outcome;
import org.segloss.torch.Libtorch;

/// Trains the network of a job.
final class TrainingStage implements Stage {
    static final String NAME = "training";

    private final Job job;
    private final LossFolder folder;
    private final JobCases cases;
    private final Optional<Trainer.Earlier> earlier;
    private List<Case> training = List.of();
    private List<Case> validation = List.of();
    private Optional<Outcome> outcome = Optional.empty();

    TrainingStage(Job job, LossFolder folder, JobCases cases) {
        this.job = job;
        this.folder = folder;
        this.cases = cases;
        this.earlier = job.earlier().isEmpty()
                ? Optional.empty()
                : Optional.of(new Trainer.Earlier(
                        job.earlier(), folder.after(job.earlier().getLast()).root()));
    }

    /// Reads what it needs, and asks for the device, before anything is written.
    ///
    /// @throws IllegalArgumentException if libtorch has no such device
    void read() throws IOException {
        Libtorch.require(job.plan().device());
        training = cases.training();
        validation = cases.validation();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String inputs(Manifest.Hash hash) {
        return job.trainingInputs();
    }

    @Override
    public List<Path> files() {
        return List.of(folder.checkpoint(), folder.training(), folder.validation());
    }

    @Override
    public void run(JobListener listener) throws IOException {
        var validator = new CaseValidator(job.plan(), validation, training);
        listener.begins(() -> {
            try {
                return TimeEstimate.of(validator, cases.test());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Trainer.Result result =
                Trainer.train(job.plan(), training, folder.root(), listener::step, Optional.of(validator), earlier);
        outcome = Optional.of(
                new Outcome(result.diverged() ? Outcome.Ending.DIVERGED : Outcome.Ending.DONE, result.step()));
    }

    /// {@return how the training ended that was [run][#run]}
    Outcome outcome() {
        return outcome.orElseThrow();
    }
}
