package org.segloss.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.segloss.dataset.Case;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.image.Window;
import org.segloss.prep.Normalization;
import org.segloss.random.CounterRandom;

/// Draws the patches of a training.
///
/// What step t sees depends on seed, cases, patch and t alone: it is the same for every loss. A case is drawn,
/// then with probability 1/2 a patch around a voxel of one of its foreground labels, otherwise a patch
/// anywhere. A patch lies in its image where that is large enough, else around it. Planes are mirrored at
/// random along both axes; volumes are not, because in a body left is not right.
final class Patches {
    private final TrainingPlan plan;
    private final List<Item> items = new ArrayList<>();
    private final Spacing spacing;
    // one set of arrays for all steps: new ones each time would be most of a training's garbage
    private final float[] images;
    private final byte[] labels;
    private final byte[] inside;

    /// @param foreground for each label above 0 that occurs, its voxels
    private record Item(Volume image, byte[] labels, List<int[]> foreground) {}

    Patches(TrainingPlan plan, List<Case> cases) {
        this.plan = plan;
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("there is no case to train on");
        }
        spacing = spacing(cases);
        int[] patch = plan.patch();
        int voxels = plan.batch() * patch[0] * patch[1] * patch[2];
        images = new float[plan.network().inputs() * voxels];
        labels = new byte[voxels];
        inside = new byte[voxels];
        for (Case c : cases) {
            check(c);
            items.add(new Item(Normalization.zScore(c.image()), c.label().values(), foreground(c)));
        }
    }

    private void check(Case c) {
        int channels = plan.network().inputs();
        if (c.image().channels() != channels) {
            throw new IllegalArgumentException("case %s has %d channels, but the network takes %d"
                    .formatted(c.id(), c.image().channels(), channels));
        }
        for (byte value : c.label().values()) {
            int label = value & 0xFF;
            if (label >= plan.task().classes() && !ignored(label)) {
                throw new IllegalArgumentException("case %s has label %d, but the task knows 0 to %d"
                        .formatted(c.id(), label, plan.task().classes() - 1));
            }
        }
    }

    /// {@return the size of a voxel, of each axis the median of the cases}: a batch mixes cases, which are
    /// not resampled
    Spacing spacing() {
        return spacing;
    }

    private static Spacing spacing(List<Case> cases) {
        double[] median = IntStream.range(0, 3)
                .mapToDouble(axis -> cases.stream()
                        .mapToDouble(c -> c.image().geometry().spacing()[axis])
                        .sorted()
                        .skip(cases.size() / 2)
                        .findFirst()
                        .orElseThrow())
                .toArray();
        return new Spacing(median[2], median[1], median[0]);
    }

    private boolean ignored(int label) {
        var ignored = plan.task().ignoredLabel();
        return ignored.isPresent() && ignored.getAsInt() == label;
    }

    private List<int[]> foreground(Case c) {
        byte[] values = c.label().values();
        int[] counts = new int[256];
        for (byte value : values) {
            counts[value & 0xFF]++;
        }
        return IntStream.range(1, 256)
                .filter(label -> counts[label] > 0 && !ignored(label))
                .mapToObj(label -> IntStream.range(0, values.length)
                        .filter(i -> (values[i] & 0xFF) == label)
                        .toArray())
                .toList();
    }

    /// {@return the patches of step `t`}, in arrays that the next draw overwrites
    Batch draw(int t) {
        int[] patch = plan.patch();
        int voxels = patch[0] * patch[1] * patch[2];
        int channels = plan.network().inputs();
        boolean padded = false;
        for (int i = 0; i < plan.batch(); i++) {
            CounterRandom random = CounterRandom.of(plan.seed(), "patch", t, i);
            Item item = items.get(random.nextInt(items.size()));
            Geometry grid = item.image.geometry();
            Window window = window(item, random);
            window.copy(item.image, images, i * channels * voxels);
            int start = i * voxels;
            window.forEach(grid, (voxel, source, in) -> {
                labels[start + voxel] = item.labels[source];
                inside[start + voxel] = (byte) (in ? 1 : 0);
            });
            padded |= window.overhangs(grid);
            if (plan.network().dimensions() == 2) {
                Mirror mirror = new Mirror(random.nextInt(2) == 1, random.nextInt(2) == 1, patch[1], patch[2]);
                for (int c = 0; c < channels; c++) {
                    mirror.apply(images, (i * channels + c) * voxels);
                }
                mirror.apply(labels, start);
                mirror.apply(inside, start);
            }
        }
        return new Batch(images, labels, inside, padded);
    }

    private Window window(Item item, CounterRandom random) {
        Geometry grid = item.image.geometry();
        int[] edges = {grid.z(), grid.y(), grid.x()};
        int[] patch = plan.patch();
        int[] first = new int[3];
        if (random.nextInt(2) == 1 && !item.foreground.isEmpty()) {
            int[] voxels = item.foreground.get(random.nextInt(item.foreground.size()));
            int voxel = voxels[random.nextInt(voxels.length)];
            int[] centre = {voxel / (grid.x() * grid.y()), voxel / grid.x() % grid.y(), voxel % grid.x()};
            for (int axis = 0; axis < 3; axis++) {
                first[axis] = patch[axis] >= edges[axis]
                        ? around(edges[axis], patch[axis])
                        : Math.clamp(centre[axis] - patch[axis] / 2, 0, edges[axis] - patch[axis]);
            }
        } else {
            for (int axis = 0; axis < 3; axis++) {
                first[axis] = patch[axis] >= edges[axis]
                        ? around(edges[axis], patch[axis])
                        : random.nextInt(edges[axis] - patch[axis] + 1);
            }
        }
        return new Window(first[0], first[1], first[2], patch[0], patch[1], patch[2]);
    }

    private static int around(int edge, int patch) {
        return -((patch - edge) / 2);
    }
}
