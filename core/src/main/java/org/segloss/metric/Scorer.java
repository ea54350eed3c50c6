package org.segloss.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.segloss.grid.DistanceTransform;
import org.segloss.grid.Grid;
import org.segloss.grid.MaskPair;
import org.segloss.grid.Skeleton;

/// Scores masks by some metrics. What metrics share is computed once, and only if one asks: counts, the distances
/// between surfaces, connected parts.
///
/// @param metrics in the order of the results
public record Scorer(List<Metric> metrics, Policy policy) {

    public Scorer {
        metrics = List.copyOf(metrics);
    }

    /// Scores one class of one case.
    ///
    /// @param prediction one byte for each voxel of the grid, not 0 inside
    /// @param reference  likewise
    /// @param threads    at least 1; results are the same for any number
    /// @throws IllegalArgumentException if a mask has another number of voxels than the grid, or a metric needs
    ///     probabilities
    public Map<Metric, Score> score(byte[] prediction, byte[] reference, Grid grid, int threads) {
        return score(prediction, reference, grid, Optional.empty(), threads);
    }

    /// As [#score(byte[], byte[], Grid, int)], with probabilities.
    ///
    /// @param probabilities from 0 to 1, of each voxel to be in the class
    public Map<Metric, Score> score(
            byte[] prediction, byte[] reference, Grid grid, Optional<float[]> probabilities, int threads) {
        checkSize("prediction has %d voxels", prediction.length, grid);
        checkSize("reference has %d voxels", reference.length, grid);
        probabilities.ifPresent(p -> checkSize("there are %d probabilities", p.length, grid));
        var measures = new Measures(prediction, reference, grid, probabilities, threads);
        return scores(measures, status(measures.overlap), grid);
    }

    /// Scores one class of a case that there is no prediction of: an empty one, which is no success where the reference
    /// is empty too. Each status is [Score.Status#PRED_EMPTY].
    ///
    /// @param reference one byte for each voxel of the grid, not 0 inside
    /// @throws IllegalArgumentException if a metric needs probabilities
    public Map<Metric, Score> missed(byte[] reference, Grid grid, int threads) {
        checkSize("reference has %d voxels", reference.length, grid);
        var nothing = new Measures(new byte[reference.length], reference, grid, Optional.empty(), threads);
        return scores(nothing, Score.Status.PRED_EMPTY, grid);
    }

