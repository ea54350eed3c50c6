package org.segloss.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.segloss.grid.Grid;

/// Scores predictions by some metrics. What metrics share is computed once, and only if one asks: counts, the
/// distances between surfaces, connected parts.
///
/// A mask is of one class. A label map has several: [#scoreClasses] scores each of them.
///
/// @param metrics in the order of the results
public record Scorer(List<Metric> metrics, Policy policy) {

    public Scorer {
        metrics = List.copyOf(metrics);
    }

    /// Scores one class of one case.
    ///
    /// @param prediction one byte for each voxel of the grid, 0 outside and one other value inside
    /// @param reference  likewise
    /// @param threads    at least 1; results are the same for any number
    /// @throws IllegalArgumentException if a mask has another number of voxels than the grid, or several values
    ///     besides 0, as a label map has, or if a metric needs probabilities
    public Map<Metric, Score> score(byte[] prediction, byte[] reference, Grid grid, int threads) {
        return score(prediction, reference, grid, Optional.empty(), threads);
    }

    /// As [#score(byte[], byte[], Grid, int)], with probabilities.
    ///
    /// @param probabilities from 0 to 1, of each voxel to be in the class
    public Map<Metric, Score> score(
            byte[] prediction, byte[] reference, Grid grid, Optional<float[]> probabilities, int threads) {
        return score(prediction, reference, Optional.empty(), grid, probabilities, threads);
    }

    /// As [#score(byte[], byte[], Grid, Optional, int)], where the reference isn't known everywhere. What is not known
    /// is ignored: it counts in no metric, whatever prediction, reference and probabilities hold there, and it
    /// makes no border to the voxels beside it. Where nothing is known, each status is
    /// [Score.Status#ALL_IGNORED].
    ///
    /// @param known whether the reference is known, for each voxel of the grid; nothing where it is everywhere
    public Map<Metric, Score> score(
            byte[] prediction,
            byte[] reference,
            Optional<boolean[]> known,
            Grid grid,
            Optional<float[]> probabilities,
            int threads) {
        checkSize("prediction has %d voxels", prediction.length, grid);
        checkSize("reference has %d voxels", reference.length, grid);
        known.ifPresent(k -> checkSize("it is said of %d voxels whether they are known", k.length, grid));
        probabilities.ifPresent(p -> checkSize("there are %d probabilities", p.length, grid));
        checkProbabilities(probabilities.isPresent());
        var masks = new MaskComparison(prediction, reference, known, grid, probabilities, threads);
        return scores(masks, masks.status());
    }

    /// Scores each class of two label maps, the class against all others; [#mean] gives the mean over the classes.
    /// Labels that are none of the classes, 0 for the background among them, are outside of each.
    ///
    /// @param prediction one label for each voxel of the grid, from 0 to 255: the byte without its sign
    /// @param reference  likewise
    /// @param classes    the labels to score, in the order of the results
    /// @param threads    at least 1; results are the same for any number
    /// @return the scores of each class
    /// @throws IllegalArgumentException if a label map has another number of voxels than the grid, a class is no
    ///     label from 0 to 255, or a metric needs probabilities
    public Map<Integer, Map<Metric, Score>> scoreClasses(
            byte[] prediction, byte[] reference, List<Integer> classes, Grid grid, int threads) {
        return scoreClasses(prediction, reference, classes, Set.of(), grid, threads);
    }

    /// As [#scoreClasses(byte[], byte[], List, Grid, int)], without the voxels whose label in the reference is ignored:
    /// [#score(byte[], byte[], Optional, Grid, Optional, int)]. A prediction that has such a label elsewhere
    /// has no class there.
    ///
    /// @param ignored labels of the reference that say that nothing is known, none of them a class
    public Map<Integer, Map<Metric, Score>> scoreClasses(
            byte[] prediction, byte[] reference, List<Integer> classes, Set<Integer> ignored, Grid grid, int threads) {
        Optional<boolean[]> known = ignored.isEmpty() ? Optional.empty() : Optional.of(known(reference, ignored));
        Map<Integer, Map<Metric, Score>> scores = new LinkedHashMap<>();
        for (int label : classes) {
            if (label < 0 || label > 255) {
                throw new IllegalArgumentException(
                        "class %d is no label of a byte, which are 0 to 255".formatted(label));
            }
            if (ignored.contains(label)) {
                throw new IllegalArgumentException(
                        "label %d is ignored, and can't be scored as a class too".formatted(label));
            }
            scores.put(
                    label,
                    score(mask(prediction, label), mask(reference, label), known, grid, Optional.empty(), threads));
        }
        return scores;
    }

    private static boolean[] known(byte[] labels, Set<Integer> ignored) {
        boolean[] known = new boolean[labels.length];
        for (int i = 0; i < known.length; i++) {
            known[i] = !ignored.contains(labels[i] & 0xFF);
        }
        return known;
    }

    private static byte[] mask(byte[] labels, int label) {
        byte[] mask = new byte[labels.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (labels[i] == (byte) label ? 1 : 0);
        }
        return mask;
    }

