package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.file.Json;
import org.segloss.format.Formats;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

/// Which cases train, which validate and which test, by id.
public record Split(List<String> train, List<String> validation, List<String> test) {

    /// How many cases of a fold validate at most.
    static final int VALIDATED = 10;

    public Split {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /// Reads a JSON file with arrays `train`, `test` and, if there is one, `val`; or with an array `folds` of such
    /// objects. Other fields are left alone.
    ///
    /// @return a split, or one for each fold
    /// @throws IOException that names the file and all that is wrong with it: an id that the data set does not
    ///                     have, an id on two sides or twice, nothing to train or to test
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

    /// Draws `test` cases for testing; all others train. Same seed and same cases, same split.
    ///
    /// Whole groups are drawn: where none fits into what is left of `test`, it becomes a few cases less.
    ///
    /// @throws IllegalArgumentException if that leaves nothing to test or to train
    public static Split draw(Groups groups, int test, long seed) {
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
        var tested = new TreeSet<String>();
        for (List<String> members : shuffled(groups, ids, CounterRandom.of(seed, "split"))) {
            if (tested.size() + members.size() <= test) {
                tested.addAll(members);
            }
        }
        if (tested.isEmpty()) {
            throw new IllegalArgumentException(
                    "%d were to be for testing, but every subject has more cases than that; give --test a larger number"
                            .formatted(test));
        }
        return new Split(ids.stream().filter(id -> !tested.contains(id)).toList(), List.of(), List.copyOf(tested));
    }

    /// Deals all cases out to `folds` parts; each part tests once what the others train. The parts are equally large up
    /// to the size of a group. Same seed and same cases, same folds.
    ///
    /// Of what a fold would train, at most [#VALIDATED] cases in whole groups validate instead, and at most a fifth
    /// of the groups: they decide nothing but show a curve, which is worth no more. With fewer than 5 groups none
    /// do.
    ///
    /// @throws IllegalArgumentException if there are fewer than 2 folds, or fewer groups than folds
    public static List<Split> folds(Groups groups, int folds, long seed) {
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
                .mapToObj(fold -> validated(groups, ids, parts.get(fold), CounterRandom.of(seed, "validation", fold)))
                .toList();
    }

    private static Split validated(Groups groups, List<String> ids, Set<String> test, CounterRandom random) {
        List<String> others = ids.stream().filter(id -> !test.contains(id)).toList();
        List<List<String>> members = shuffled(groups, others, random);
        var validation = new TreeSet<String>();
        for (List<String> group : members.subList(0, members.size() / 5)) {
            if (validation.size() + group.size() <= VALIDATED) {
                validation.addAll(group);
            }
        }
        return new Split(
                others.stream().filter(id -> !validation.contains(id)).toList(),
                List.copyOf(validation),
                List.copyOf(test));
    }

    private static List<List<String>> shuffled(Groups groups, List<String> ids, CounterRandom random) {
        List<List<String>> members = new ArrayList<>(groups.members(ids).values());
        for (int last = members.size() - 1; last > 0; last--) {
            Collections.swap(members, last, random.nextInt(last + 1));
        }
        return members;
    }
}
