package org.segloss.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segloss.file.FolderLock;
import org.segloss.file.Sha256;

/// Where an experiment keeps its files.
///
/// ```
/// experiment.yaml   dataset.json   environment.json   cases.csv   scores.csv   comparison.json
/// report.html
/// tuning.json           and tuning/CANDIDATE/fold-F/seed-S/ with the same files, if anything competed
/// LOSS/fold-F/seed-S/   training.csv  validation.csv  events.out.tfevents.segloss  checkpoint.safetensors
///                       predictions/  scores.csv  calibration.csv  stages.json
///                       thresholds.json  predictions/DECISION/   where other decisions are asked for
///                       after-400/    the same, as it was after 400 steps, of a training that was extended then
/// ```
public record RunFolder(Path root) {
    private static final Pattern LEAF = Pattern.compile("(?:tuning/)?[^/]+/fold-\\d+/seed--?\\d+");

    public Path settings() {
        return root.resolve("experiment.yaml");
    }

    public Path manifest() {
        return root.resolve("dataset.json");
    }

    public Path environment() {
        return root.resolve("environment.json");
    }

    /// {@return what the data set's table says of the cases}; not there if it says nothing
    public Path cases() {
        return root.resolve("cases.csv");
    }

    public Path scores() {
        return root.resolve("scores.csv");
    }

    public Path comparison() {
        return root.resolve("comparison.json");
    }

    /// What was chosen on the validation cases, if anything was.
    public Path tuning() {
        return root.resolve("tuning.json");
    }

    /// {@return the folder of what competes on the validation cases}
    ///
    /// @param candidate what makes it one
    /// @param fold      counted from 0
    public LossFolder candidate(String candidate, int fold, long seed) {
        // the hash, for texts that differ in signs alone
        String name = "%s-%s".formatted(Slug.of(candidate), Sha256.of(candidate).substring(0, 8));
        return new LossFolder(root.resolve("tuning", name, "fold-" + fold, "seed-" + seed));
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

    /// Deletes what a run left. Its settings stay until others replace them: they say that the rest is a run's.
    ///
    /// @throws FolderLock.Busy if another program works at a part of it; then nothing has been deleted
    public void clear() throws IOException {
        List<LossFolder> found = found();
        var locks = new ArrayList<FolderLock>();
        try {
            for (LossFolder folder : found) {
                locks.add(FolderLock.take(folder.root()));
            }
            for (LossFolder folder : found) {
                folder.clear();
            }
        } finally {
            for (FolderLock lock : locks) {
                lock.close();
            }
        }
        for (LossFolder folder : found) {
            Path empty = folder.root();
            while (!empty.equals(root) && LossFolder.deleteIfEmpty(empty)) {
                empty = empty.getParent();
            }
        }
        for (Path file : List.of(report(), comparison(), scores(), cases(), tuning(), environment(), manifest())) {
            Files.deleteIfExists(file);
        }
    }

    /// The folders of all losses, folds and seeds, of whatever settings.
    private List<LossFolder> found() throws IOException {
        return leaves(root).stream()
                .map(name -> new LossFolder(root.resolve(name)))
                .toList();
    }

    /// {@return the names of the folders of all losses, folds and seeds in a run's folder}, as `bce/fold-0/seed-1`
    public static List<String> leaves(Path root) throws IOException {
        try (Stream<Path> folders = Files.walk(root, 4)) {
            return folders.map(folder -> root.relativize(folder).toString().replace('\\', '/'))
                    .filter(name -> LEAF.matcher(name).matches())
                    .toList();
        }
    }
}
