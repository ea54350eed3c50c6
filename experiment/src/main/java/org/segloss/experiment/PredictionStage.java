package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.segloss.dataset.Case;
import org.segloss.file.Sha256;
import org.segloss.predict.Predictor;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.PredictionTask;
import org.segloss.run.Predictions;

/// Predicts the test cases of a job by the network that its training left.
record PredictionStage(Job job, LossFolder folder, JobCases cases) implements Stage {

    @Override
    public String name() {
        return "prediction";
    }

    @Override
    public String inputs(Manifest.Hash hash) throws IOException {
        return Sha256.of(hash.of(folder.checkpoint()) + "\n" + job.testContents());
    }

    @Override
    public List<Path> files() {
        return Stream.concat(
                        Stream.of(folder.predictions().resolve(PredictionTask.FILE)),
                        job.split().test().stream().map(id -> file(job, folder, id)))
                .toList();
    }

    /// {@return where the prediction of a test case lies}
    static Path file(Job job, LossFolder folder, String id) {
        return Predictions.file(folder.predictions(), id, Path.of(job.item(id).image()));
    }

    @Override
    public void run(JobListener listener) throws IOException {
        List<Case> test = cases.test();
        try (Predictor predictor =
                Predictor.open(folder.checkpoint(), job.plan().device())) {
            PredictionTask.of(job.plan().task()).write(folder.predictions());
            for (int i = 0; i < test.size(); i++) {
                listener.predicts(i + 1, test.size());
                Predictions.write(
                        file(job, folder, test.get(i).id()),
                        predictor.predict(test.get(i).image()),
                        job.plan().task().kind(),
                        test.get(i).file());
            }
        }
    }
}