    /// Scores one class of a case that there is no prediction of: an empty one, which is no success where the
    /// reference is empty too. Each status is [Score.Status#PRED_EMPTY].
    ///
    /// @param reference one byte for each voxel of the grid, 0 outside and one other value inside
    /// @throws IllegalArgumentException as [#score(byte[], byte[], Grid, int)]
    public Map<Metric, Score> missed(byte[] reference, Grid grid, int threads) {
        return missed(reference, Optional.empty(), grid, threads);
    }

    /// As [#missed(byte[], Grid, int)], where the reference isn't known everywhere. Where nothing is known, nothing was
    /// missed: each status is [Score.Status#ALL_IGNORED].
    ///
    /// @param known whether the reference is known, for each voxel of the grid; nothing where it is everywhere
    public Map<Metric, Score> missed(byte[] reference, Optional<boolean[]> known, Grid grid, int threads) {
        checkSize("reference has %d voxels", reference.length, grid);
        known.ifPresent(k -> checkSize("it is said of %d voxels whether they are known", k.length, grid));
        checkProbabilities(false);
        var nothing = new MaskComparison(new byte[reference.length], reference, known, grid, Optional.empty(), threads);
        boolean ignored = nothing.status() == Score.Status.ALL_IGNORED;
        return scores(nothing, ignored ? Score.Status.ALL_IGNORED : Score.Status.PRED_EMPTY);
    }

    private Map<Metric, Score> scores(MaskComparison masks, Score.Status status) {
        Map<Metric, Score> scores = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            scores.put(metric, score(metric, masks, status));
        }
        return scores;
    }

    private Score score(Metric metric, MaskComparison masks, Score.Status held) {
        if (held == Score.Status.ALL_IGNORED) {
            return new Score(Double.NaN, held);
        }
        Score.Status status = held == Score.Status.OK ? metric.status(masks) : held;
        if (status == Score.Status.OK) {
            double value = metric.value(masks);
            return new Score(value, Double.isNaN(value) ? Score.Status.UNDEFINED : status);
        }
        boolean both = status == Score.Status.BOTH_EMPTY;
        boolean na = both && policy.bothEmpty() == Policy.BothEmpty.NA;
        double value =
                switch (metric.whereEmpty()) {
                    case FORMULA -> metric.value(masks);
                    case BEST_OR_WORST -> na ? Double.NaN : both ? metric.best() : metric.worst();
                    case DISTANCE ->
                        na ? Double.NaN : both ? 0 : policy.oneEmpty().orElse(diagonal(masks.grid()));
                };
        return new Score(value, status);
    }

    private void checkProbabilities(boolean given) {
        metrics.stream()
                .filter(metric -> !given && metric.needsProbabilities())
                .findFirst()
                .ifPresent(metric -> {
                    throw new IllegalArgumentException(metric.id() + " needs probabilities, but only masks were given");
                });
    }

    private static void checkSize(String text, int size, Grid grid) {
        if (size != grid.voxels()) {
            throw new IllegalArgumentException("%s, grid (%d, %d, %d) has %d"
                    .formatted(text.formatted(size), grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
    }

    /// From one corner of the image to the one across, voxels and all.
    private static double diagonal(Grid grid) {
        double z = grid.z() > 1 ? grid.z() * grid.spacingZ() : 0;
        double y = grid.y() * grid.spacingY();
        double x = grid.x() * grid.spacingX();
        return Math.sqrt(z * z + y * y + x * x);
    }

    /// {@return a mean over classes: of a class that only the reference has as much as of any other}
    ///
    /// Of a metric that is best at 0 the distances from it are averaged: a class too large and one too small don't
    /// cancel. Classes that neither mask has and that have no value are left out, and so are those of which
    /// nothing is known; any other class without a value makes the mean NaN. The status is
    /// [Score.Status#BOTH_EMPTY] or [ALL_IGNORED][Score.Status#ALL_IGNORED] if it is that of all classes,
    /// otherwise the gravest of the others: [PRED_EMPTY][Score.Status#PRED_EMPTY],
    /// [REF_EMPTY][Score.Status#REF_EMPTY], [UNDEFINED][Score.Status#UNDEFINED].
    public static Score mean(Metric metric, List<Score> classes) {
        double mean = classes.stream()
                .filter(s -> !hadNothing(s))
                .mapToDouble(s -> metric.comparable(s.value()))
                .average()
                .orElse(Double.NaN);
        List<Score.Status> found =
                classes.stream().map(Score::status).distinct().toList();
        if (found.equals(List.of(Score.Status.BOTH_EMPTY)) || found.equals(List.of(Score.Status.ALL_IGNORED))) {
            return new Score(mean, found.getFirst());
        }
        Score.Status gravest = Stream.of(Score.Status.PRED_EMPTY, Score.Status.REF_EMPTY, Score.Status.UNDEFINED)
                .filter(found::contains)
                .findFirst()
                .orElse(Score.Status.OK);
        return new Score(mean, gravest);
    }

    private static boolean hadNothing(Score score) {
        return Double.isNaN(score.value())
                && (score.status() == Score.Status.BOTH_EMPTY || score.status() == Score.Status.ALL_IGNORED);
    }
}
