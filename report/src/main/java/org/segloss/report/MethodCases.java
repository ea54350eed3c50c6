package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.segloss.file.InputFile;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.report.Cases.Predicted;
import org.segloss.score.IgnoredVoxels;
import org.segloss.score.PredictionFolder;
import org.segloss.score.ScoredMethods;

/// The cases that methods of any program segmented.
///
/// An image has the name of its case, or that with `_0000`, as nnU-Net names the first channel.
final class MethodCases implements CaseSource {
    private static final String FIRST_CHANNEL = "_0000";

    private final ScoredMethods methods;
    private final Path images;
    private final Map<String, Path> imageFiles;
    private final Map<String, Path> references;
    private final Map<String, PredictionFolder> predictions = new LinkedHashMap<>();

    /// @param names of the methods whose predictions are read
    /// @throws IOException if a folder is no longer there
    MethodCases(ScoredMethods methods, List<String> names) throws IOException {
        this.methods = methods;
        images = Path.of(methods.images().orElseThrow());
        imageFiles = files(images);
        references = files(Path.of(methods.reference()));
        for (String name : names) {
            ScoredMethods.Source first = methods.methods().stream()
                    .filter(source -> source.method().equals(name))
                    .min(Comparator.comparingLong(ScoredMethods.Source::seed))
                    .orElseThrow(() -> new IOException("%s is none of the methods".formatted(name)));
            predictions.put(name, PredictionFolder.of(Path.of(first.folder())));
        }
    }

    private static Map<String, Path> files(Path folder) throws IOException {
        InputFile.checkThere(folder);
        InputFile.checkFolder(folder, "the folder of the cases' files");
        try (Stream<Path> all = Files.list(folder)) {
            Map<String, Path> files = new TreeMap<>();
            all.filter(Formats.IMAGES::include)
                    .sorted()
                    .forEach(file -> files.putIfAbsent(Formats.IMAGES.withoutEnding(file), file));
            return files;
        }
    }

    @Override
    public SortedSet<Integer> ignored() {
        return methods.ignored();
    }

    @Override
    public boolean inThreeDimensions() {
        return imageFiles.values().stream().anyMatch(file -> {
            try {
                return !Images.info(file).geometry().isPlane();
            } catch (IOException _) {
                // it is said where it is read
                return false;
            }
        });
    }

    @Override
    public void check(String id) throws IOException {
        image(id);
        reference(id);
    }

    private Path image(String id) throws IOException {
        Path file = imageFiles.getOrDefault(id, imageFiles.get(id + FIRST_CHANNEL));
        if (file == null) {
            throw new IOException("%s has no image of the case %s, named %s or %s%s, as nnU-Net names the first channel"
                    .formatted(images, id, id, id, FIRST_CHANNEL));
        }
        return file;
    }

    private Path reference(String id) throws IOException {
        Path file = references.get(id);
        if (file == null) {
            throw new IOException("%s no longer has the reference of the case %s".formatted(methods.reference(), id));
        }
        return file;
    }

    @Override
    public IgnoredVoxels ignoredVoxels() throws IOException {
        var shares = new TreeMap<String, IgnoredVoxels.Share>();
        if (!ignored().isEmpty()) {
            for (Map.Entry<String, Path> reference : references.entrySet()) {
                long[] histogram =
                        Images.readLabels(reference.getValue(), ignored()).histogram();
                shares.put(
                        reference.getKey(),
                        new IgnoredVoxels.Share(
                                ignored().stream()
                                        .mapToLong(label -> histogram[label])
                                        .sum(),
                                LongStream.of(histogram).sum()));
            }
        }
        return new IgnoredVoxels(ignored(), shares);
    }

    @Override
    public Predicted read(String id) throws IOException {
        Path file = image(id);
        Volume image = Images.readFinite(file);
        Path reference = reference(id);
        Labels expected = placed(reference, Images.readLabels(reference, ignored()), image.geometry());
        Map<String, Labels> found = new LinkedHashMap<>();
        for (Map.Entry<String, PredictionFolder> method : predictions.entrySet()) {
            Path prediction = method.getValue().cases().get(id);
            found.put(method.getKey(), prediction(prediction, image.geometry()).asPlane());
        }
        return new Predicted(
                id,
                image.asPlane(),
                (methods.binary() ? expected.foreground(ignored()) : expected).asPlane(),
                ignored(),
                found);
    }

    /// One that is missing was counted as a miss of every class.
    private Labels prediction(Path file, Geometry grid) throws IOException {
        if (file == null) {
            return new Labels(grid, new byte[Math.toIntExact(grid.voxels())]);
        }
        boolean picture = Formats.IMAGES.of(file).filter(ImageFormat::isPicture).isPresent();
        Labels labels = placed(file, Images.readLabels(file, picture ? List.of() : ignored()), grid);
        return methods.binary() ? labels.foreground() : labels;
    }

    private Labels placed(Path file, Labels labels, Geometry grid) throws IOException {
        if (methods.sameGrid() && labels.geometry().sameShape(grid)) {
            return new Labels(grid, labels.values());
        }
        return Reorientation.between(labels.geometry(), grid)
                .orElseThrow(() ->
                        new IOException("%s: its voxels are at other places than those of its image".formatted(file)))
                .turn(labels);
    }
}
