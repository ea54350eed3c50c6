package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Where an experiment keeps its files.
///
/// ```
/// experiment.yaml   dataset.json   scores.csv   comparison.json   report.html
/// LOSS/fold-0/seed-S/   training.csv  checkpoint.safetensors  predictions/  scores.csv  stages.json
/// ```
public record RunFolder(Path root) {
    /// Folder of generated data, for a comparison without data of its own.
    public static final String GENERATED = "phantom";

    public Path settings() {
        return root.resolve("experiment.yaml");
    }

    public Path manifest() {
        return root.resolve("dataset.json");
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

    /// {@return the folder of each loss, in the losses' order}
    ///
    /// @param losses the losses' texts, no two alike
    public Map<String, LossFolder> losses(List<String> losses, long seed) {
        var times = new HashMap<String, Integer>();
        losses.forEach(loss -> times.merge(Slug.of(loss), 1, Integer::sum));
        var folders = new LinkedHashMap<String, LossFolder>();
        for (String loss : losses) {
            String slug = Slug.of(loss);
            // the hash, not a number, so that a loss's folder doesn't depend on the losses beside it more than it must
            String name =
                    times.get(slug) == 1 ? slug : slug + "-" + Sha256.of(loss).substring(0, 8);
            folders.put(loss, new LossFolder(root.resolve(name, "fold-0", "seed-" + seed)));
        }
        return folders;
    }

    /// Takes the folder for an experiment, or finds that it is there already.
    ///
    /// @return whether it was there already
    /// @throws IOException if it belongs to another experiment, or holds something else
    boolean claim(Settings settings, Manifest manifest) throws IOException {
        boolean known = Files.exists(settings());
        if (!known) {
            refuseForeignFiles();
        } else {
            List<String> differences = known().differences(settings);
            if (differences.isEmpty() && Files.exists(manifest())) {
                differences = Manifest.read(manifest()).differences(manifest);
            }
            if (!differences.isEmpty()) {
                throw new IOException(foreign(differences));
            }
        }
        settings.write(settings());
        manifest.write(manifest());
        return known;
    }

    /// A folder without a run may hold the generated data, and nothing that a run could overwrite.
    private void refuseForeignFiles() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.list(root)) {
            List<String> others = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(GENERATED))
                    .sorted()
                    .toList();
            if (!others.isEmpty()) {
                throw new IOException("%s holds other files (%s); give another --out, a new or empty folder"
                        .formatted(root, String.join(", ", others.subList(0, Math.min(3, others.size())))));
            }
        }
    }

    private Settings known() throws IOException {
        try {
            return Settings.read(settings());
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; give another --out, or delete that folder", e);
        }
    }

    private String foreign(List<String> differences) {
        String some = String.join("; ", differences.subList(0, Math.min(3, differences.size())));
        String more = differences.size() > 3 ? "; and %d more".formatted(differences.size() - 3) : "";
        return "%s holds a run with other settings (%s%s); give another --out, or delete that folder"
                .formatted(root, some, more);
    }

    /// {@return whether an experiment with these settings may use this folder}
    boolean isFreeFor(Settings settings, Manifest manifest) {
        if (!Files.exists(root)) {
            return true;
        }
        try {
            return Files.exists(settings())
                    && Files.exists(manifest())
                    && Settings.read(settings()).differences(settings).isEmpty()
                    && Manifest.read(manifest()).differences(manifest).isEmpty();
        } catch (IOException e) {
            // damaged, or of another version: somebody's, but not ours
            return false;
        }
    }
}