    private Map<Metric, Score> scores(Measures measures, Score.Status masks, Grid grid) {
        Map<Metric, Score> scores = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            boolean defined = masks == Score.Status.OK || metric.kind().byFormula();
            double formula = defined ? measures.value(metric) : Double.NaN;
            scores.put(metric, metric.score(formula, masks, policy, diagonal(grid)));
        }
        return scores;
    }

    private static void checkSize(String text, int size, Grid grid) {
        if (size != grid.voxels()) {
            throw new IllegalArgumentException("%s, grid (%d, %d, %d) has %d"
                    .formatted(text.formatted(size), grid.z(), grid.y(), grid.x(), grid.voxels()));
        }
    }

    private static Score.Status status(Overlap overlap) {
        if (overlap.expected() == 0) {
            return overlap.predicted() == 0 ? Score.Status.BOTH_EMPTY : Score.Status.REF_EMPTY;
        }
        return overlap.predicted() == 0 ? Score.Status.PRED_EMPTY : Score.Status.OK;
    }

    /// From one corner of the image to the one across, voxels and all.
    private static double diagonal(Grid grid) {
        double z = grid.z() > 1 ? grid.z() * grid.spacingZ() : 0;
        double y = grid.y() * grid.spacingY();
        double x = grid.x() * grid.spacingX();
        return Math.sqrt(z * z + y * y + x * x);
    }

    /// {@return a mean over classes: of a structure that was missed as much as of any other}
    ///
    /// Of a metric that is best at 0 the distances from it are averaged: a class too large and one too small don't
    /// cancel.
    /// Classes that neither mask has and that have no value are left out; any other class without a value makes
    /// the mean NaN. The status is [Score.Status#BOTH_EMPTY] if it is that of all classes, otherwise the gravest of
    /// the others:
    /// missed, invented, undefined.
    public static Score mean(Metric metric, List<Score> classes) {
        double mean = classes.stream()
                .filter(s -> s.status() != Score.Status.BOTH_EMPTY || !Double.isNaN(s.value()))
                .mapToDouble(s -> metric.comparable(s.value()))
                .average()
                .orElse(Double.NaN);
        List<Score.Status> found =
                classes.stream().map(Score::status).distinct().toList();
        if (found.equals(List.of(Score.Status.BOTH_EMPTY))) {
            return new Score(mean, Score.Status.BOTH_EMPTY);
        }
        Score.Status gravest = Stream.of(Score.Status.PRED_EMPTY, Score.Status.REF_EMPTY, Score.Status.UNDEFINED)
                .filter(found::contains)
                .findFirst()
                .orElse(Score.Status.OK);
        return new Score(mean, gravest);
    }

    /// What metrics are made from, computed where it is asked for first.
    private static final class Measures {
        private final Overlap overlap;
        private final Supplier<MaskPair> masks;
        private final Supplier<Surfaces> voxels;
        private final Supplier<Surfaces> surfels;
        private final Supplier<Objects> objects;
        private final Optional<Calibration> calibration;
        private final int threads;

        Measures(byte[] prediction, byte[] reference, Grid grid, Optional<float[]> probabilities, int threads) {
            this.threads = threads;
            Optional<MaskPair> pair = MaskPair.of(prediction, reference, grid, threads);
            overlap = pair.map(p -> overlap(p, grid)).orElse(new Overlap(0, 0, 0, grid.voxels()));
            masks = pair::orElseThrow;
            voxels = once(() -> new Surfaces(masks.get().voxelDistances()));
            surfels = once(() -> new Surfaces(masks.get().surfelDistances()));
            objects = once(() -> {
                MaskPair m = masks.get();
                return Objects.of(m.first(), m.second(), m.grid());
            });
            calibration = probabilities.map(p -> new Calibration(p, reference, grid));
        }

        private static Overlap overlap(MaskPair pair, Grid grid) {
            long[] counts = pair.counts();
            return new Overlap(counts[3], counts[1], counts[2], grid.voxels() - counts[1] - counts[2] - counts[3]);
        }

        private static <T> Supplier<T> once(Supplier<T> make) {
            return new Supplier<>() {
                private Optional<T> made = Optional.empty();

                @Override
                public T get() {
                    if (made.isEmpty()) {
                        made = Optional.of(make.get());
                    }
                    return made.get();
                }
            };
        }

        double value(Metric metric) {
            return switch (metric.kind()) {
                case DICE -> overlap.dice();
                case IOU -> overlap.iou();
                case PRECISION -> overlap.precision();
                case RECALL -> overlap.recall();
                case SPECIFICITY -> overlap.specificity();
                case MCC -> overlap.mcc();
                case KAPPA -> overlap.kappa();
                case RVD -> overlap.relativeVolumeDifference();
                case VS -> overlap.volumetricSimilarity();
                case HD -> voxels.get().max();
                case HD95 -> voxels.get().interpolated(0.95);
                case HD95_POOLED -> voxels.get().pooled().interpolated(0.95);
                case HD_SURFEL -> surfels.get().max();
                case HD95_SURFEL -> surfels.get().weighted(0.95);
                case ASSD -> voxels.get().pooled().mean();
                case MASD -> voxels.get().meanOfMeans();
                case MASD_SURFEL -> surfels.get().meanOfMeans();
                case NSD -> voxels.get().within(metric.parameter());
                case NSD_SURFEL -> surfels.get().within(metric.parameter());
                case BIOU -> boundaryIou(metric.parameter());
                case CLDICE -> clDice();
                case ECE -> calibration(metric).expectedError();
                case BRIER -> calibration(metric).brier();
                case ECE_BOX -> calibration(metric).expectedErrorInBox(metric.parameter());
                case NLL -> calibration(metric).negativeLogLikelihood();
                case NLL_CLIPPED -> calibration(metric).clipped();
                case LESION_F1 -> objects.get().f1();
                case PQ -> objects.get().panopticQuality();
            };
        }

        private Calibration calibration(Metric metric) {
            return calibration.orElseThrow(
                    () -> new IllegalArgumentException(metric + " needs probabilities, but only masks were given"));
        }

        private double boundaryIou(double width) {
            return Overlap.of(
                            boundary(masks.get().first(), width),
                            boundary(masks.get().second(), width))
                    .iou();
        }

        /// {@return 1 for what lies inside and at most `width` voxels from outside}
        private byte[] boundary(byte[] mask, double width) {
            Grid box = masks.get().grid();
            float[] squared = DistanceTransform.squared(mask, new Grid(box.z(), box.y(), box.x(), 1, 1, 1), threads);
            byte[] boundary = new byte[mask.length];
            for (int i = 0; i < mask.length; i++) {
                boundary[i] = (byte) (mask[i] != 0 && squared[i] <= width * width ? 1 : 0);
            }
            return boundary;
        }

        /// Shit et al. (2021): precision and recall of centre lines.
        private double clDice() {
            MaskPair m = masks.get();
            byte[] first = m.first();
            byte[] second = m.second();
            double precision = share(Skeleton.of(first, m.grid()), second);
            double recall = share(Skeleton.of(second, m.grid()), first);
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }

        private static double share(byte[] skeleton, byte[] mask) {
            return Overlap.of(skeleton, mask).precision();
        }
    }

    /// Two directions, and both.
    private record Surfaces(SurfaceDistance fromPrediction, SurfaceDistance fromReference, SurfaceDistance pooled) {

        Surfaces(MaskPair.Distances d) {
            this(
                    new SurfaceDistance(d.fromFirst(), d.firstAreas()),
                    new SurfaceDistance(d.fromSecond(), d.secondAreas()));
        }

        private Surfaces(SurfaceDistance fromPrediction, SurfaceDistance fromReference) {
            this(fromPrediction, fromReference, fromPrediction.and(fromReference));
        }

        double max() {
            return pooled.max();
        }

        double interpolated(double q) {
            return Math.max(fromPrediction.interpolated(q), fromReference.interpolated(q));
        }

        double weighted(double q) {
            return Math.max(fromPrediction.weighted(q), fromReference.weighted(q));
        }

        double meanOfMeans() {
            return (fromPrediction.mean() + fromReference.mean()) / 2;
        }

        double within(double tolerance) {
            return pooled.within(tolerance) / pooled.total();
        }
    }
}
