package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Split;

/// The data of an experiment, as `dataset.json` holds them: which files with which content, and what each case is for.
/// The file is a split file as well.
///
/// @param name   of the data set
/// @param labels name of each label value; the first is the background
/// @param cases  those of the split
public record Manifest(
        String name,
        int dimensions,
        int channels,
        List<String> labels,
        List<Item> cases,
        List<String> train,
        List<String> val,
        List<String> test) {

    /// A case's files by name, each with the SHA-256 of its bytes.
    public record Item(String id, String image, String imageSha256, String label, String labelSha256) {}

    static Manifest of(Dataset dataset, Split split) throws IOException {
        var items = new ArrayList<Item>();
        List<String> ids = Stream.of(split.train(), split.validation(), split.test())
                .flatMap(List::stream)
                .sorted()
                .toList();
        for (String id : ids) {
            Dataset.Entry entry = dataset.entry(id);
            items.add(new Item(
                    id, name(entry.image()), Sha256.of(entry.image()), name(entry.label()), Sha256.of(entry.label())));
        }
        return new Manifest(
                dataset.name(),
                dataset.dimensions(),
                dataset.channels(),
                dataset.labels(),
                items,
                split.train(),
                split.validation(),
                split.test());
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName()).toString();
    }

    /// Reads `dataset.json`.
    public static Manifest read(Path file) throws IOException {
        return Documents.readJson(file, Manifest.class);
    }

    void write(Path file) throws IOException {
        Documents.writeJson(file, this);
    }

    /// {@return the hashes of the files of these cases, for telling whether they changed}
    String hashes(List<String> ids) {
        Map<String, Item> byId = cases.stream().collect(Collectors.toMap(Item::id, Function.identity()));
        return ids.stream()
                .map(byId::get)
                .map(item -> item.id() + " " + item.imageSha256() + " " + item.labelSha256())
                .collect(Collectors.joining("\n"));
    }

    /// {@return whether a case's files are those of the run, to the last byte}
    public boolean describes(Dataset.Entry entry) throws IOException {
        String image = Sha256.of(entry.image());
        String label = Sha256.of(entry.label());
        return cases.stream()
                .anyMatch(item -> item.id().equals(entry.id())
                        && item.imageSha256().equals(image)
                        && item.labelSha256().equals(label));
    }

    /// {@return how `other` differs, one line a thing}
    List<String> differences(Manifest other) {
        return Documents.differences(byCase(), other.byCase());
    }

    private Map<String, Object> byCase() {
        return Map.of(
                "labels", labels,
                "train", train,
                "val", val,
                "test", test,
                "case", cases.stream().collect(Collectors.toMap(Item::id, Function.identity())));
    }
}
