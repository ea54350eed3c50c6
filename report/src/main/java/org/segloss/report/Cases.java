package org.segloss.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.dataset.Reading;
import org.segloss.file.InputFile;
import org.segloss.file.ObjectUrl;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Task;
import org.segloss.run.Manifest;
import org.segloss.run.Predictions;
import org.segloss.run.RunFolder;
import org.segloss.run.RunSettings;
import org.segloss.score.IgnoredVoxels;

/// Reads a run's test cases with what each loss made of them. Of several trainings with a loss that of the
/// first seed is taken.
final class Cases implements CaseSource {
    /// A case with each loss's prediction.
    ///
    /// @param ignored labels of the reference that say that nothing is known
    record Predicted(
            String id, Volume image, Labels reference, SortedSet<Integer> ignored, Map<String, Labels> predictions) {

        /// {@return all labels that say where something is}, which an ignored one doesn't
        List<Labels> labels() {
            Labels known = reference;
            if (!ignored.isEmpty()) {
                byte[] values = reference.values().clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] = ignored.contains(values[i] & 0xFF) ? 0 : values[i];
                }
                known = new Labels(reference.geometry(), values);
            }
            return Stream.concat(Stream.of(known), predictions.values().stream())
                    .toList();
        }
    }

    private final RunFolder folder;
    private final RunSettings settings;
    private final Manifest manifest;
    private final Dataset dataset;
    private final List<String> losses;

    /// @param losses those whose predictions are read
    /// @throws IOException if the data set is no longer there
    Cases(RunFolder folder, RunSettings settings, Manifest manifest, List<String> losses) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.manifest = manifest;
        this.losses = losses;
        this.dataset =
                Dataset.open(ObjectUrl.folder(settings.data()), Reading.again(manifest.layout(), settings.labels()));
    }

    @Override
    public SortedSet<Integer> ignored() {
        return settings.ignored();
    }

    @Override
    public boolean inThreeDimensions() {
        return dataset.dimensions() == 3;
    }

    @Override
    public void check(String id) throws IOException {
        if (!manifest.describes(entry(id))) {
            throw new IOException("the files of %s have changed since".formatted(id));
        }
    }

    @Override
    public IgnoredVoxels ignoredVoxels() throws IOException {
        var shares = new TreeMap<String, IgnoredVoxels.Share>();
        if (ignored().isEmpty()) {
            return new IgnoredVoxels(ignored(), shares);
        }
        for (Manifest.Fold fold : manifest.folds()) {
            for (String id : fold.test()) {
                check(id);
                long[] histogram = Case.read(dataset, entry(id)).label().histogram();
                long unknown =
                        ignored().stream().mapToLong(label -> histogram[label]).sum();
                shares.put(
                        id,
                        new IgnoredVoxels.Share(
                                unknown, LongStream.of(histogram).sum()));
            }
        }
        return new IgnoredVoxels(ignored(), shares);
    }

    private Dataset.Entry entry(String id) throws IOException {
        try {
            return dataset.entry(id);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Predicted read(String id) throws IOException {
        Dataset.Entry entry = entry(id);
        // drawn are planes along z
        Case found = Case.read(dataset, entry).asPlane();
        Labels reference =
                settings.task() == Task.Kind.BINARY ? found.label().foreground(settings.ignored()) : found.label();
        Map<String, Labels> predictions = new LinkedHashMap<>();
        for (String loss : losses) {
            Path file = Predictions.file(
                    folder.losses(
                                    settings.losses(),
                                    manifest.foldOf(id),
                                    settings.seeds().getFirst())
                            .get(loss)
                            .predictions(),
                    id,
                    entry.image());
            Labels prediction = prediction(file, reference.geometry());
            if (!prediction.geometry().sameShape(found.image().geometry())) {
                throw new IOException(
                        "%s has not the shape of its image: 'segloss compare' predicts anew what is deleted"
                                .formatted(file));
            }
            predictions.put(loss, prediction);
        }
        return new Predicted(id, found.image(), reference, ignored(), predictions);
    }

    private Labels prediction(Path file, Geometry reference) throws IOException {
        try {
            return Predictions.read(file, settings.task(), settings.labels(), reference);
        } catch (IOException e) {
            // whose own advice is for files that the user brought
            throw new IOException(
                    "%s It is a prediction of this run: run the comparison again, which makes it anew."
                            .formatted(InputFile.message(e)),
                    e);
        }
    }

    /// {@return at most so many, evenly from the first to the last}
    static <T> List<T> spread(List<T> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        var some = new LinkedHashSet<T>();
        for (int i = 0; i < most; i++) {
            some.add(all.get(Math.toIntExact(Math.round((double) i * (all.size() - 1) / (most - 1)))));
        }
        return List.copyOf(some);
    }
}
