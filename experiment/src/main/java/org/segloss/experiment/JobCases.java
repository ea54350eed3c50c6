package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.StoredCases;
import org.segloss.file.KnownHashes;
import org.segloss.loss.Task;
import org.segloss.run.Manifest;

/// The cases of a job, with the labels that its task has. They are read when they are asked for, and each time anew;
/// where they are many, the lists read each of them when it is asked for, as [StoredCases] does.
final class JobCases {
    private interface Source {
        StoredCases read(List<String> ids) throws IOException;
    }

    private final Manifest.Fold split;
    private final Source source;

    private JobCases(Manifest.Fold split, Source source) {
        this.split = split;
        this.source = source;
    }

    /// {@return those among cases that have been read}
    static JobCases among(StoredCases cases, Job job) {
        return new JobCases(job.split(), _ -> cases);
    }

    /// {@return cases of which none is asked for}
    static JobCases unread(Job job) {
        return new JobCases(job.split(), ids -> {
            throw new IllegalStateException("these cases are not to be read: " + ids);
        });
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
        return new JobCases(
                job.split(),
                ids -> StoredCases.read(ids, id -> {
                    if (!job.item(id).describes(dataset.entry(id), known::of)) {
                        throw new IOException(
                                "%s: the files of %s are not those that the job was made for; put those back, or begin a new run"
                                        .formatted(job.data(), id));
                    }
                    return read(dataset, job.plan().task().kind(), id);
                }));
    }

    List<Case> training() throws IOException {
        return of(split.train());
    }

    List<Case> validation() throws IOException {
        return of(split.val());
    }

    List<Case> test() throws IOException {
        return of(split.test());
    }

    private List<Case> of(List<String> ids) throws IOException {
        return source.read(ids).of(ids);
    }

    /// Reads cases with the labels that the task has: in a binary one all are the foreground, but for those
    /// that are ignored.
    ///
    /// @throws IOException that says of every bad case what is wrong with it
    static StoredCases read(Dataset dataset, Task.Kind kind, List<String> ids) throws IOException {
        return StoredCases.read(ids, id -> read(dataset, kind, id));
    }

    private static Case read(Dataset dataset, Task.Kind kind, String id) throws IOException {
        Case found = Case.read(dataset, dataset.entry(id));
        return kind == Task.Kind.BINARY ? found.binary(dataset.ignored()) : found;
    }
}
