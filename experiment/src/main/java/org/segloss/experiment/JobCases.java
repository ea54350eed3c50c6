package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.run.Manifest;

/// The cases of a job, read, with the labels that its task has.
record JobCases(List<Case> training, List<Case> validation, List<Case> test) {

    /// {@return those among cases that have been read}
    static JobCases among(Map<String, Case> cases, Job job) {
        return new JobCases(
                job.split().train().stream().map(cases::get).toList(),
                job.split().val().stream().map(cases::get).toList(),
                job.split().test().stream().map(cases::get).toList());
    }

    /// Reads them from the job's data set.
    ///
    /// @throws IOException if a file can't be read, or isn't the one that the job was made for
    static JobCases read(Job job) throws IOException {
        Dataset dataset = Dataset.open(Path.of(job.data()), job.plan().task().ignoredLabels());
        for (Manifest.Item item : job.cases()) {
            if (!dataset.ids().contains(item.id())) {
                throw new IOException("%s has no case %s by now, which the job was made for; put its files back"
                        .formatted(job.data(), item.id()));
            }
            if (!item.describes(dataset.entry(item.id()))) {
                throw new IOException(
                        "%s: the files of %s are not those that the job was made for; put those back, or begin a new run"
                                .formatted(job.data(), item.id()));
            }
        }
        List<String> ids = job.cases().stream().map(Manifest.Item::id).toList();
        return among(
                CaseReader.read(dataset, job.plan().task().kind(), ids).stream()
                        .collect(Collectors.toMap(Case::id, Function.identity())),
                job);
    }
}
