package org.segloss.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.dataset.Case;
import org.segloss.dataset.Dataset;
import org.segloss.experiment.Comparison;
import org.segloss.experiment.Experiment;
import org.segloss.experiment.LossFolder;
import org.segloss.experiment.Manifest;
import org.segloss.experiment.Predictions;
import org.segloss.experiment.RunFolder;
import org.segloss.experiment.Settings;
import org.segloss.image.Labels;
import org.segloss.loss.Task;

/// The same slices of the same test cases for each loss.
///
/// @param missing why there are no pictures; empty if there are
public record Gallery(String missing, List<Column> columns, List<Strip> strips) {
    private static final int COLUMNS = 4;

    /// A case, from the one that the losses segment best on average to the one that they segment worst.
    ///
    /// @param slice which one is shown, counted from 1, of how many
    public record Column(String id, String mean, int slice, int slices) {}

    /// A loss's pictures, one for each column.
    public record Strip(String loss, List<Picture> pictures) {}

    /// @param source a data URI
    public record Picture(String source, int width, int height, String description, String dice) {}

    static Gallery of(Settings settings, Manifest manifest, Comparison comparison, RunFolder run) throws IOException {
        List<Comparison.Result> trained =
                comparison.losses().stream().filter(r -> r.dice().isPresent()).toList();
        List<String> ids = chosen(comparison);
        if (ids.isEmpty()) {
            return new Gallery("There is no trained network to show predictions of.", List.of(), List.of());
        }
        List<Case> cases;
        Dataset dataset;
        try {
            dataset = Dataset.open(Path.of(settings.data()));
            cases = new ArrayList<>();
            for (String id : ids) {
                Dataset.Entry entry = dataset.entry(id);
                if (!manifest.describes(entry)) {
                    throw new IOException("the files of %s have changed since".formatted(id));
                }
                cases.add(Case.read(dataset, entry));
            }
        } catch (IOException | IllegalArgumentException e) {
            // another data set may lie there by now, without these cases
            String missing = "The images are no longer in %s: %s".formatted(settings.data(), e.getMessage());
            return new Gallery(missing, List.of(), List.of());
        }
        List<Slice> slices = cases.stream()
                .map(c -> Slice.middle(c.image(), expected(settings, c.label()), dataset.dimensions() == 3))
                .toList();
        var strips = new ArrayList<Strip>();
        for (Comparison.Result result : trained) {
            var pictures = new ArrayList<Picture>();
            for (int i = 0; i < cases.size(); i++) {
                String id = ids.get(i);
                LossFolder folder = run.losses(
                                settings.losses(),
                                manifest.foldOf(id),
                                settings.seeds().getFirst())
                        .get(result.loss());
                Path file = Predictions.file(
                        folder.predictions(), id, dataset.entry(id).image());
                Labels prediction = Predictions.read(file, settings.task());
                if (!prediction.geometry().sameShape(cases.get(i).image().geometry())) {
                    throw new IOException(
                            "%s has not the shape of its image: 'segloss compare' predicts anew what is deleted"
                                    .formatted(file));
                }
                String dice = Page.three(result.dice().get().cases().get(id));
                Slice slice = slices.get(i);
                pictures.add(new Picture(
                        slice.picture(prediction),
                        slice.width(),
                        slice.height(),
                        "%s, %s: reference and prediction on slice %d".formatted(result.loss(), id, slice.z() + 1),
                        dice));
            }
            strips.add(new Strip(result.loss(), pictures));
        }
        List<Column> columns = IntStream.range(0, ids.size())
                .mapToObj(i -> new Column(
                        ids.get(i),
                        Page.three(mean(comparison, ids.get(i))),
                        slices.get(i).z() + 1,
                        cases.get(i).image().geometry().z()))
                .toList();
        return new Gallery("", columns, strips);
    }

    private static Labels expected(Settings settings, Labels reference) {
        return settings.task() == Task.Kind.BINARY ? Experiment.anyLabel(reference) : reference;
    }

    /// Cases spread evenly from the highest mean Dice over the losses to the lowest.
    private static List<String> chosen(Comparison comparison) {
        List<String> sorted = comparison.cases().stream()
                .sorted(Comparator.comparingDouble((String id) -> -mean(comparison, id))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        int n = Math.min(COLUMNS, sorted.size());
        return IntStream.range(0, n)
                .mapToObj(i -> sorted.get(n == 1 ? 0 : Math.round((float) i * (sorted.size() - 1) / (n - 1))))
                .toList();
    }

    private static double mean(Comparison comparison, String id) {
        return comparison.losses().stream()
                .flatMap(r -> r.dice().stream())
                .mapToDouble(dice -> dice.cases().get(id))
                .average()
                .orElse(Double.NaN);
    }
}
