package org.segloss.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.LabelFiles;
import org.segloss.dataset.Marking;
import org.segloss.file.InputFile;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.loss.Task;
import org.segloss.metric.Metric;
import org.segloss.run.PredictionTask;
import org.segloss.run.Progress;
import org.segloss.score.ScoringRequest.MissingPrediction;

/// Predicted segmentations scored against reference segmentations, from files.
///
/// @param scores      of each case, in the order of their names
/// @param unpredicted references that have no prediction; whether they are among the scores the request said
/// @param remarks     what is no error but may be a mistake
/// @param ignored     what of the references counts in no score
public record FileScores(
        List<CaseScore> scores, List<String> unpredicted, List<String> remarks, IgnoredVoxels ignored) {
    /// What scoring a voxel takes beside its probabilities: two files as read, labels, masks, distances.
    private static final int BYTES_A_VOXEL = 40;

    /// As [#of(Path, Path, ScoringRequest, Progress)], as a run scores its predictions.
    public static FileScores of(Path prediction, Path reference, Optional<Task.Kind> kind) throws IOException {
        return of(prediction, reference, ScoringRequest.of(kind), Progress.silent());
    }

    /// Scores a file against a file, or each file of a folder against the file of the same name in another.
    ///
    /// Where the request names no classes, the labels that are scored are those that `task.json` beside the
    /// predictions names; without it all that any of the files has, except 0. In a binary task, and where there
    /// is but one label besides 0, every label counts as the foreground, 1. Where the predictions have the
    /// label 1 alone and the references others, the request or `task.json` has to say what is meant.
    ///
    /// Where the label of a reference is ignored nothing is known: the voxel counts in no score. Ignored are
    /// the labels that the request names, that `task.json` does, and that `dataset.json` of the data set of the
    /// references does (its label `ignore`), which is remarked; but none of the classes that the request names.
    /// A prediction that has such a label elsewhere has no class there, which is remarked too.
    ///
    /// Cases are scored side by side, as many at once as there are processors and memory for.
    ///
    /// @throws IOException that names every prediction without a reference, every reference without a prediction
    ///     unless the request says what it counts, and every pair that can't be read or whose shape, affine or
    ///     labels don't fit
    public static FileScores of(Path prediction, Path reference, ScoringRequest request, Progress progress)
            throws IOException {
        Optional<Metric> unfit = request.scorer().metrics().stream()
                .filter(m -> m.needsProbabilities())
                .findFirst();
        if (unfit.isPresent() && request.probabilities().isEmpty()) {
            throw new IllegalArgumentException("%s needs probabilities: say with --probabilities where they are"
                    .formatted(unfit.get().id()));
        }
        ScoredFiles files = ScoredFiles.of(prediction, reference, request.probabilities());
        return new Work(request, progress, files, reference, PredictionTask.read(files.folder())).scores();
    }

    /// The files and what is known about them.
    static final class Work {
        private final ScoringRequest request;
        private final Parallel parallel;
        private final ScoredFiles files;
        private final Optional<PredictionTask> task;
        private final List<String> unpredicted;
        private final List<String> ids;
        private final List<String> remarks = new ArrayList<>();
        private final SortedSet<Integer> ignored;
        /// The labels that were found in the files, where these say what the classes are.
        private SortedSet<Integer> labels = new TreeSet<>();

        /// How many cases are read at once.
        private int atOnce;

        private final SortedMap<String, IgnoredVoxels.Share> ignoredVoxels = new ConcurrentSkipListMap<>();

        /// How many voxels of a prediction have an ignored label where the reference is known.
        private final SortedMap<String, Long> classless = new ConcurrentSkipListMap<>();

        Work(
                ScoringRequest request,
                Progress progress,
                ScoredFiles files,
                Path reference,
                Optional<PredictionTask> task)
                throws IOException {
            this.request = request;
            this.parallel = new Parallel(progress, "predictions can't be scored");
            this.files = files;
            this.task = task;
            this.ignored = ignored(reference);
            this.unpredicted = files.unpredicted();
            var all = new TreeSet<>(files.predictions().keySet());
            if (request.missing() == MissingPrediction.EMPTY) {
                all.addAll(unpredicted);
            }
            this.ids = List.copyOf(all);
        }

        /// What the request says, what the predictions were trained with, and what the references' data set
        /// declares.
        private SortedSet<Integer> ignored(Path reference) throws IOException {
            var known = new TreeSet<>(request.ignored());
            task.ifPresent(t -> known.addAll(t.ignored()));
            Path folder = Dataset.folderOf(reference);
            var declared = new TreeSet<Integer>();
            try {
                declared.addAll(Dataset.ignoredIn(folder));
            } catch (IOException e) {
                if (known.isEmpty() && request.groups().isEmpty()) {
                    throw new IOException(
                            "%s Or say with --ignore or --labels what counts.".formatted(InputFile.message(e)), e);
                }
                remarks.add("Whether more labels are ignored can't be read: " + InputFile.message(e));
            }
            declared.removeAll(known);
            known.addAll(declared);
            // whoever asks for its scores knows what it is
            var asked = new TreeSet<Integer>();
            request.groups().forEach(group -> asked.addAll(group.labels()));
            asked.retainAll(known);
            known.removeAll(asked);
            declared.removeAll(asked);
            if (!asked.isEmpty()) {
                remarks.add("--labels asks for %s, which %s or task.json ignores"
                        .formatted(text(asked), folder.resolve(Dataset.JSON)));
            }
            if (!declared.isEmpty()) {
                remarks.add("%s ignores %s, which %s in no score"
                        .formatted(folder.resolve(Dataset.JSON), text(declared), declared.size() == 1 ? "is" : "are"));
            }
            return known;
        }

        /// {@return the labels of references that count in no score}
        SortedSet<Integer> ignored() {
            return ignored;
        }

        FileScores scores() throws IOException {
            check();
            return scores(groups());
        }

        /// @throws IOException with all that is wrong with the pairs, and the pairs that aren't complete
        void check() throws IOException {
            int processors = Runtime.getRuntime().availableProcessors();
            List<Long> voxels = checked(processors);
            long bytes = voxels.stream().mapToLong(Long::longValue).max().orElse(1)
                    * (BYTES_A_VOXEL + (request.probabilities().isPresent() ? 16 * 4 : 0));
            long room = Runtime.getRuntime().maxMemory() / 3 * 2;
            atOnce = Math.clamp(room / Math.max(1, bytes), 1, processors);
        }

        /// @param groups the classes
        FileScores scores(List<LabelGroup> groups) throws IOException {
            int processors = Runtime.getRuntime().availableProcessors();
            int threads = Math.max(1, processors / atOnce);
            List<CaseScore> scores = parallel.map("scoring", ids, atOnce, id -> score(id, groups, threads)).stream()
                    .flatMap(List::stream)
                    .toList();
            if (!classless.isEmpty()) {
                remarks.add(
                        "Predictions have ignored labels where the references are known, which count as no class: %s"
                                .formatted(classless.entrySet().stream()
                                        .map(e -> "%s in %d voxels".formatted(e.getKey(), e.getValue()))
                                        .collect(Collectors.joining(", "))));
            }
            return new FileScores(scores, unpredicted, remarks, new IgnoredVoxels(ignored, ignoredVoxels));
        }

        /// {@return how many voxels each case has}
        /// @throws IOException with all that is wrong with the pairs, and the pairs that aren't complete
        private List<Long> checked(int processors) throws IOException {
            Optional<String> absent = absent();
            List<Long> voxels;
            try {
                voxels = parallel.map("checking", ids, processors, this::checkedVoxels);
            } catch (IOException e) {
                throw absent.isEmpty() ? e : new IOException("%s%n%s".formatted(InputFile.message(e), absent.get()), e);
            }
            if (absent.isPresent()) {
                throw new IOException(absent.get());
            }
            return voxels;
        }

        /// {@return what is wrong with the predictions that aren't there}
        private Optional<String> absent() {
            if (unpredicted.isEmpty() || request.missing() == MissingPrediction.SKIP) {
                return Optional.empty();
            }
            String names = "%s: no prediction of %d of %d references: %s"
                    .formatted(
                            files.folder(),
                            unpredicted.size(),
                            files.references().size(),
                            String.join(", ", unpredicted));
            if (request.missing() == MissingPrediction.FAIL) {
                return Optional.of(
                        names
                                + ". Add them, or say with --missing empty that each counts as a miss, or with --missing skip that they were not asked for");
            }
            return request.scorer().metrics().stream()
                    .filter(m -> m.needsProbabilities())
                    .findFirst()
                    .map(m -> "%s, and so no probabilities for %s. Leave it out, or add them".formatted(names, m.id()));
        }

        /// {@return how many voxels a case has, if its prediction fits its reference}
        private long checkedVoxels(String id) throws IOException {
            Path file = files.predictions().get(id);
            if (file == null) {
                return Images.info(files.references().get(id).first())
                        .geometry()
                        .voxels();
            }
            if (!files.references().containsKey(id)) {
                throw new IOException("%s: there is no reference of this name".formatted(file));
            }
            if (request.probabilities().isPresent() && !files.probabilities().containsKey(id)) {
                throw new IOException("%s: there are no probabilities of this name in %s"
                        .formatted(file, request.probabilities().get()));
            }
            Path reference = files.references().get(id).first();
            Geometry here = Images.labelInfo(file, reference).geometry();
            Geometry there = Images.labelInfo(reference, file).geometry();
            pairs(List.of()).way(file.toString(), here, there, "its reference");
            return here.voxels();
        }

        private Optional<Task.Kind> kind() {
            return request.kind().or(() -> task.map(PredictionTask::task));
        }

        /// {@return whether it is known from the first that any label counts as the foreground}
        boolean isBinary() {
            return kind().equals(Optional.of(Task.Kind.BINARY));
        }

        /// {@return the labels behind the [classes][#groups()]}
        SortedSet<Integer> labels() {
            if (task.isEmpty()) {
                return labels;
            }
            return LabelGroup.of(task.get()).stream()
                    .flatMap(group -> group.labels().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /// {@return the classes, as the request, `task.json` or the files say}
        List<LabelGroup> groups() throws IOException {
            if (!request.groups().isEmpty()) {
                return request.groups();
            }
            if (isBinary()) {
                return List.of(LabelGroup.anyLabel());
            }
            if (task.isPresent()) {
                return LabelGroup.of(task.get()).stream()
                        .filter(group -> !ignored.containsAll(group.labels()))
                        .toList();
            }
            PairScorer pairs = pairs(List.of());
            var predicted = new TreeSet<Integer>();
            labels = new TreeSet<>();
            for (List<SortedSet<Integer>> pair : parallel.map(
                    "looking for labels",
                    ids,
                    atOnce,
                    id -> List.of(
                            unpredicted.contains(id)
                                    ? new TreeSet<Integer>()
                                    : predicted(id, pairs).labels(),
                            reference(id, pairs).labels()))) {
                predicted.addAll(pair.getFirst());
                labels.addAll(pair.getLast());
            }
            predicted.removeAll(ignored);
            labels.removeAll(ignored);
            var alone = new TreeSet<>(predicted);
            alone.removeAll(labels);
            labels.addAll(predicted);
            if (kind().isEmpty()) {
                checkClear(predicted, labels);
                if (labels.size() <= 1) {
                    return List.of(LabelGroup.anyLabel());
                }
            }
            if (!alone.isEmpty()) {
                remarks.add("No reference has %s %s; scored as false positives"
                        .formatted(alone.size() == 1 ? "the label" : "the labels", text(alone)));
            }
            return labels.stream().map(LabelGroup::of).toList();
        }

        /// {@return whether the classes are those that `task.json` names}
        private boolean isByTask() {
            return task.isPresent() && request.groups().isEmpty() && !isBinary();
        }

        private LabelMap predicted(String id, PairScorer pairs) throws IOException {
            LabelMap stored = pairs.predicted(
                    ImageSource.of(files.predictions().get(id)),
                    Optional.of(files.references().get(id).first()));
            return task.map(t -> t.inFiles(stored)).orElse(stored);
        }

        private LabelMap reference(String id, PairScorer pairs) throws IOException {
            LabelFiles reference = files.references().get(id);
            LabelFiles read = isByTask() ? task.get().of(reference) : reference;
            if (read.isWhole() && (read.marking() == Marking.OVERLAPPING || read.marking() == Marking.RATERS)) {
                throw new IOException(
                        "%s: task.json names %s, each with files of its own, and this is one file for all. Give the data set's folder as --reference, or say --task binary, or --labels."
                                .formatted(
                                        read.first(),
                                        String.join(", ", task.get().regions().keySet())));
            }
            return read.isWhole() && read.marking() != Marking.PROBABILITIES
                    ? pairs.reference(
                            ImageSource.of(reference.first()),
                            Optional.ofNullable(files.predictions().get(id)))
                    : read.read(ignored);
        }

        private List<CaseScore> score(String id, List<LabelGroup> groups, int threads) throws IOException {
            PairScorer pairs = pairs(groups);
            Path file = files.references().get(id).first();
            LabelMap reference = checked(file, reference(id, pairs), groups);
            Optional<boolean[]> known = CaseScore.known(reference, ignored);
            known.ifPresent(k -> ignoredVoxels.put(id, share(k)));
            if (unpredicted.contains(id)) {
                return CaseScore.missed(id, reference, known, groups, request.scorer(), threads);
            }
            Path predicted = files.predictions().get(id);
            LabelMap stored = checked(predicted, predicted(id, pairs), groups);
            PairScorer.Scored scored = pairs.score(
                    id, predicted.toString(), stored, reference, known, probabilities(id, stored.geometry()), threads);
            if (scored.classless() > 0) {
                classless.put(id, scored.classless());
            }
            return scored.scores();
        }

        private PairScorer pairs(List<LabelGroup> groups) {
            return new PairScorer(groups, request.scorer(), request.pairs(), ignored);
        }

        /// An array has no place, and lies where its prediction does.
        private Optional<PairScorer.NamedProbabilities> probabilities(String id, Geometry prediction)
                throws IOException {
            if (request.probabilities().isEmpty()) {
                return Optional.empty();
            }
            Path file = files.probabilities().get(id);
            return Optional.of(
                    new PairScorer.NamedProbabilities(file.toString(), ProbabilityMap.read(file, prediction)));
        }

        private static IgnoredVoxels.Share share(boolean[] known) {
            long unknown = 0;
            for (boolean one : known) {
                unknown += one ? 0 : 1;
            }
            return new IgnoredVoxels.Share(unknown, known.length);
        }

        private LabelMap checked(Path file, LabelMap labels, List<LabelGroup> groups) throws IOException {
            if (request.groups().isEmpty()
                    && task.filter(t -> t.task() == Task.Kind.MULTICLASS).isPresent()
                    && request.kind().orElse(Task.Kind.MULTICLASS) == Task.Kind.MULTICLASS) {
                checkNamed(file, labels.labels(), groups);
            }
            return labels;
        }

        private void checkNamed(Path file, SortedSet<Integer> labels, List<LabelGroup> groups) throws IOException {
            var unknown = new TreeSet<>(labels);
            unknown.removeAll(ignored);
            groups.forEach(g -> unknown.removeAll(g.labels()));
            if (!unknown.isEmpty()) {
                throw new IOException("%s: has %s, but task.json names %s; --labels says what to score instead"
                        .formatted(
                                file,
                                text(unknown),
                                groups.stream().map(LabelGroup::name).toList()));
            }
        }
    }

    /// A binary prediction would be scored as if it had missed all labels but the first.
    private static void checkClear(Collection<Integer> predicted, SortedSet<Integer> labels) throws IOException {
        if (Set.copyOf(predicted).equals(Set.of(1)) && labels.size() > 1) {
            SortedSet<Integer> others = labels.tailSet(2);
            String task = "--task binary if 1 stands for any label, or --task multiclass";
            String ignore = "--ignore %s if nothing is known there"
                    .formatted(others.stream().map(String::valueOf).collect(Collectors.joining(",")));
            throw new IOException("the predictions have the label 1 alone, the references also %s: say %s"
                    .formatted(others, others.equals(Set.of(255)) ? ignore + ", " + task : task + ", or " + ignore));
        }
    }

    private static String text(Collection<Integer> labels) {
        return labels.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
