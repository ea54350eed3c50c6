package org.segloss.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.dataset.Groups;
import org.segloss.dataset.LabelFiles;
import org.segloss.file.FileProblems;
import org.segloss.file.InputFile;
import org.segloss.run.PredictionTask;
import org.segloss.run.Progress;
import org.segloss.score.ScoringRequest.MissingPrediction;

/// The predictions of several methods scored against the same references, with the same classes.
///
/// @param rows    as `scores.csv` has them, a method in place of a loss
/// @param ignored what of the references counts in no score
/// @param binary  whether any label counts as the one class
/// @param limits  what is to be known before the numbers are believed, in sentences: cases that are
///     missing, splits that differ
/// @param remarks what else there is to say, in sentences
public record MethodScores(
        List<ScoreRow> rows, IgnoredVoxels ignored, boolean binary, List<String> limits, List<String> remarks) {

    /// Says which cases belong together.
    public interface Grouping {
        Groups of(List<String> ids) throws IOException;
    }

    /// Scores each method as [FileScores] does, over all cases that there is a reference of.
    ///
    /// The classes are those of the request. Without any they are those that [FileScores] finds of each method;
    /// where these are not the same for all, every label that it finds of one of them.
    ///
    /// @param reference the folder of the references
    /// @throws IOException that names each method's missing predictions unless the request says what they
    ///     count as, and each prediction that can't be scored
    public static MethodScores of(
            List<Method> methods, Path reference, ScoringRequest request, Grouping grouping, Progress progress)
            throws IOException {
        Method.checkDiffer(methods);
        return new Scoring(methods, reference, request, progress).scores(grouping);
    }

    /// A method, what it predicted, and how far its scoring is.
    private record Part(Method method, PredictionFolder predicted, ScoredFiles files, FileScores.Work work) {

        private IOException problem(IOException e) {
            return new IOException("%s: %s".formatted(method.given(), InputFile.message(e)), e);
        }
    }

    private static final class Scoring {
        private final Path reference;
        private final Progress progress;
        private final List<String> limits = new ArrayList<>();
        private final SequencedSet<String> remarks = new LinkedHashSet<>();
        private final Map<Method, PredictionFolder> predicted = new LinkedHashMap<>();
        private final SortedMap<String, LabelFiles> references;
        private final ScoringRequest request;
        private final List<Part> parts;

        Scoring(List<Method> methods, Path reference, ScoringRequest request, Progress progress) throws IOException {
            this.reference = reference;
            this.progress = progress;
            InputFile.checkThere(reference);
            InputFile.checkFolder(reference, "the folder of the references");
            var problems = new FileProblems();
            for (Method method : methods) {
                try {
                    predicted.put(method, PredictionFolder.of(method.folder()));
                } catch (IOException e) {
                    problems.add(new IOException("%s: %s".formatted(method.given(), InputFile.message(e)), e));
                }
            }
            problems.check(methods.size(), "methods can't be scored");
            references = References.of(
                    reference,
                    predicted.values().stream()
                            .flatMap(folder -> folder.cases().keySet().stream())
                            .toList());
            surplus();
            missing(request.missing());
            folds();
            this.request = request.withIgnored(ignored(request));
            this.parts = parts(this.request);
        }

        /// Predictions that there is no reference of: nothing can be said of them, and nothing of the others changes.
        private void surplus() throws IOException {
            for (Map.Entry<Method, PredictionFolder> entry : predicted.entrySet()) {
                var without = new TreeSet<>(entry.getValue().cases().keySet());
                without.removeAll(references.keySet());
                if (without.size() == entry.getValue().cases().size()) {
                    throw new IOException(
                            "%s: none of its %d predictions has a reference of its name in %s: they are named as %s, the references as %s"
                                    .formatted(
                                            entry.getKey().given(),
                                            without.size(),
                                            reference,
                                            without.first(),
                                            references.firstKey()));
                }
                if (!without.isEmpty()) {
                    limits.add("%s: %s no reference, and so no score: %s"
                            .formatted(
                                    entry.getKey().given(),
                                    without.size() == 1 ? "1 prediction has" : without.size() + " predictions have",
                                    String.join(", ", without)));
                }
            }
        }

        private void missing(MissingPrediction what) throws IOException {
            Map<Method, List<String>> missing = new LinkedHashMap<>();
            predicted.forEach((method, folder) -> {
                List<String> own = references.keySet().stream()
                        .filter(id -> !folder.cases().containsKey(id))
                        .toList();
                if (!own.isEmpty()) {
                    missing.put(method, own);
                }
            });
            if (missing.isEmpty()) {
                return;
            }
            List<String> lines = missing.entrySet().stream()
                    .map(e -> "%s: no prediction of %d of %d references%s: %s"
                            .formatted(
                                    e.getKey().given(),
                                    e.getValue().size(),
                                    references.size(),
                                    what == MissingPrediction.EMPTY ? ", counted as misses" : "",
                                    String.join(", ", e.getValue())))
                    .toList();
            switch (what) {
                case FAIL ->
                    throw new IOException(
                            "%s%nAdd them, or say with --missing empty that each counts as a miss, or with --missing skip that these cases are left out for all methods"
                                    .formatted(String.join(System.lineSeparator(), lines)));
                case EMPTY -> limits.addAll(lines);
                case SKIP -> {
                    var left = new TreeSet<String>();
                    missing.values().forEach(left::addAll);
                    if (left.size() == references.size()) {
                        throw new IOException(
                                "there is no case that all methods predicted, and so nothing to compare. %s"
                                        .formatted(String.join(". ", lines)));
                    }
                    limits.addAll(lines);
                    limits.add("Left out for all methods, since not each has a prediction: %s"
                            .formatted(String.join(", ", left)));
                    references.keySet().removeAll(left);
                }
            }
        }

        /// What is said where methods were not tested in the same folds.
        private void folds() {
            List<Map.Entry<Method, PredictionFolder>> all = List.copyOf(predicted.entrySet());
            PredictionFolder first = all.getFirst().getValue();
            for (Map.Entry<Method, PredictionFolder> other : all.subList(1, all.size())) {
                Optional<String> differs = references.keySet().stream()
                        .filter(id -> first.cases().containsKey(id)
                                && other.getValue().cases().containsKey(id)
                                && !Optional.ofNullable(first.folds().get(id))
                                        .equals(Optional.ofNullable(
                                                other.getValue().folds().get(id))))
                        .findFirst();
                if (differs.isPresent()) {
                    limits.add(
                            "The methods' splits differ: %s has %s and %s has %s, and %s is in %s of the one and in %s of the other. Differences between them may be those of their training cases; how much other training cases would change can't be told."
                                    .formatted(
                                            all.getFirst().getKey().given(),
                                            first.foldsText(),
                                            other.getKey().given(),
                                            other.getValue().foldsText(),
                                            differs.get(),
                                            fold(first, differs.get()),
                                            fold(other.getValue(), differs.get())));
                    return;
                }
            }
        }

        private static String fold(PredictionFolder folder, String id) {
            return folder.folds().containsKey(id) ? "fold " + folder.folds().get(id) : "no fold";
        }

        private List<Part> parts(ScoringRequest how) throws IOException {
            var parts = new ArrayList<Part>();
            for (Map.Entry<Method, PredictionFolder> entry : predicted.entrySet()) {
                PredictionFolder folder = entry.getValue();
                var cases = new TreeMap<>(folder.cases());
                cases.keySet().retainAll(references.keySet());
                var files = new ScoredFiles(folder.folder(), cases, references, Map.of());
                parts.add(new Part(
                        entry.getKey(),
                        folder,
                        files,
                        new FileScores.Work(
                                how,
                                new Share(progress, entry.getKey().given(), parts.size(), predicted.size()),
                                files,
                                reference,
                                PredictionTask.read(folder.folder()))));
            }
            return parts;
        }

        /// What any of the methods has to ignore, all do: otherwise they would be scored on different voxels.
        private SortedSet<Integer> ignored(ScoringRequest asked) throws IOException {
            var all = new TreeSet<>(asked.ignored());
            for (Part part : parts(asked)) {
                all.addAll(part.work.ignored());
            }
            var more = new TreeSet<>(all);
            more.removeAll(asked.ignored());
            if (!more.isEmpty()) {
                remarks.add("Ignored for all methods, as dataset.json of the references or a task.json says: %s."
                        .formatted(text(more)));
            }
            return all;
        }

        /// A prediction that is missing would have been in the fold that others have it in.
        private int foldOf(Part part, String id) {
            return part.predicted.folds().isEmpty()
                    ? 0
                    : Stream.concat(Stream.of(part.predicted), predicted.values().stream())
                            .map(folder -> folder.folds().get(id))
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(0);
        }

        /// What is done with each method.
        private interface Step<T> {
            T of(Part part) throws IOException;
        }

        /// {@return what each method gives}
        /// @throws IOException with what is wrong with each
        private <T> List<T> each(Step<T> step) throws IOException {
            var results = new ArrayList<T>();
            var problems = new FileProblems();
            for (Part part : parts) {
                try {
                    results.add(step.of(part));
                } catch (IOException e) {
                    problems.add(part.problem(e));
                }
            }
            problems.check(parts.size(), "methods can't be scored");
            return results;
        }

        private List<LabelGroup> groups() throws IOException {
            List<List<LabelGroup>> found = each(part -> part.work.groups());
            if (found.stream().distinct().count() == 1) {
                return found.getFirst();
            }
            Optional<Part> binary =
                    parts.stream().filter(part -> part.work.isBinary()).findFirst();
            if (binary.isPresent()) {
                throw new IOException(
                        "methods are compared on the same classes, but %s has any label as one class, as task.json beside its predictions says, and others have more: say --task binary, or --labels"
                                .formatted(binary.get().method.given()));
            }
            var labels = new TreeSet<Integer>();
            parts.forEach(part -> labels.addAll(part.work.labels()));
            labels.removeAll(request.ignored());
            remarks.add(
                    "Scored are the labels that some method predicts, or a reference has: %s.".formatted(text(labels)));
            return LabelGroup.of(labels, request.ignored());
        }

        MethodScores scores(Grouping grouping) throws IOException {
            each(part -> {
                part.work.check();
                return true;
            });
            List<LabelGroup> groups = groups();
            var rows = new ArrayList<ScoreRow>();
            Groups together = grouping.of(List.copyOf(references.keySet()));
            var ignored = new IgnoredVoxels(request.ignored(), new TreeMap<>());
            for (Part part : parts) {
                FileScores found;
                try {
                    found = part.work.scores(groups);
                } catch (IOException e) {
                    throw part.problem(e);
                }
                ignored = found.ignored();
                found.scores()
                        .forEach(score -> rows.add(new ScoreRow(
                                part.method.name(),
                                foldOf(part, score.id()),
                                part.method.seed(),
                                score,
                                together.of(score.id()))));
                found.remarks().forEach(remark -> remarks.add("%s: %s".formatted(part.method.given(), remark)));
                for (Path summary : part.predicted.summaries()) {
                    checked(part.method, summary, found.scores(), groups);
                }
            }
            return new MethodScores(
                    List.copyOf(rows),
                    ignored,
                    groups.size() == 1 && groups.getFirst().isAnyLabel(),
                    List.copyOf(limits),
                    List.copyOf(remarks));
        }

        /// A summary that can't be read says nothing against the predictions.
        private void checked(Method method, Path summary, List<CaseScore> scores, List<LabelGroup> groups) {
            try {
                NnunetSummary.Check check = NnunetSummary.read(summary).check(summary, scores, groups);
                (check.differs() ? limits : remarks).add("%s: %s".formatted(method.given(), check.sentence()));
            } catch (IOException e) {
                limits.add("%s: %s It was not checked.".formatted(method.given(), ended(InputFile.message(e))));
            }
        }

        private static String text(SortedSet<Integer> labels) {
            return labels.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }

        private static String ended(String sentence) {
            return sentence.endsWith(".") ? sentence : sentence + ".";
        }
    }

    /// The progress of one of several methods.
    private record Share(Progress whole, String name, int index, int methods) implements Progress {
        @Override
        public void say(String line) {
            whole.say(line);
        }

        @Override
        public void at(String work, double fraction, String detail) {
            whole.at("%s: %s".formatted(name, work), (index + fraction) / methods, detail);
        }
    }
}
