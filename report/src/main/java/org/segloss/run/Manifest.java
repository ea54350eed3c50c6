package org.segloss.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Groups;
import org.segloss.dataset.Split;
import org.segloss.file.Json;
import org.segloss.file.Sha256;
import org.segloss.format.Images;

/// The data of an experiment, as `dataset.json` holds them: which files with which content, and what each
/// case is for. The file is a split file as well.
///
/// @param name   of the data set
/// @param layout how the data set's files are arranged
/// @param labels name of each label value; the first is the background
/// @param cases  those of the folds
/// @param folds  one, or as many as the data were split into
public record Manifest(
        String name,
        int dimensions,
        int channels,
        String layout,
        List<String> labels,
        List<Item> cases,
        List<Fold> folds) {

    /// A case's files by the name of the first, with the SHA-256 of their bytes (and of those of files that
    /// they name), and the subject it is of.
    public record Item(String id, String group, String image, String imageSha256, String label, String labelSha256) {

        /// {@return whether these are a case's files, to the last byte}
        public boolean describes(Dataset.Entry entry) throws IOException {
            return describes(entry, Sha256::of);
        }

        /// As [#describes(Dataset.Entry)], where hashes may be known.
        public boolean describes(Dataset.Entry entry, Hash hash) throws IOException {
            return id.equals(entry.id())
                    && imageSha256.equals(hash(entry.images(), hash))
                    && labelSha256.equals(hash(entry.labelFiles(), hash));
        }
    }

    /// Knows or finds the SHA-256 of a file's bytes.
    public interface Hash {
        String of(Path file) throws IOException;
    }

    /// What each case is for.
    public record Fold(List<String> train, List<String> val, List<String> test) {
        public Fold {
            train = List.copyOf(train);
            val = List.copyOf(val);
            test = List.copyOf(test);
        }

        /// {@return the cases, whatever they are for}
        public List<String> all() {
            return Stream.of(train, val, test).flatMap(List::stream).toList();
        }
    }

    public Manifest {
        Objects.requireNonNull(layout, "no layout");
        labels = List.copyOf(labels);
        cases = List.copyOf(cases);
        folds = List.copyOf(folds);
        if (folds.isEmpty()) {
            throw new IllegalArgumentException("there is no fold");
        }
        Set<String> ids = cases.stream().map(Item::id).collect(Collectors.toSet());
        for (Fold fold : folds) {
            for (String id : fold.all()) {
                if (!ids.contains(id)) {
                    throw new IllegalArgumentException("a fold has the case '%s', which has no files".formatted(id));
                }
            }
        }
        if (cases.stream().anyMatch(item -> item.group == null)) {
            throw new IllegalArgumentException("a case has no group");
        }
    }

    /// Reads all files.
    ///
    /// @throws IOException if one can't be read, or an image is the same to the byte on two sides of a split
    public static Manifest of(Dataset dataset, Groups groups, List<Split> splits) throws IOException {
        var items = new ArrayList<Item>();
        List<Fold> folds = splits.stream()
                .map(split -> new Fold(split.train(), split.validation(), split.test()))
                .toList();
        List<String> ids = folds.stream()
                .flatMap(fold -> fold.all().stream())
                .distinct()
                .sorted()
                .toList();
        for (String id : ids) {
            Dataset.Entry entry = dataset.entry(id);
            items.add(new Item(
                    id,
                    groups.of(id),
                    name(entry.image()),
                    hash(entry.images(), Sha256::of),
                    name(entry.label()),
                    hash(entry.labelFiles(), Sha256::of)));
        }
        var manifest = new Manifest(
                dataset.name(),
                dataset.dimensions(),
                dataset.channels(),
                dataset.layout(),
                dataset.labels(),
                items,
                folds);
        manifest.checkCopies();
        return manifest;
    }

    private void checkCopies() throws IOException {
        Map<String, Item> byId = byId();
        for (Fold fold : folds) {
            Map<String, String> sides = new HashMap<>();
            for (List<String> side : List.of(fold.train, fold.val, fold.test)) {
                Map<String, String> here = new HashMap<>();
                for (String id : side) {
                    String hash = byId.get(id).imageSha256();
                    String other = sides.get(hash);
                    if (other != null) {
                        throw new IOException(
                                "the images of %s and %s are the same to the byte, but stand on two sides of the split: remove one"
                                        .formatted(other, id));
                    }
                    here.put(hash, id);
                }
                sides.putAll(here);
            }
        }
    }

    private Map<String, Item> byId() {
        return cases.stream().collect(Collectors.toMap(Item::id, Function.identity()));
    }

    /// {@return the group of each case}
    public Groups groups() {
        return new Groups(cases.stream().collect(Collectors.toMap(Item::id, Item::group)));
    }

    /// {@return the first fold that tests a case}
    /// @throws IllegalArgumentException if none does
    public int foldOf(String id) {
        for (int fold = 0; fold < folds.size(); fold++) {
            if (folds.get(fold).test.contains(id)) {
                return fold;
            }
        }
        throw new IllegalArgumentException("the case '%s' is in no test".formatted(id));
    }

    /// {@return the SHA-256 of a file; of several, and of one that names others, that of all of theirs}
    private static String hash(List<Path> files, Hash hash) throws IOException {
        var hashes = new ArrayList<String>();
        for (Path file : files) {
            for (Path part : Images.files(file)) {
                hashes.add(hash.of(part));
            }
        }
        return hashes.size() == 1 ? hashes.getFirst() : Sha256.of(String.join("\n", hashes));
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName()).toString();
    }

    /// Reads `dataset.json`.
    public static Manifest read(Path file) throws IOException {
        return Documents.readJson(file, Manifest.class, "undo what was changed in it, or begin a new run");
    }

    public void write(Path file) throws IOException {
        Documents.writeJson(file, this);
    }

    /// {@return the entries of these cases}
    public List<Item> items(List<String> ids) {
        Map<String, Item> byId = byId();
        return ids.stream().map(byId::get).toList();
    }

    /// {@return whether a case's files are those of the run, to the last byte}
    public boolean describes(Dataset.Entry entry) throws IOException {
        Item item = byId().get(entry.id());
        return item != null && item.describes(entry);
    }

    /// {@return how `other` differs, one line a thing}
    public List<Json.Difference> differences(Manifest other) {
        return Documents.differences(byCase(), other.byCase());
    }

    /// In an order that doesn't depend on the run of the program.
    private SortedMap<String, Object> byCase() {
        var folds = new TreeMap<Integer, Fold>();
        this.folds.forEach(fold -> folds.put(folds.size(), fold));
        return new TreeMap<>(Map.of("labels", labels, "fold", folds, "case", new TreeMap<>(byId())));
    }
}
