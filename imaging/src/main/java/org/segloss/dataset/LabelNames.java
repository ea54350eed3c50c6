package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segloss.image.LabelMap;
import org.segloss.image.Labels;

/// Finds out what the numbers in a data set's segmentations mean.
final class LabelNames {
    /// So many different values are an image, not labels.
    private static final int MOST = 128;

    /// Reads what values there are, where nothing else says it.
    interface Values {
        SortedSet<Integer> read() throws IOException;
    }

    private final Path root;
    private final DatasetJson json;
    private final SortedSet<Integer> ignored;

    private LabelNames(Path root, DatasetJson json, SortedSet<Integer> ignored) {
        this.root = root;
        this.json = json;
        this.ignored = ignored;
    }

    /// {@return the numbers that are not to count, by the data set's file and by whoever uses it}
    static SortedSet<Integer> ignored(DatasetJson json, Reading reading) {
        var ignored = new TreeSet<>(json.ignored());
        ignored.addAll(reading.ignored());
        // whoever uses the data set knows what it is
        reading.classes().ifPresent(classes -> {
            ignored.removeAll(classes.known());
            ignored.addAll(classes.ignored());
        });
        return ignored;
    }

    /// @param structures classes that have files of their own, from label 1 on; none where one file has all
    /// @param values     all that occur in the data set's segmentations, those that are ignored or not
    /// @throws IOException if the values are no labels, or one of them is a class and ignored
    static ClassLabels of(Path root, DatasetJson json, List<String> structures, Reading reading, Values values)
            throws IOException {
        var names = new LabelNames(root, json, ignored(json, reading));
        if (reading.marking() == Marking.PROBABILITIES && structures.isEmpty()) {
            return names.counted(ClassLabels.ofProbabilities());
        }
        if (reading.classes().isPresent() && structures.isEmpty()) {
            return names.counted(reading.classes().get());
        }
        if (!structures.isEmpty()) {
            return names.counted(names.named(structures, reading));
        }
        return json.labels().isEmpty() && json.regions().isEmpty()
                ? names.found(values.read())
                : names.counted(names.declared());
    }

    private ClassLabels counted(ClassLabels classes) throws IOException {
        for (int label = 0; label < classes.names().size(); label++) {
            for (int number : classes.numbers().get(label)) {
                if (ignored.contains(number)) {
                    throw new IOException(
                            "%s: the label %s is to be ignored, but it is that of the class '%s'. Voxels that don't count need a number of their own."
                                    .formatted(
                                            root,
                                            LabelMap.text(number),
                                            classes.names().get(label)));
                }
            }
        }
        return classes.ignoring(ignored);
    }

    private ClassLabels declared() throws IOException {
        if (!json.regions().isEmpty()) {
            return regions();
        }
        SortedMap<Integer, String> labels = json.labels();
        if (labels.size() < 2 || labels.size() > Labels.LARGEST || !labels.containsKey(0)) {
            throw new IOException(
                    "%s: the labels have the values %s. There should be 0 for the background, and from 1 to %d more."
                            .formatted(root.resolve(DatasetJson.FILE), labels.keySet(), Labels.LARGEST - 1));
        }
        var names = new ArrayList<>(List.of(labels.get(0)));
        var numbers = new ArrayList<>(List.of(List.of(0)));
        labels.forEach((number, name) -> {
            if (number != 0) {
                names.add(name);
                numbers.add(List.of(number));
            }
        });
        return new ClassLabels(names, numbers, List.of());
    }

    /// The classes are the labels that regions are made of.
    private ClassLabels regions() throws IOException {
        var numbers = new TreeSet<>(Set.of(0));
        json.regions().forEach(region -> numbers.addAll(region.values()));
        List<Integer> labels = List.copyOf(numbers);
        var regions = new ArrayList<Region>();
        for (DeclaredRegion declared : json.regions()) {
            int paints = labels.indexOf(declared.paints());
            if (paints < 1) {
                throw new IOException(
                        "%s: the region '%s' paints the label %d, which no region has. In 'regions_class_order' name one of %s."
                                .formatted(
                                        root.resolve(DatasetJson.FILE),
                                        declared.name(),
                                        declared.paints(),
                                        labels.subList(1, labels.size())));
            }
            regions.add(new Region(
                    declared.name(),
                    declared.values().stream().map(labels::indexOf).collect(Collectors.toCollection(TreeSet::new)),
                    paints));
        }
        List<String> names = labels.stream()
                .map(number -> number == 0 ? "background" : json.labels().getOrDefault(number, "label " + number))
                .toList();
        return new ClassLabels(names, labels.stream().map(List::of).toList(), List.of(), regions);
    }

