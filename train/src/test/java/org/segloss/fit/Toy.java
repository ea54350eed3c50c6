package org.segloss.fit;

import java.util.List;
import java.util.stream.IntStream;
import org.segloss.dataset.Case;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Architecture;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Precision;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Preprocessing;
import org.segloss.random.CounterRandom;

/// Small bright balls in noise, and a plan that learns them in a second.
public final class Toy {
    private Toy() {}

    public static Case ball(int index, int x, int y, int z) {
        CounterRandom random = CounterRandom.of(9, "toy", index);
        double cx = x * random.nextDouble(0.35, 0.65);
        double cy = y * random.nextDouble(0.35, 0.65);
        double cz = z * random.nextDouble(0.35, 0.65);
        double radius = x * 0.22;
        float[] values = new float[x * y * z];
        byte[] labels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            double dx = i % x - cx;
            double dy = i / x % y - cy;
            double dz = z == 1 ? 0 : i / (x * y) - cz;
            labels[i] = (byte) (dx * dx + dy * dy + dz * dz <= radius * radius ? 1 : 0);
            values[i] = (float) (100 + 60 * labels[i] + 20 * random.nextGaussian());
        }
        Geometry grid = Geometry.identity(x, y, z);
        return new Case("ball" + index, new Volume(grid, 1, values), new Labels(grid, labels));
    }

    /// Voxels of a millimetre.
    static final Preprocessing VOXELS = new Preprocessing(Spacing.ONE);

    public static List<Case> balls(int count) {
        return IntStream.range(0, count).mapToObj(i -> ball(i, 12, 12, 8)).toList();
    }

    public static TrainingPlan plan(String loss, int steps) {
        return plan(Task.binary(), loss, steps);
    }

    public static TrainingPlan plan(Task task, String loss, int steps) {
        NetworkPlan network = new NetworkPlan(Architecture.UNET, 3, 1, 1, 4, 2, 1);
        return new TrainingPlan(
                Loss.parse(loss),
                task,
                VOXELS,
                network,
                List.of(8, 12, 12),
                2,
                steps,
                Recipe.plain(Recipe.Optimizer.ADAMW, 1e-2),
                1,
                "cpu",
                1,
                Precision.FLOAT32);
    }
}
