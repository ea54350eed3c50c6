package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.dataset.Case;
import org.segloss.decide.Decision;
import org.segloss.file.Sha256;
import org.segloss.loss.Task;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.Predictions;
import org.segloss.score.CaseScore;
import org.segloss.score.LabelGroup;
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
        for (Decision decision : job.scoring().decide()) {
            for (String id : job.split().test()) {
                hashes.add(hash.of(PredictionStage.file(job, folder, decision, id)));
            }
        }
        hashes.add(job.testContents());
        hashes.add(job.scoring().ofLabels().toString());
        if (job.scoring().ofProbabilities().isPresent()) {
            hashes.add(hash.of(folder.calibration()));
        }
        return Sha256.of(String.join("\n", hashes));
    }

    @Override
    public List<Path> files() {
        return List.of(folder.scores());
    }

    @Override
    public void run(JobListener listener) throws IOException {
        Task task = job.plan().task();
        List<LabelGroup> classes = LabelGroup.of(task, job.plan().labels());
        List<ScoreRow> ofProbabilities =
                job.scoring().ofProbabilities().isPresent() ? ScoreRow.read(folder.calibration()) : List.of();
        Map<Decision, List<ScoreRow>> rows = new LinkedHashMap<>();
        job.scoring().decide().forEach(decision -> rows.put(decision, new ArrayList<>()));
        for (Case c : cases.test()) {
            for (Decision decision : job.scoring().decide()) {
                var prediction = Predictions.read(
                        PredictionStage.file(job, folder, decision, c.id()),
                        task.kind(),
                        job.plan().labels(),
                        c.label().geometry());
                CaseScore.of(
                                c.id(),
                                prediction,
                                c.label(),
                                classes,
                                task.ignoredLabels(),
                                Optional.empty(),
                                job.scoring().ofLabels())
                        .forEach(score -> rows.get(decision).add(job.row(score).by(decision)));
            }
            ofProbabilities.stream()
                    .filter(row -> row.caseId().equals(c.id()))
                    .forEach(rows.get(job.scoring().first())::add);
        }
        // those of the first decision first
        ScoreRow.write(
                folder.scores(), rows.values().stream().flatMap(List::stream).toList(), task.ignoredLabels());
    }
}
