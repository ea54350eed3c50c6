package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.file.Json;
import org.segloss.format.Formats;
import org.segloss.layout.Problem;
import org.segloss.layout.Side;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

/// Which cases train, which validate and which test, by id.
public record Split(List<String> train, List<String> validation, List<String> test) {

    /// How many cases validate at most if nobody says how many.
    static final int VALIDATED = 10;

    /// How many groups go on training at least if nobody says how many validate.
    private static final int LEAST_TRAINED = 2;

    public Split {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /// Reads a JSON file with arrays `train`, `test` and, if there is one, `val`; or with an array `folds` of
    /// such objects. Other fields are left alone.
    ///
    /// @return a split, or one for each fold
    /// @throws IOException that names the file and all that is wrong with it: an id that the data set does
    ///     not have, an id on two sides or twice, nothing to train or to test
    public static List<Split> read(Path file, Dataset dataset) throws IOException {
        var problems = new ArrayList<Problem>();
        List<Split> splits = parse(file, dataset.ids(), problems);
        if (!problems.isEmpty()) {
            throw new IOException(problems.stream()
                    .map(problem -> problem.found() + ". " + problem.fix())
                    .collect(Collectors.joining(" Also: ", file + ": ", "")));
        }
        return splits;
    }

    /// As [#read], with everything that is wrong added to `problems`.
    static List<Split> parse(Path file, List<String> known, List<Problem> problems) throws IOException {
        JsonNode json = Json.readObject(file);
        if (!json.has("folds")) {
            return List.of(parse(json, "", file, known, problems));
        }
        var folds = new ArrayList<Split>();
        for (JsonNode fold : json.path("folds")) {
            folds.add(parse(fold, "fold %d: ".formatted(folds.size()), file, known, problems));
        }
        if (folds.isEmpty()) {
            problems.add(Problem.error(
                    file, "the list 'folds' is empty", "Give each fold as an object with 'train' and 'test'."));
        }
        return folds;
    }

    private static Split parse(JsonNode json, String where, Path file, List<String> known, List<Problem> problems) {
        Map<String, String> sides = new HashMap<>();
        List<List<String>> lists = new ArrayList<>();
        for (String side : List.of("train", "val", "test")) {
            var ids = new ArrayList<String>();
            for (JsonNode node : json.path(side)) {
                String id = node.asString("");
                ids.add(id);
                String other = sides.put(id, side);
                if (other != null) {
                    problems.add(Problem.error(
                            file,
                            "%sthe case '%s' is in '%s' and again in '%s'".formatted(where, id, other, side),
                            "A case has to be on one side, once."));
                }
            }
            if (ids.isEmpty() && !side.equals("val")) {
                problems.add(Problem.error(
                        file,
                        "%sthe list '%s' is missing or empty".formatted(where, side),
                        "Name at least one case in it."));
            }
            lists.add(ids);
        }
        List<String> unknown = sides.keySet().stream()
                .filter(id -> !known.contains(id))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            problems.add(Problem.error(
                    file,
                    "%s%d cases are not in the data set, the first is '%s'"
                            .formatted(where, unknown.size(), unknown.getFirst()),
                    "Cases are named as their files, without the ending (%s).".formatted(Formats.IMAGES.endings())));
        }
        return new Split(lists.get(0), lists.get(1), lists.get(2));
    }

    /// {@return the split that the names of folders say}, as `train`, `val` and `test` do; nothing unless each
    /// case lies in one, and some train and some test. Where none is for testing those for validation are.
    public static Optional<Split> named(List<Dataset.Entry> cases) {
        Map<Optional<Side>, List<String>> sides = cases.stream()
                .collect(Collectors.groupingBy(
                        Dataset.Entry::side, Collectors.mapping(Dataset.Entry::id, Collectors.toList())));
        List<String> train = sides.getOrDefault(Optional.of(Side.TRAIN), List.of());
        List<String> validation = sides.getOrDefault(Optional.of(Side.VALIDATION), List.of());
        List<String> test = sides.getOrDefault(Optional.of(Side.TEST), List.of());
        if (sides.containsKey(Optional.<Side>empty()) || train.isEmpty() || validation.isEmpty() && test.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                test.isEmpty() ? new Split(train, List.of(), validation) : new Split(train, validation, test));
    }

