package org.segloss.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.segloss.format.Formats;
import org.segloss.format.ImageFormat;
import org.segloss.format.ImageSource;
import org.segloss.format.Images;
import org.segloss.image.Geometry;
import org.segloss.image.LabelMap;
import org.segloss.image.Reorientation;
import org.segloss.image.Volume;
import org.segloss.metric.Scorer;
import org.segloss.score.ScoringRequest.VoxelPairs;

/// Scores a prediction against its reference, wherever the two are read from.
///
/// @param groups  the classes
/// @param pairs   how voxels of the two are paired
/// @param ignored labels of the reference that say that nothing is known
public record PairScorer(List<LabelGroup> groups, Scorer scorer, VoxelPairs pairs, SortedSet<Integer> ignored) {

    public PairScorer {
        groups = List.copyOf(groups);
    }

    /// {@return every metric of each class, then its [mean][Scorer#mean] over the classes}
    ///
    /// @param threads at least 1; results are the same for any number
    /// @throws IOException if one of the two can't be read, or their grids don't fit
    public List<CaseScore> score(String id, ImageSource prediction, ImageSource reference, int threads)
            throws IOException {
        LabelMap expected = reference(reference, prediction.file());
        Optional<boolean[]> known = CaseScore.known(expected, ignored);
        return score(
                        id,
                        prediction.name(),
                        predicted(prediction, reference.file()),
                        expected,
                        known,
                        Optional.empty(),
                        threads)
                .scores();
    }

    /// {@return the labels that either of the two has}
    /// @throws IOException if one can't be read
    public SortedSet<Integer> labels(ImageSource prediction, ImageSource reference) throws IOException {
        var labels = new TreeSet<>(predicted(prediction, reference.file()).labels());
        labels.addAll(reference(reference, prediction.file()).labels());
        return labels;
    }

    /// @param classless how many voxels of the prediction have an ignored label where the reference is known; they
    ///     count as no class
    record Scored(List<CaseScore> scores, long classless) {}

    /// As [#score(String, ImageSource, ImageSource, int)], of what was read.
    ///
    /// @param name  of the prediction, in messages
    /// @param known as [CaseScore#known] of the reference
    Scored score(
            String id,
            String name,
            LabelMap stored,
            LabelMap reference,
            Optional<boolean[]> known,
            Optional<NamedProbabilities> probabilities,
            int threads)
            throws IOException {
        LabelMap turned = way(name, stored.geometry(), reference.geometry(), "its reference")
                .turn(stored);
        LabelMap prediction = known.isPresent() ? withoutIgnored(turned) : turned;
        long classless = known.map(k -> classless(turned, k)).orElse(0L);
        Optional<CaseScore.ClassProbabilities> map = Optional.empty();
        if (probabilities.isPresent()) {
            map = Optional.of(probabilities.get().turned(this, reference.geometry())::of);
        }
        try {
            return new Scored(CaseScore.of(id, prediction, reference, known, map, groups, scorer, threads), classless);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    /// Probabilities on the grid that they were read with.
    record NamedProbabilities(String name, Volume values) {
        private ProbabilityMap turned(PairScorer scorer, Geometry reference) throws IOException {
            ProbabilityMap map = ProbabilityMap.of(scorer.way(name, values.geometry(), reference, "the reference")
                    .turn(values));
            if (map.channels() == 1 && scorer.groups.size() > 1) {
                throw new IOException(
                        "%s: probabilities of one class, but %d classes are scored; give each label, 0 too, a channel"
                                .formatted(name, scorer.groups.size()));
            }
            return map;
        }
    }

    /// {@return how one source's voxels become those of another}, of `name`
    Reorientation way(String source, Geometry here, Geometry there, String name) throws IOException {
        if (pairs == VoxelPairs.BY_INDEX && here.sameShape(there)) {
            return Reorientation.none(there);
        }
        Optional<Reorientation> way =
                pairs == VoxelPairs.BY_PLACE ? Reorientation.between(here, there) : Optional.empty();
        if (way.isPresent()) {
            return way.get();
        }
        if (!here.sameShape(there)) {
            throw new IOException(
                    "%s: %s voxels, but %s has %s".formatted(source, here.shapeText(), name, there.shapeText()));
        }
        throw new IOException(
                "%s: affine %s, but %s has %s. Where the voxels are the same and an affine is wrong, say --same-grid"
                        .formatted(source, here.affineText(), name, there.affineText()));
    }

    /// {@return the labels; where 255 is ignored, a file of 0 and 255 is no mask}
    ///
    /// @param prediction on whose grid outlines are filled, if it is a file
    LabelMap reference(ImageSource source, Optional<Path> prediction) throws IOException {
        return Images.readLabelMap(source, prediction, ignored);
    }

    /// {@return likewise; but a picture of 0 and 255 is a mask, as `predict` writes it}: nothing predicts that
    /// nothing is known
    ///
    /// @param reference on whose grid outlines are filled, if it is a file
    LabelMap predicted(ImageSource source, Optional<Path> reference) throws IOException {
        boolean picture = source.readable().isEmpty()
                && Formats.IMAGES.of(source).filter(ImageFormat::isPicture).isPresent();
        return Images.readLabelMap(source, reference, picture ? List.of() : ignored);
    }

    /// {@return the prediction with 0 in place of ignored labels}
    private LabelMap withoutIgnored(LabelMap prediction) {
        int[] values = prediction.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = isIgnored(values[i]) ? 0 : values[i];
        }
        return new LabelMap(prediction.geometry(), values);
    }

    private long classless(LabelMap prediction, boolean[] known) {
        int[] values = prediction.values();
        long found = 0;
        for (int i = 0; i < values.length; i++) {
            found += isIgnored(values[i]) && known[i] ? 1 : 0;
        }
        return found;
    }

    /// The background is no label to take away.
    private boolean isIgnored(int label) {
        return label != 0 && ignored.contains(label);
    }
}
