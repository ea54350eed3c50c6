package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.file.FileProblems;
import org.segloss.file.KnownHashes;
import org.segloss.loss.Task;
import org.segloss.run.Manifest;

/// The cases of a job, with the labels that its task has. They are read when they are asked for, and each
/// time anew.
final class JobCases {
    private interface Source {
        List<Case> read(List<String> ids) throws IOException;
    }

    private final Manifest.Fold split;
    private final Source source;

    private JobCases(Manifest.Fold split, Source source) {
        this.split = split;
        this.source = source;
    }

    /// {@return those among cases that have been read}
    static JobCases among(Map<String, Case> cases, Job job) {
        return new JobCases(job.split(), ids -> ids.stream().map(cases::get).toList());
    }

    /// {@return cases that lie in the job's data set}, of which no other file is read
    ///
    /// @throws IOException if one isn't there; reading them, if a file isn't the one that the job was made
    ///     for
    static JobCases in(Job job) throws IOException {
        Map<String, Dataset.Entry> entries = Dataset.entries(Path.of(job.data()), Optional.of(job.layout())).stream()
                .collect(Collectors.toMap(Dataset.Entry::id, Function.identity()));
        for (Manifest.Item item : job.cases()) {
            if (!entries.containsKey(item.id())) {
                throw new IOException("%s has no case %s by now, which the job was made for; put its files back"
                        .formatted(job.data(), item.id()));
            }
        }
        var files = new TreeMap<>(entries);
        files.keySet().retainAll(job.split().all());
        var dataset = new Dataset(
                job.data(),
                job.plan().network().dimensions(),
                job.plan().network().inputs(),
                job.plan().labels(),
                List.copyOf(files.values()),
                Collections.emptySortedSet(),
                job.layout(),
                "");
        KnownHashes known = KnownHashes.ofThisMachine();
        return new JobCases(job.split(), ids -> {
            for (String id : ids) {
                if (!job.item(id).describes(dataset.entry(id), known::of)) {
                    throw new IOException(
                            "%s: the files of %s are not those that the job was made for; put those back, or begin a new run"
                                    .formatted(job.data(), id));
                }
            }
            return read(dataset, job.plan().task().kind(), ids);
        });
    }

    List<Case> training() throws IOException {
        return source.read(split.train());
    }

    List<Case> validation() throws IOException {
        return source.read(split.val());
    }

    List<Case> test() throws IOException {
        return source.read(split.test());
    }

    /// Reads cases with the labels that the task has: in a binary one all are the foreground, but for those
    /// that are ignored.
    ///
    /// @throws IOException that says of every bad case what is wrong with it
    static List<Case> read(Dataset dataset, Task.Kind kind, List<String> ids) throws IOException {
        var cases = new ArrayList<Case>();
        var problems = new FileProblems();
        for (String id : ids) {
            try {
                Case found = Case.read(dataset, dataset.entry(id));
                cases.add(kind == Task.Kind.BINARY ? found.binary(dataset.ignored()) : found);
            } catch (IOException e) {
                problems.add(e);
            }
        }
        problems.check(ids.size(), "cases can't be read");
        return cases;
    }
}
