package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segloss.file.FolderLock;
import org.segloss.file.Sha256;
import org.segloss.file.Temporary;

/// Where an experiment keeps its files.
///
/// ```
/// experiment.yaml   dataset.json   environment.json   scores.csv   comparison.json   report.html
/// LOSS/fold-F/seed-S/   training.csv  validation.csv  events.out.tfevents.segloss  checkpoint.safetensors
///                       predictions/  scores.csv  stages.json
/// ```
public record RunFolder(Path root) {
    private static final Pattern LEAF = Pattern.compile("[^/]+/fold-\\d+/seed--?\\d+");

    public Path settings() {
        return root.resolve("experiment.yaml");
    }

    public Path manifest() {
        return root.resolve("dataset.json");
    }

    public Path environment() {
        return root.resolve("environment.json");
    }

    public Path scores() {
        return root.resolve("scores.csv");
    }

    public Path comparison() {
        return root.resolve("comparison.json");
    }

    public Path report() {
        return root.resolve("report.html");
    }

    /// {@return the folder of each loss in a fold and with a seed, in the losses' order}
    ///
    /// @param losses the losses' texts, no two alike
    /// @param fold   counted from 0
    public Map<String, LossFolder> losses(List<String> losses, int fold, long seed) {
        var times = new HashMap<String, Integer>();
        losses.forEach(loss -> times.merge(Slug.of(loss), 1, Integer::sum));
        var folders = new LinkedHashMap<String, LossFolder>();
        for (String loss : losses) {
            String slug = Slug.of(loss);
            // the hash, not a number, so that a loss's folder doesn't depend on the losses beside it more than it must
            String name =
                    times.get(slug) == 1 ? slug : slug + "-" + Sha256.of(loss).substring(0, 8);
            folders.put(loss, new LossFolder(root.resolve(name, "fold-" + fold, "seed-" + seed)));
        }
        return folders;
    }

    /// Holds the folder against other programs until what is returned is closed, and sweeps away what was left half
    /// written.
    ///
    /// @param data folder of the data set
    /// @throws IOException if it lies in the data's folder, cannot be written, or if another program works in it
    FolderLock lock(Path data) throws IOException {
        checkOutside(data);
        FolderLock lock = FolderLock.take(root);
        try {
            Temporary.sweep(root);
            return lock;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /// {@return the settings of the run that the folder holds, if it holds one}
    Optional<Settings> begun() throws IOException {
        return Files.exists(settings()) ? Optional.of(readable(() -> Settings.read(settings()))) : Optional.empty();
    }

    /// {@return the rules of the comparison that the folder holds}; where it holds none that can be read, the standard
    ComparisonRules rules() {
        try {
            return Comparison.read(comparison()).rules();
        } catch (IOException _) {
            // it is about to be written anew
            return ComparisonRules.standard();
        }
    }

    /// Takes the folder, which has to be locked, for an experiment. With `anew`, what a run left in it is deleted,
    /// whatever its settings.
    ///
    /// @throws IOException if it belongs to another experiment or holds something else
    void claim(Settings settings, Manifest manifest, boolean anew) throws IOException {
        if (!Files.exists(settings())) {
            checkEmpty(Path.of(settings.data()));
        } else if (anew) {
            clear();
        } else {
            checkSame(settings, manifest);
        }
        settings.write(settings());
        manifest.write(manifest());
        if (!Files.exists(environment())) {
            Environment.here().write(environment());
        }
    }

    /// Deletes what a run left. Its settings stay until others replace them: they say that the rest is a run's.
    private void clear() throws IOException {
        for (LossFolder folder : found()) {
            folder.clear();
            Path empty = folder.root();
            while (!empty.equals(root) && LossFolder.deleteIfEmpty(empty)) {
                empty = empty.getParent();
            }
        }
        for (Path file : List.of(report(), comparison(), scores(), environment(), manifest())) {
            Files.deleteIfExists(file);
        }
    }

    /// The folders of all losses, folds and seeds, of whatever settings.
    private List<LossFolder> found() throws IOException {
        try (Stream<Path> folders = Files.walk(root, 3)) {
            return folders.filter(folder -> LEAF.matcher(
                                    root.relativize(folder).toString().replace('\\', '/'))
                            .matches())
                    .map(LossFolder::new)
                    .toList();
        }
    }

    private void checkOutside(Path data) throws IOException {
        // a folder that isn't there yet has no real path, but one above it has
        Path existing = root.toAbsolutePath().normalize();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing.toRealPath().startsWith(data.toRealPath())) {
            throw new IOException("%s lies in the data set's folder %s; give an --out elsewhere".formatted(root, data));
        }
    }

    /// A data set may lie in the run's folder; hidden files are the system's, or left from a start that was
    /// broken off.
    private void checkEmpty(Path data) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> others;
        try (Stream<Path> files = Files.list(root)) {
            others = files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path file : others) {
            if (!file.toRealPath().equals(data.toRealPath())) {
                throw new IOException("%s holds files that are no run's, such as %s; give an --out that is new or empty"
                        .formatted(root, file.getFileName()));
            }
        }
    }

    private void checkSame(Settings settings, Manifest manifest) throws IOException {
        List<String> differences = begun().orElseThrow().differences(settings);
        if (differences.isEmpty() && Files.exists(manifest())) {
            differences = readable(() -> Manifest.read(manifest())).differences(manifest);
        }
        if (!differences.isEmpty()) {
            throw new IOException(foreign(differences));
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T readable(Reading<T> file) throws IOException {
        try {
            return file.read();
        } catch (IOException e) {
            throw new IOException(
                    "%s holds a run that can't be gone on with (%s); give another --out, or start anew in it with --restart"
                            .formatted(root, e.getMessage()),
                    e);
        }
    }

    private String foreign(List<String> differences) {
        String some = String.join("; ", differences.subList(0, Math.min(3, differences.size())));
        String more = differences.size() > 3 ? "; and %d more".formatted(differences.size() - 3) : "";
        return "%s holds a run with other settings (%s%s); give another --out, or start anew in it with --restart"
                .formatted(root, some, more);
    }
}
