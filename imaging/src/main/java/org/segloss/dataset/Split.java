package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segloss.random.CounterRandom;
import tools.jackson.databind.JsonNode;

/// Which cases train, which validate and which test, by id.
public record Split(List<String> train, List<String> validation, List<String> test) {

    public Split {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /// Reads a JSON file with arrays `train`, `test` and, if there is one, `val`; other fields are left alone.
    ///
    /// @throws IOException that names the file and all that is wrong with it: an id that the data set does not
    ///                     have, an id on two sides or twice, nothing to train or to test
    public static Split read(Path file, Dataset dataset) throws IOException {
        List<String> known = dataset.cases().stream().map(Dataset.Entry::id).toList();
        var problems = new ArrayList<Problem>();
        Split split = parse(file, known, problems);
        if (!problems.isEmpty()) {
            throw new IOException(problems.stream()
                    .map(problem -> problem.found() + ". " + problem.fix())
                    .collect(Collectors.joining(" Also: ", file + ": ", "")));
        }
        return split;
    }

    /// As [#read], with everything that is wrong added to `problems`.
    static Split parse(Path file, List<String> known, List<Problem> problems) throws IOException {
        JsonNode json = Json.readObject(file);
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
                            "the case '%s' is in '%s' and again in '%s'".formatted(id, other, side),
                            "A case has to be on one side, once."));
                }
            }
            if (ids.isEmpty() && !side.equals("val")) {
                problems.add(Problem.error(
                        file, "the list '%s' is missing or empty".formatted(side), "Name at least one case in it."));
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
                    "%d cases are not in the data set, the first is '%s'".formatted(unknown.size(), unknown.getFirst()),
                    "Cases are named as their files, without .nii.gz or .png."));
        }
        return new Split(lists.get(0), lists.get(1), lists.get(2));
    }

    /// Draws `test` cases for testing; all others train. Same seed and same ids, same split.
    ///
    /// @throws IllegalArgumentException if that leaves nothing to test or to train
    public static Split draw(Dataset dataset, int test, long seed) {
        var ids =
                new ArrayList<>(dataset.cases().stream().map(Dataset.Entry::id).toList());
        if (ids.size() < 2) {
            throw new IllegalArgumentException(
                    "there are %d cases; at least 2 are needed, one to train and one to test".formatted(ids.size()));
        }
        if (test < 1 || test >= ids.size()) {
            throw new IllegalArgumentException(
                    "of %d cases, %d were to be for testing; give with --test a number from 1 to %d"
                            .formatted(ids.size(), test, ids.size() - 1));
        }
        CounterRandom random = CounterRandom.of(seed, "split");
        for (int last = ids.size() - 1; last > 0; last--) {
            Collections.swap(ids, last, random.nextInt(last + 1));
        }
        return new Split(
                ids.subList(test, ids.size()).stream().sorted().toList(),
                List.of(),
                ids.subList(0, test).stream().sorted().toList());
    }
}