    /// Draws `test` cases for testing, and of the others some that validate, as [#validating] says; the rest
    /// trains. Same seed and same cases, same split.
    ///
    /// Whole groups are drawn: where none fits into what is left of `test`, it becomes a few cases less.
    ///
    /// @throws IllegalArgumentException if that leaves nothing to test or to train
    public static Split draw(Groups groups, int test, OptionalInt validation, long seed) {
        List<String> ids = groups.byCase().keySet().stream().sorted().toList();
        if (ids.size() < 2) {
            throw new IllegalArgumentException(
                    "there are %d cases; at least 2 are needed, one to train and one to test".formatted(ids.size()));
        }
        if (test < 1 || test >= ids.size()) {
            throw new IllegalArgumentException(
                    "of %d cases, %d were to be for testing; give with --test a number from 1 to %d"
                            .formatted(ids.size(), test, ids.size() - 1));
        }
        Set<String> tested = fitting(shuffled(groups, ids, CounterRandom.of(seed, "split")), test);
        if (tested.isEmpty()) {
            throw new IllegalArgumentException(
                    "%d were to be for testing, but every subject has more cases than that; give --test a larger number"
                            .formatted(test));
        }
        return tested(ids, tested).validating(groups, validation, seed, 0);
    }

    /// Deals all cases out to `folds` parts; each part tests once what the others train. The parts are
    /// equally large up to the size of a group. Same seed and same cases, same folds. Of what a fold would
    /// train some cases validate, as [#validating] says.
    ///
    /// @throws IllegalArgumentException if there are fewer than 2 folds, or fewer groups than folds
    public static List<Split> folds(Groups groups, int folds, OptionalInt validation, long seed) {
        List<String> ids = groups.byCase().keySet().stream().sorted().toList();
        List<List<String>> members = shuffled(groups, ids, CounterRandom.of(seed, "folds"));
        if (folds < 2 || folds > members.size()) {
            throw new IllegalArgumentException(
                    "%d cases of %d subjects can't make %d folds; give --folds a number from 2 to %d"
                            .formatted(ids.size(), members.size(), folds, members.size()));
        }
        // the large first, which even out worst; sorting leaves the order of equally large ones
        members.sort(Comparator.comparing((List<String> group) -> group.size()).reversed());
        List<TreeSet<String>> parts =
                Stream.generate(TreeSet<String>::new).limit(folds).toList();
        for (List<String> group : members) {
            parts.stream().min(Comparator.comparing(Set::size)).orElseThrow().addAll(group);
        }
        return IntStream.range(0, folds)
                .mapToObj(fold -> tested(ids, parts.get(fold)).validating(groups, validation, seed, fold))
                .toList();
    }

    private static Split tested(List<String> ids, Set<String> test) {
        return new Split(ids.stream().filter(id -> !test.contains(id)).toList(), List.of(), List.copyOf(test));
    }

    /// Takes some of the cases that train to validate instead, beside those that do. Groups stay whole. They
    /// decide nothing but show how a training goes, and whether it had converged.
    ///
    /// If nobody says how many, it is a fifth of the groups, but one at least and [#VALIDATED] cases at most;
    /// where every group has more cases than that, the smallest. Two groups at least go on training: of fewer
    /// than 3, none is taken.
    ///
    /// @param cases how many cases validate; where no group fits into what is left of it, a few less
    /// @param seed  same seed, fold and training cases, same choice
    /// @throws IllegalArgumentException if that leaves nothing to train, or every group is larger
    public Split validating(Groups groups, OptionalInt cases, long seed, int fold) {
        List<List<String>> members = shuffled(groups, train, CounterRandom.of(seed, "validation", fold));
        Set<String> taken = cases.isPresent() ? fitting(members, checked(cases.getAsInt())) : some(members);
        if (cases.orElse(0) > 0 && taken.isEmpty()) {
            throw new IllegalArgumentException(
                    "%d were to validate, but every subject has more cases than that; give --val a larger number, or 0"
                            .formatted(cases.getAsInt()));
        }
        return new Split(
                train.stream().filter(id -> !taken.contains(id)).toList(),
                Stream.concat(validation.stream(), taken.stream()).toList(),
                test);
    }

    private int checked(int cases) {
        if (cases < 0 || cases >= train.size()) {
            throw new IllegalArgumentException(
                    "of %d cases that would train, %d were to validate; give with --val a number from 0 to %d"
                            .formatted(train.size(), cases, train.size() - 1));
        }
        return cases;
    }

    private static Set<String> some(List<List<String>> members) {
        if (members.size() <= LEAST_TRAINED) {
            return Set.of();
        }
        Set<String> taken = fitting(members.subList(0, Math.max(1, members.size() / 5)), VALIDATED);
        return taken.isEmpty()
                ? new TreeSet<>(
                        members.stream().min(Comparator.comparing(List::size)).orElseThrow())
                : taken;
    }

    /// {@return the cases of the groups that fit one after the other}
    private static Set<String> fitting(List<List<String>> members, int cases) {
        var taken = new TreeSet<String>();
        for (List<String> group : members) {
            if (taken.size() + group.size() <= cases) {
                taken.addAll(group);
            }
        }
        return taken;
    }

    private static List<List<String>> shuffled(Groups groups, List<String> ids, CounterRandom random) {
        List<List<String>> members = new ArrayList<>(groups.members(ids).values());
        for (int last = members.size() - 1; last > 0; last--) {
            Collections.swap(members, last, random.nextInt(last + 1));
        }
        return members;
    }
}
