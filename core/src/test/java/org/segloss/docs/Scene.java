package org.segloss.docs;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.evaluate.LossEvaluator;
import org.segloss.evaluate.Prediction;
import org.segloss.evaluate.Target;
import org.segloss.grid.Shape;
import org.segloss.loss.LossCatalog;
import org.segloss.loss.Task;

/// The image that the plots of all losses are of: a square of foreground in the middle of a larger one.
///
/// @param side of the image, in voxels
/// @param unit the lengths of all squares are multiples of it
record Scene(LossEvaluator evaluator, Task task, int side, int unit) {
    /// The sides of image, square and largest square, in units.
    static final int SIDE = 16;

    static final int SQUARE = 8;
    static final int LARGEST = 12;

    /// A loss is drawn in the smallest image that it takes: some look at windows, and at coarser images.
    private static final List<Integer> UNITS = List.of(1, 4, 11);

    /// The logits of p = 0.9 and p = 0.7; their negatives are those of 0.1 and 0.3.
    private static final double SURE = Math.log(9);

    private static final double UNSURE = Math.log(7.0 / 3);

    /// @param x        the probability of the voxel, or the side of the square in units
    /// @param gradient of the foreground's logits
    record Point(double x, double value, double gradient) {}

    /// @param side  of the image that the loss took
    /// @param voxel against the probability of one voxel in the middle of the foreground
    /// @param size  against the size of the foreground
    record Curves(int side, List<Point> voxel, List<Point> size) {}

    /// @throws IllegalStateException if the loss takes none of the images, or is not finite somewhere
    static Curves curves(LossCatalog.Entry entry) {
        List<String> refusals = new ArrayList<>();
        for (Task task : List.of(Task.binary(), Task.multiclass(2))) {
            for (int unit : UNITS) {
                try {
                    var evaluator = new LossEvaluator(entry.loss(), task, 1);
                    return new Scene(evaluator, task, SIDE * unit, unit).curves(entry.name());
                } catch (IllegalArgumentException refused) {
                    refusals.add(
                            "%s task, %d voxels a side: %s".formatted(task.kind(), SIDE * unit, refused.getMessage()));
                }
            }
        }
        throw new IllegalStateException("no plot can be drawn of %s: it takes none of the images in %s%n%s"
                .formatted(entry.name(), Scene.class.getName(), String.join("\n", refusals)));
    }

    private Curves curves(String name) {
        // odd hundredths: never the probability of another voxel, which would be a tie, and never 0.5, a threshold
        List<Point> voxel =
                IntStream.range(0, 50).mapToObj(i -> voxel((2 * i + 1) / 100.0)).toList();
        List<Point> size =
                IntStream.rangeClosed(1, LARGEST).mapToObj(this::size).toList();
        for (List<Point> curve : List.of(voxel, size)) {
            for (Point point : curve) {
                if (!Double.isFinite(point.value()) || !Double.isFinite(point.gradient())) {
                    throw new IllegalStateException("no plot can be drawn of %s: %s".formatted(name, point));
                }
            }
        }
        return new Curves(side, voxel, size);
    }

    private Point voxel(double p) {
        byte[] labels = square(SQUARE);
        double[] z = logits(labels, SURE);
        int middle = side / 2 * side + side / 2;
        z[middle] = Math.log(p / (1 - p));
        double[] gradient = new double[z.length];
        return new Point(p, evaluate(labels, z, gradient), gradient[middle]);
    }

    private Point size(int units) {
        byte[] labels = square(units);
        double[] gradient = new double[labels.length];
        double value = evaluate(labels, logits(labels, UNSURE), gradient);
        return new Point(units, value, Arrays.stream(gradient).map(Math::abs).sum());
    }

    private byte[] square(int units) {
        byte[] labels = new byte[side * side];
        int first = (side - units * unit) / 2;
        for (int y = first; y < first + units * unit; y++) {
            Arrays.fill(labels, y * side + first, y * side + first + units * unit, (byte) 1);
        }
        return labels;
    }

    private static double[] logits(byte[] labels, double ofForeground) {
        return IntStream.range(0, labels.length)
                .mapToDouble(i -> labels[i] == 1 ? ofForeground : -ofForeground)
                .toArray();
    }

    /// @param z        logits of the foreground; those of a background are 0
    /// @param gradient is overwritten with that by `z`
    private double evaluate(byte[] labels, double[] z, double[] gradient) {
        int before = (task.channels() - 1) * z.length;
        double[] logits = new double[before + z.length];
        System.arraycopy(z, 0, logits, before, z.length);
        double[] all = new double[logits.length];
        double value = evaluator
                .evaluate(
                        new Prediction(
                                MemorySegment.ofArray(logits),
                                Prediction.FloatType.FLOAT64,
                                new Shape(1, task.channels(), 1, side, side),
                                Prediction.Scale.LOGITS),
                        Target.labels(MemorySegment.ofArray(labels)),
                        MemorySegment.ofArray(all))
                .value();
        System.arraycopy(all, before, gradient, 0, z.length);
        return value;
    }
}
