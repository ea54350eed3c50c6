package org.segloss.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.metric.Metric;
import org.segloss.random.CounterRandom;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;

/// Fills a run that was prepared with cells that look done: the first one of each fold is trained, and the others are
/// copies of its files, with scores of their own and the hashes that go with them. So a grid of ten thousand cells
/// can be collected without ten thousand trainings.
final class RecordedRun {
    private RecordedRun() {}

    /// {@return how many cells there are}
    static int record(RunFolder folder) throws IOException {
        List<Job> jobs = Job.of(folder);
        List<String> losses = Settings.read(folder.settings()).losses();
        var trained = new ArrayList<Integer>();
        for (int i = 0; i < jobs.size(); i++) {
            if (jobs.get(i).fold() == trained.size()) {
                LocalExecutor.reading().run(jobs.get(i), jobs.get(i).in(folder, losses), JobListener.silent());
                trained.add(i);
            }
        }
        try {
            IntStream.range(0, jobs.size())
                    .parallel()
                    .filter(i -> !trained.contains(i))
                    .forEach(i -> {
                        Job first = jobs.get(trained.get(jobs.get(i).fold()));
                        try {
                            copy(
                                    first.in(folder, losses),
                                    jobs.get(i),
                                    jobs.get(i).in(folder, losses),
                                    i);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return jobs.size();
    }

    private static void copy(LossFolder trained, Job job, LossFolder place, int number) throws IOException {
        Files.createDirectories(place.predictions());
        JobCases unread = JobCases.unread(job);
        var training = new TrainingStage(job, place, unread);
        var prediction = new PredictionStage(job, place, unread);
        var scoring = new ScoringStage(job, place, unread);
        for (List<Path> files : List.of(training.files(), prediction.files(), List.of(place.events()))) {
            for (Path file : files) {
                Path made = trained.root().resolve(place.root().relativize(file));
                // without cases to validate on there is no table of them
                if (Files.exists(made)) {
                    Files.copy(made, file);
                }
            }
        }
        var rows = new ArrayList<ScoreRow>();
        for (ScoreRow row : ScoreRow.read(trained.scores())) {
            rows.add(new ScoreRow(
                    job.loss(),
                    job.fold(),
                    job.seed(),
                    row.caseId(),
                    row.label(),
                    row.metric(),
                    changed(row, number, rows.size()),
                    row.status(),
                    row.group()));
        }
        ScoreRow.write(place.scores(), rows, job.plan().task().ignoredLabels());
        FinishedStages.none()
                .with(training, new Outcome(Outcome.Ending.DONE, job.plan().steps()))
                .with(prediction)
                .with(scoring)
                .write(place);
    }

    /// By up to a tenth, so that no two trainings are alike.
    private static double changed(ScoreRow row, int cell, int number) {
        double factor = CounterRandom.of(1, "recorded score", cell, number).nextDouble(0.9, 1.1);
        Metric metric = Metric.parse(row.metric());
        return Math.clamp(factor * row.value(), metric.least(), metric.most());
    }
}
