package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.segloss.dataset.Case;
import org.segloss.file.Sha256;
import org.segloss.loss.Task;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.PredictionTask;
import org.segloss.run.Predictions;
import org.segloss.score.CaseScore;
import org.segloss.score.ScoreRow;

/// Scores the predictions of a job.
record ScoringStage(Job job, LossFolder folder, JobCases cases) implements Stage {

    @Override
    public String name() {
        return "scoring";
    }

    @Override
    public String inputs(Manifest.Hash hash) throws IOException {
        var hashes = new ArrayList<String>();
        for (String id : job.split().test()) {
            hashes.add(hash.of(PredictionStage.file(job, folder, id)));
        }
        hashes.add(job.testContents());
        hashes.add(CaseScore.SCORER.toString());
        return Sha256.of(String.join("\n", hashes));
    }

    @Override
    public List<Path> files() {
        return List.of(folder.scores());
    }

    @Override
    public void run(JobListener listener) throws IOException {
        Task task = job.plan().task();
        List<Integer> labels = PredictionTask.of(task).labels();
        var rows = new ArrayList<ScoreRow>();
        for (Case c : cases.test()) {
            var prediction = Predictions.read(
                    PredictionStage.file(job, folder, c.id()),
                    task.kind(),
                    c.label().geometry());
            CaseScore.of(c.id(), prediction, c.label(), labels, task.ignoredLabels())
                    .forEach(score -> rows.add(new ScoreRow(
                            job.loss(),
                            job.fold(),
                            job.seed(),
                            score,
                            job.item(c.id()).group())));
        }
        ScoreRow.write(folder.scores(), rows, task.ignoredLabels());
    }
}