    /// In the order that the data set's file says, if it does.
    private ClassLabels named(List<String> structures, Reading reading) throws IOException {
        Optional<ClassLabels> given = reading.classes();
        if (given.isPresent() && given.get().structures().containsAll(structures)) {
            return given.get();
        }
        if (given.isEmpty() && reading.marking().isSumOfFiles()) {
            return together(structures, reading.marking());
        }
        if (given.isPresent()) {
            throw new IOException(
                    "%s: each class has files of its own (%s), so there are no numbers to give names to. Leave the numbers' names out, and name the files."
                            .formatted(root, String.join(", ", structures)));
        }
        if (json.labels().values().containsAll(structures)) {
            return ClassLabels.of(List.copyOf(json.labels().values()));
        }
        if (structures.size() > Labels.LARGEST - 1) {
            throw new IOException("%s: there are files of %d classes, and a network can learn %d. Leave some out."
                    .formatted(root, structures.size(), Labels.LARGEST - 1));
        }
        var names = new ArrayList<>(List.of("background"));
        names.addAll(structures);
        return ClassLabels.of(names);
    }

    private ClassLabels together(List<String> structures, Marking marking) throws IOException {
        boolean raters = marking == Marking.RATERS;
        try {
            return raters ? ClassLabels.ofRaters(structures) : ClassLabels.overlapping(structures);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "%s: %s. Leave some out%s."
                            .formatted(
                                    root,
                                    e.getMessage(),
                                    raters ? "" : ", or take --overlap away where no two overlap"),
                    e);
        }
    }

    private ClassLabels found(SortedSet<Integer> values) throws IOException {
        var left = new TreeSet<>(values);
        left.removeAll(ignored);
        List<Integer> others = left.stream().filter(value -> value != 0).toList();
        boolean some = left.size() < values.size();
        if (others.isEmpty() && some) {
            throw new IOException(
                    "%s: without the labels that are ignored (%s) the segmentations hold nothing but background. Ignore fewer."
                            .formatted(root, ClassLabels.text(ignored)));
        }
        if (others.size() <= 1) {
            int foreground = others.isEmpty() ? 1 : others.getFirst();
            return counted(new ClassLabels(
                    List.of("background", "foreground"), List.of(List.of(0), List.of(foreground)), List.of()));
        }
        if (others.size() > MOST) {
            throw new IOException(
                    "%s: the segmentations hold %d values: %s. That many are an image rather than labels; a data set with so many classes says in %s what they are."
                            .formatted(root, left.size(), abridged(left), DatasetJson.FILE));
        }
        checkClear(left, others);
        var classes = new TreeMap<Integer, String>();
        others.forEach(value -> classes.put(value, "label " + LabelMap.text(value)));
        var names = new ArrayList<>(List.of("background"));
        names.addAll(classes.values());
        var numbers = new ArrayList<>(List.of(List.of(0)));
        classes.keySet().forEach(value -> numbers.add(List.of(value)));
        return counted(new ClassLabels(names, numbers, List.of()));
    }

    /// What mostly marks voxels that nobody has looked at is no class unless someone says so.
    private void checkClear(SortedSet<Integer> left, List<Integer> others) throws IOException {
        // 255, and what lies right below it, far from the others
        int last = Labels.LARGEST;
        while (others.contains(last)) {
            last--;
        }
        int high = others.getFirst() > last ? Integer.MAX_VALUE : last;
        List<Integer> doubtful = others.stream()
                .filter(value -> value < 0 || value > high && value <= Labels.LARGEST)
                .toList();
        if (!doubtful.isEmpty() && others.stream().noneMatch(value -> value >= 1 << 24)) {
            String text = ClassLabels.text(doubtful);
            String sum = text.replace(", ", "+");
            throw new IOException(
                    "%s: the segmentations hold the values %s. %s may be a class, or mark voxels that don't count: say --ignore=%s, or --map-labels with a name for each class, such as \"%d=organ, %s=other\"."
                            .formatted(
                                    root,
                                    abridged(left),
                                    text,
                                    text.replace(", ", ","),
                                    others.stream()
                                            .filter(value -> !doubtful.contains(value))
                                            .findFirst()
                                            .orElse(1),
                                    sum));
        }
    }

    private static String abridged(SortedSet<Integer> values) {
        List<String> texts = values.stream().map(LabelMap::text).toList();
        return texts.size() <= 12
                ? String.join(", ", texts)
                : String.join(", ", texts.subList(0, 10)) + " ... " + texts.getLast();
    }
}
