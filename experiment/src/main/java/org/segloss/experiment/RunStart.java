package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.dataset.CaseColumns;
import org.segloss.file.FolderLock;
import org.segloss.file.Json;
import org.segloss.file.ObjectUrl;
import org.segloss.file.Temporary;
import org.segloss.run.Environment;
import org.segloss.run.Manifest;
import org.segloss.run.Progress;
import org.segloss.run.RunFolder;
import org.segloss.torch.Libtorch;

/// Whether a run may begin or go on in a folder, and what it writes there first.
record RunStart(RunFolder folder) {

    /// Holds the folder against other programs until what is returned is closed, and sweeps away what was left half
    /// written.
    ///
    /// @param data folder of the data set
    /// @throws IOException if it lies in the data's folder, cannot be written, or if another program works in it
    FolderLock lock(Path data) throws IOException {
        checkOutside(data);
        FolderLock lock = FolderLock.take(folder.root());
        try {
            Temporary.sweep(folder.root());
            return lock;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /// {@return the settings of the run that the folder holds, if it holds one}
    Optional<Settings> begun() throws IOException {
        return Files.exists(folder.settings())
                ? Optional.of(readable(() -> Settings.read(folder.settings())))
                : Optional.empty();
    }

    /// {@return whether the folder holds the comparison of a race}
    boolean holdsRace() {
        try {
            return Files.exists(folder.comparison())
                    && Comparison.read(folder.comparison()).race().isPresent();
        } catch (IOException _) {
            // it is about to be written anew
            return false;
        }
    }

    /// {@return the rules of the comparison that the folder holds}; where it holds none that can be read, the standard,
    /// and says so
    ComparisonRules rules(Progress progress) {
        if (Files.exists(folder.comparison())) {
            try {
                return Comparison.read(folder.comparison()).rules();
            } catch (IOException e) {
                // it is about to be written anew
                progress.say("The rules of the comparison are lost, so it has the standard ones: " + e.getMessage());
            }
        }
        return ComparisonRules.standard();
    }

    /// {@return the rules with subgroups by the columns that the folder keeps}, where they have none
    ComparisonRules withSubgroups(ComparisonRules rules) throws IOException {
        if (!rules.columns().isEmpty() || !Files.exists(folder.cases())) {
            return rules;
        }
        List<String> ids = Manifest.read(folder.manifest()).cases().stream()
                .map(Manifest.Item::id)
                .toList();
        return rules.withColumns(CaseColumns.read(folder.cases(), ids).byColumn());
    }

    /// Takes the folder, which has to be locked, for an experiment. With `anew`, what a run left in it is deleted,
    /// whatever its settings.
    ///
    /// @throws IOException if it belongs to another experiment or holds something else
    void claim(Settings settings, Manifest manifest, boolean anew) throws IOException {
        if (!Files.exists(folder.settings())) {
            checkEmpty(ObjectUrl.folder(settings.data()));
        } else if (anew) {
            folder.clear();
        } else {
            checkSame(settings, manifest);
        }
        settings.write(folder.settings());
        manifest.write(folder.manifest());
        if (!Files.exists(folder.environment())) {
            Environment.here(Libtorch.version()).write(folder.environment());
        }
    }

    private void checkOutside(Path data) throws IOException {
        // a folder that isn't there yet has no real path, but one above it has
        Path existing = folder.root().toAbsolutePath().normalize();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing.toRealPath().startsWith(data.toRealPath())) {
            throw new IOException(
                    "%s lies in the data set's folder %s; give an --out elsewhere".formatted(folder.root(), data));
        }
    }

    /// A data set may lie in the run's folder; hidden files are the system's, or left from a start that was
    /// broken off.
    private void checkEmpty(Path data) throws IOException {
        if (!Files.exists(folder.root())) {
            return;
        }
        List<Path> others;
        try (Stream<Path> files = Files.list(folder.root())) {
            others = files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path file : others) {
            if (!file.toRealPath().equals(data.toRealPath())) {
                throw new IOException("%s holds files that are no run's, such as %s; give an --out that is new or empty"
                        .formatted(folder.root(), file.getFileName()));
            }
        }
    }

    private void checkSame(Settings settings, Manifest manifest) throws IOException {
        Settings begun = begun().orElseThrow();
        // what is added changes nothing of what is there
        Settings asked = settings.within(begun);
        List<Integer> earlier = begun.extent().earlier();
        if (asked.extent().earlier().isEmpty()
                && !earlier.isEmpty()
                && asked.training().steps() == earlier.getFirst()) {
            throw new IOException(
                    "%s holds a run that was extended to %d steps; go on with it by segloss compare --extend %d --out %s"
                            .formatted(
                                    folder.root(),
                                    begun.training().steps(),
                                    begun.training().steps(),
                                    folder.root()));
        }
        checkFolders(begun.losses(), settings.losses());
        List<Json.Difference> differences = begun.differences(asked);
        if (differences.isEmpty() && Files.exists(folder.manifest())) {
            differences = readable(() -> Manifest.read(folder.manifest())).differences(manifest);
        }
        if (!differences.isEmpty()) {
            throw new IOException(foreign(differences));
        }
    }

    /// A loss that is added must not move the folder of another one.
    private void checkFolders(List<String> begun, List<String> asked) throws IOException {
        if (!asked.containsAll(begun)) {
            return;
        }
        var before = folder.losses(begun, 0, 0);
        var after = folder.losses(asked, 0, 0);
        for (String loss : begun) {
            if (!before.get(loss).equals(after.get(loss))) {
                throw new IOException(
                        "%s holds a run of %s, whose folder would get another name by a loss that differs from it in signs alone; give another --out"
                                .formatted(folder.root(), loss));
            }
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
                            .formatted(folder.root(), e.getMessage()),
                    e);
        }
    }

    private String foreign(List<Json.Difference> differences) {
        String some = differences.stream().limit(3).map(String::valueOf).collect(Collectors.joining("; "));
        String more = differences.size() > 3 ? "; and %d more".formatted(differences.size() - 3) : "";
        boolean fewer = differences.stream()
                .anyMatch(difference -> difference.name().matches("(losses|seeds|extent\\.folds)\\b.*"));
        return "%s holds a run with other settings (%s%s)%s; give another --out, or start anew in it with --restart"
                .formatted(
                        folder.root(),
                        some,
                        more,
                        fewer ? ". Losses, seeds and folds can be added to those that it has: name these as well" : "");
    }
}
