package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segloss.dataset.Case;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;

/// Does jobs in this process, one after the other.
public final class LocalExecutor implements Executor {

    /// Where the cases of a job come from.
    private interface Source {
        JobCases of(Job job) throws IOException;
    }

    private final Source source;

    private LocalExecutor(Source source) {
        this.source = source;
    }

    /// {@return an executor that reads the data of each job}
    public static LocalExecutor reading() {
        return new LocalExecutor(JobCases::read);
    }

    /// {@return an executor of jobs whose cases have been read}
    public static LocalExecutor with(Map<String, Case> cases) {
        return new LocalExecutor(job -> JobCases.among(cases, job));
    }

    @Override
    public List<Outcome> run(List<Order> orders) throws IOException {
        var outcomes = new ArrayList<Outcome>();
        for (Order order : orders) {
            outcomes.add(run(order.job(), order.folder(), order.listener()));
        }
        return List.copyOf(outcomes);
    }

    /// Does one job.
    Outcome run(Job job, LossFolder folder, JobListener listener) throws IOException {
        folder.sweep();
        FinishedStages before = FinishedStages.read(folder);
        JobCases cases = source.of(job);
        FinishedStages done = trained(new TrainingStage(job, folder, cases), before, folder, listener);
        listener.trained();
        Outcome outcome = done.outcome().orElseThrow();
        if (outcome.status() == Outcome.Ending.DONE) {
            for (Stage stage : List.of(new PredictionStage(job, folder, cases), new ScoringStage(job, folder, cases))) {
                done = finished(stage, done, folder, listener);
            }
            listener.finished();
        }
        // the same object: nothing was done, not even the same anew
        if (done == before) {
            listener.say("reused the results in %s".formatted(folder.root()));
        }
        return outcome;
    }

    private static FinishedStages trained(
            TrainingStage stage, FinishedStages done, LossFolder folder, JobListener listener) throws IOException {
        if (done.isDone(stage)) {
            return done;
        }
        if (!done.isFrom(stage)) {
            throw new IOException(
                    "%s was trained with other settings than experiment.yaml says by now; give another --out, or start anew with --restart"
                            .formatted(folder.root()));
        }
        if (done.outcome().isPresent()) {
            // one that was finished and is no longer what it was: nothing in it can be trusted
            listener.say("the training's files in %s are not what they were; trained anew".formatted(folder.root()));
            Files.deleteIfExists(folder.checkpoint());
        }
        // what comes after it is made from its checkpoint, which is about to change
        FinishedStages.begun(stage).write(folder);
        folder.clearResults();
        stage.run(listener);
        FinishedStages now = FinishedStages.none().with(stage, stage.outcome());
        now.write(folder);
        if (stage.outcome().status() == Outcome.Ending.DIVERGED) {
            listener.diverged(stage.outcome().step());
        }
        return now;
    }

    private static FinishedStages finished(Stage stage, FinishedStages done, LossFolder folder, JobListener listener)
            throws IOException {
        if (done.isDone(stage)) {
            return done;
        }
        stage.run(listener);
        FinishedStages now = done.with(stage);
        now.write(folder);
        return now;
    }
}
