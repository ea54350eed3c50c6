package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.dataset.StoredCases;
import org.segloss.decide.Decision;
import org.segloss.file.FolderLock;
import org.segloss.file.Sha256;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.Outcome;

/// Does jobs in this process, one after the other.
public final class LocalExecutor implements Executor {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

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
        return new LocalExecutor(JobCases::in);
    }

    /// {@return an executor of jobs whose cases have been read}; it reads them again if they weren't kept
    public static LocalExecutor with(StoredCases cases) {
        return cases.areKept() ? new LocalExecutor(job -> JobCases.among(cases, job)) : reading();
    }

    @Override
    public List<Outcome> run(List<Order> orders) throws IOException {
        var outcomes = new Outcome[orders.size()];
        var left = new ArrayDeque<Integer>();
        List<Optional<Outcome>> done = DoneJobs.among(orders, LocalExecutor::doneAndLeft);
        for (int i = 0; i < outcomes.length; i++) {
            Optional<Outcome> outcome = done.get(i);
            if (outcome.isPresent()) {
                orders.get(i).listener().reused(orders.get(i).folder());
                orders.get(i).listener().finished();
            } else {
                outcome = runUnlessBusy(orders.get(i), true);
            }
            if (outcome.isPresent()) {
                outcomes[i] = outcome.get();
            } else {
                left.add(i);
            }
        }
        while (!left.isEmpty()) {
            int i = left.remove();
            Optional<Outcome> outcome = runUnlessBusy(orders.get(i), false);
            if (outcome.isPresent()) {
                outcomes[i] = outcome.get();
            } else {
                left.add(i);
                pause();
            }
        }
        return List.copyOf(Arrays.asList(outcomes));
    }

    private Optional<Outcome> runUnlessBusy(Order order, boolean saying) throws IOException {
        try {
            return Optional.of(run(order.job(), order.folder(), order.listener()));
        } catch (FolderLock.Busy e) {
            if (saying) {
                order.listener().say("%s works at it, and is waited for".formatted(e.holder()));
            }
            return Optional.empty();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while other programs do what is missing", e);
        }
    }

    /// Does one job.
    ///
    /// @throws FolderLock.Busy if another program does it
    Outcome run(Job job, LossFolder folder, JobListener listener) throws IOException {
        try (FolderLock _ = FolderLock.take(folder.root())) {
            folder.sweep();
            folder.detach();
            Outcome outcome = runLocked(job, folder, listener);
            listener.finished();
            return outcome;
        }
    }

    private Outcome runLocked(Job job, LossFolder folder, JobListener listener) throws IOException {
        for (Job earlier : job.before()) {
            int steps = earlier.plan().steps();
            LossFolder kept = folder.after(steps);
            if (isTrained(earlier, kept)) {
                // other decisions and metrics than when it was kept
                runOnce(earlier, kept, listener);
            } else {
                Outcome outcome = runOnce(earlier, folder, listener);
                if (outcome.status() != Outcome.Ending.DONE) {
                    return outcome;
                }
                folder.keep(steps);
            }
        }
        return runOnce(job, folder, listener);
    }

    private static boolean isTrained(Job job, LossFolder folder) throws IOException {
        FinishedStages done = FinishedStages.read(folder);
        return done.isDone(new TrainingStage(job, folder, JobCases.unread(job)))
                && done.outcome()
                        .filter(outcome -> outcome.status() == Outcome.Ending.DONE)
                        .isPresent();
    }

    /// Does a job, if it was extended since its last extension.
    private Outcome runOnce(Job job, LossFolder folder, JobListener listener) throws IOException {
        FinishedStages before = FinishedStages.read(folder);
        JobCases cases = source.of(job);
        FinishedStages done = trained(job, folder, cases, before, listener);
        listener.trained();
        Outcome outcome = done.outcome().orElseThrow();
        if (outcome.status() == Outcome.Ending.DONE) {
            for (Stage stage : afterTraining(job, folder, cases)) {
                done = finished(stage, done, folder, listener);
            }
        }
        // the same object: nothing was done, not even the same anew
        if (done == before) {
            listener.reused(folder);
        }
        return outcome;
    }

    private static List<Stage> afterTraining(Job job, LossFolder folder, JobCases cases) {
        var stages = new ArrayList<Stage>();
        if (job.scoring().decide().contains(Decision.THRESHOLD)) {
            stages.add(new PredictionStage.ChosenThresholds(job, folder, cases));
        }
        stages.add(new PredictionStage(job, folder, cases));
        stages.add(new ScoringStage(job, folder, cases));
        return stages;
    }

    /// {@return how a job ended whose results are all there}
    static Optional<Outcome> done(Job job, LossFolder folder) throws IOException {
        for (Job earlier : job.before()) {
            if (doneOnce(earlier, folder.after(earlier.plan().steps())).isEmpty()) {
                // one that diverged was not extended
                return doneOnce(earlier, folder).filter(outcome -> outcome.status() != Outcome.Ending.DONE);
            }
        }
        return doneOnce(job, folder);
    }

    private static Optional<Outcome> doneOnce(Job job, LossFolder folder) throws IOException {
        JobCases unread = JobCases.unread(job);
        FinishedStages done = FinishedStages.read(folder);
        Map<Path, String> known = new HashMap<>();
        // what one stage leaves is what the next one is made from
        Manifest.Hash once = file -> {
            if (!known.containsKey(file)) {
                known.put(file, Sha256.of(file));
            }
            return known.get(file);
        };
        if (!done.isDone(new TrainingStage(job, folder, unread), once)) {
            return Optional.empty();
        }
        Outcome outcome = done.outcome().orElseThrow();
        if (outcome.status() == Outcome.Ending.DONE) {
            for (Stage stage : afterTraining(job, folder, unread)) {
                if (!done.isDone(stage, once)) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(outcome);
    }

    /// As [#done], of a folder that nobody works in and nobody has left half-way: nothing in it is to be swept away.
    static Optional<Outcome> doneAndLeft(Order order) throws IOException {
        try (Stream<Path> files = Files.list(order.folder().root())) {
            if (files.anyMatch(file -> file.getFileName().toString().startsWith("."))) {
                return Optional.empty();
            }
        }
        return done(order.job(), order.folder());
    }

    private static FinishedStages trained(
            Job job, LossFolder folder, JobCases cases, FinishedStages done, JobListener listener) throws IOException {
        var stage = new TrainingStage(job, folder, cases);
        if (done.isDone(stage)) {
            return done;
        }
        boolean goesOn = !job.before().isEmpty()
                && done.isFrom(new TrainingStage(job.before().getLast(), folder, cases));
        if (!goesOn && !done.isFrom(stage)) {
            throw new IOException(
                    "%s was trained with other settings than experiment.yaml says by now; give another --out, or start anew with --restart"
                            .formatted(folder.root()));
        }
        // before anything is written
        stage.read();
        if (goesOn) {
            // it goes on from what was kept
            Files.deleteIfExists(folder.checkpoint());
        } else if (done.outcome().isPresent()) {
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
