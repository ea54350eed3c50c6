package org.segloss.loss.volume;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segloss.grid.Grid;
import org.segloss.grid.TwoNearest;
import org.segloss.loss.About;
import org.segloss.loss.Reduction;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// Boundary loss: the mean of the probability times the distance from the target's border.
///
/// ```
/// mean of p phi,   phi = d outside, -(d - s) inside,   d the distance to the nearest voxel of the other kind
/// ```
///
/// `s` is how long a step from voxel to voxel is on the way to that nearest voxel: the side of a voxel along an
/// axis, and everywhere where its sides are equal. So `phi` is measured from the border voxels, as in the paper: one
/// that shares a face with a voxel outside counts 0, whatever the sides, and the next one behind it one side less.
/// Without bound, and least, below 0, where exactly the target is predicted. A class of which a sample has no voxel,
/// or nothing else, counts 0: there is no border.
///
/// @param over classes and samples; the background is left out by default
/// @see <a href="https://arxiv.org/abs/1812.07032">Kervadec et al. (2019), Boundary loss for highly unbalanced
///     segmentation</a>
@About(
        summary = "The probability times the distance from the target's border.",
        formula = "mean of p phi, phi the signed distance to the target's border, negative inside",
        tex = "\\frac1N\\sum p\\,\\phi,\\quad\\phi>0\\text{ outside},\\ \\phi\\le0\\text{ inside}",
        range = "without bound; negative where it is good",
        use = "Beside an overlap loss, with a weight that rises: generalizedDice + ramp(0, 1)*boundary.",
        avoid = "Alone: nothing predicted is a minimum it can get stuck in. Samples without the class teach nothing.",
        cost = "A distance transform of the target for each class; 24 bytes a voxel.",
        source = "Kervadec et al. (2019), https://arxiv.org/abs/1812.07032")
public record Boundary(Reduction over) implements VolumeLoss {

    public Boundary() {
        this(Reduction.FOREGROUND);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    @Override
    public double at(Field field) {
        double[] p = field.values();
        float[] distance = BorderDistance.signed(field.target(), field);
        double[] steps = steps(field, distance);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double phi = distance[i] + steps[i];
            sum += p[i] * phi;
            p[i] = phi / field.kept();
        }
        return sum / field.kept();
    }

    /// {@return for each voxel inside the length of a step towards the border}, 0 outside and without a border
    private static double[] steps(Field field, float[] distance) {
        Grid grid = field.grid();
        double[] sides = sides(grid);
        boolean even = sides.length == 0 || Arrays.stream(sides).allMatch(side -> side == sides[0]);
        int[] nearest = even ? new int[0] : nearestOutside(distance, field);
        double[] steps = new double[distance.length];
        for (int i = 0; i < steps.length; i++) {
            if (distance[i] < 0 && isBorder(i, distance, grid)) {
                // as the distance is rounded, so that they cancel
                steps[i] = -distance[i];
            } else if (distance[i] < 0) {
                steps[i] = even ? sides[0] : -distance[i] / voxels(i, nearest[i] - 1, grid);
            }
        }
        return steps;
    }

    /// {@return for each voxel the number of the nearest voxel outside, from 1}
    private static int[] nearestOutside(float[] distance, Field field) {
        int[] outside = new int[distance.length];
        Arrays.setAll(outside, i -> distance[i] > 0 ? i + 1 : 0);
        return TwoNearest.of(outside, field.grid(), Double.POSITIVE_INFINITY, field.threads())
                .object();
    }

    /// {@return the sides of a voxel along the axes that have more than one}
    private static double[] sides(Grid grid) {
        double[] sides = {grid.spacingZ(), grid.spacingY(), grid.spacingX()};
        int[] lengths = {grid.z(), grid.y(), grid.x()};
        return IntStream.range(0, 3)
                .filter(axis -> lengths[axis] > 1)
                .mapToDouble(axis -> sides[axis])
                .toArray();
    }

    /// Whether a voxel inside shares a face with one outside.
    private static boolean isBorder(int i, float[] distance, Grid grid) {
        int row = grid.x();
        int slice = grid.y() * row;
        return i % row > 0 && distance[i - 1] > 0
                || i % row < row - 1 && distance[i + 1] > 0
                || i % slice >= row && distance[i - row] > 0
                || i % slice < slice - row && distance[i + row] > 0
                || i >= slice && distance[i - slice] > 0
                || i < distance.length - slice && distance[i + slice] > 0;
    }

    /// {@return how far apart two voxels are, in voxels}
    private static double voxels(int a, int b, Grid grid) {
        int row = grid.x();
        int slice = grid.y() * row;
        double x = a % row - b % row;
        double y = a % slice / row - b % slice / row;
        double z = a / slice - b / slice;
        return Math.sqrt(x * x + y * y + z * z);
    }
}
