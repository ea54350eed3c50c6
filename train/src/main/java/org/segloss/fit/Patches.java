package org.segloss.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Draws;
import org.segloss.augment.Patch;
import org.segloss.augment.PatchShape;
import org.segloss.dataset.Case;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;
import org.segloss.image.Window;
import org.segloss.loss.Task;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Preprocessing;
import org.segloss.random.CounterRandom;

/// Draws the patches of a training.
///
/// What step t sees depends on seed, cases, patch and t alone: it is the same for every loss. A case is drawn,
/// then with probability 1/2 a patch around a voxel of one of its foreground labels, otherwise a patch
/// anywhere. A patch lies in its image where that is large enough, else around it. Then it is
/// [changed][Augmentation].
///
/// Of voxels that the task ignores nothing is learned: a patch that holds nothing else is drawn anew around a
/// voxel that counts, and a case that has no such voxel is not drawn from.
final class Patches {
    /// So many patches of ignored voxels in a row, and voxels that count are so rare that they are searched for.
    private static final int DRAWS = 20;

    private final TrainingPlan plan;
    private final List<Item> items = new ArrayList<>();
    private final PatchShape shape;
    private final Augmentation augmentation;
    private final boolean[] ignored = new boolean[256];

    /// @param foreground for each label above 0 that occurs, its voxels
    private record Item(Volume image, byte[] labels, List<int[]> foreground) {}

    Patches(TrainingPlan plan, List<Case> cases) {
        this.plan = plan;
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("there is no case to train on");
        }
        plan.task().ignoredLabels().stream()
                .filter(label -> label >= 0 && label < ignored.length)
                .forEach(label -> ignored[label] = true);
        int[] patch = plan.edges();
        shape = new PatchShape(patch[0], patch[1], patch[2]);
        augmentation = new Augmentation(
                plan.recipe().augmentation(),
                plan.preprocessing().spacing(),
                plan.network().dimensions() == 2);
        for (Case c : cases) {
            check(c);
            Preprocessing.Prepared prepared = plan.preprocessing().apply(c.image());
            byte[] label = prepared.labels(c.label());
            if (firstKnown(label, 0, label.length).isPresent()) {
                items.add(new Item(prepared.image(), label, foreground(label)));
            }
        }
        if (items.isEmpty()) {
            throw new IllegalArgumentException(
                    "every voxel of every training case has an ignored label (%s); there is nothing to learn from"
                            .formatted(plan.task().ignoredLabels().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
    }

    private void check(Case c) {
        int channels = plan.network().inputs();
        if (c.image().channels() != channels) {
            throw new IllegalArgumentException("case %s has %d channels, but the network takes %d"
                    .formatted(c.id(), c.image().channels(), channels));
        }
        int classes = plan.task().kind() == Task.Kind.BINARY
                ? 2
                : plan.labels().names().size();
        for (byte value : c.label().values()) {
            int label = value & 0xFF;
            if (label >= classes && !ignored[label]) {
                throw new IllegalArgumentException(
                        "case %s has label %d, but the task knows 0 to %d".formatted(c.id(), label, classes - 1));
            }
        }
    }

    /// {@return the first voxel that isn't ignored, of a stretch of them}
    private OptionalInt firstKnown(byte[] labels, int from, int to) {
        for (int voxel = from; voxel < to; voxel++) {
            if (!ignored[labels[voxel] & 0xFF]) {
                return OptionalInt.of(voxel);
            }
        }
        return OptionalInt.empty();
    }

    private List<int[]> foreground(byte[] values) {
        int[] counts = new int[256];
        for (byte value : values) {
            counts[value & 0xFF]++;
        }
        return IntStream.range(1, 256)
                .filter(label -> counts[label] > 0 && !ignored[label])
                .mapToObj(label -> IntStream.range(0, values.length)
                        .filter(i -> (values[i] & 0xFF) == label)
                        .toArray())
                .toList();
    }

    /// {@return room for a batch}
    PatchBatch room() {
        int voxels = plan.batch() * shape.voxels();
        return new PatchBatch(new float[plan.network().inputs() * voxels], new byte[voxels], new byte[voxels]);
    }

    /// Fills a batch with the patches of step `t`. For several threads, each with a batch of its own.
    void draw(int t, PatchBatch batch) {
        int channels = plan.network().inputs();
        for (int i = 0; i < plan.batch(); i++) {
            CounterRandom random = CounterRandom.of(plan.seed(), "patch", t, i);
            Item item = items.get(random.nextInt(items.size()));
            Window window = window(item, random);
            int voxel = i * shape.voxels();
            Patch patch =
                    new Patch(shape, channels, batch.images(), channels * voxel, batch.labels(), batch.inside(), voxel);
            augmentation.fill(item.image, item.labels, window, patch, new Draws(plan.seed(), t, i));
        }
    }

    private Window window(Item item, CounterRandom random) {
        Geometry grid = item.image.geometry();
        int[] edges = {grid.z(), grid.y(), grid.x()};
        int[] patch = plan.edges();
        int[] first = new int[3];
        if (random.nextInt(2) == 1 && !item.foreground.isEmpty()) {
            int[] voxels = item.foreground.get(random.nextInt(item.foreground.size()));
            return around(grid, voxels[random.nextInt(voxels.length)]);
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            for (int axis = 0; axis < 3; axis++) {
                first[axis] = patch[axis] >= edges[axis]
                        ? around(edges[axis], patch[axis])
                        : random.nextInt(edges[axis] - patch[axis] + 1);
            }
            Window window = new Window(first[0], first[1], first[2], patch[0], patch[1], patch[2]);
            if (hasKnown(item, window)) {
                return window;
            }
        }
        return around(grid, known(item, random));
    }

    private boolean hasKnown(Item item, Window window) {
        Geometry grid = item.image.geometry();
        int left = Math.max(0, window.x());
        int right = Math.min(grid.x(), window.x() + window.width());
        for (int z = Math.max(0, window.z()); z < Math.min(grid.z(), window.z() + window.depth()); z++) {
            for (int y = Math.max(0, window.y()); y < Math.min(grid.y(), window.y() + window.height()); y++) {
                int row = (z * grid.y() + y) * grid.x();
                if (firstKnown(item.labels, row + left, row + right).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    /// {@return the first voxel that isn't ignored from one anywhere on, with the first voxel after the last}
    private int known(Item item, CounterRandom random) {
        int voxels = item.labels.length;
        int from = random.nextInt(voxels);
        return firstKnown(item.labels, from, voxels)
                .orElseGet(() -> firstKnown(item.labels, 0, from).orElseThrow());
    }

    /// {@return the patch around a voxel, as far as it fits into the image}
    private Window around(Geometry grid, int voxel) {
        int[] edges = {grid.z(), grid.y(), grid.x()};
        int[] centre = {voxel / (grid.x() * grid.y()), voxel / grid.x() % grid.y(), voxel % grid.x()};
        int[] patch = plan.edges();
        int[] first = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            first[axis] = patch[axis] >= edges[axis]
                    ? around(edges[axis], patch[axis])
                    : Math.clamp(centre[axis] - patch[axis] / 2, 0, edges[axis] - patch[axis]);
        }
        return new Window(first[0], first[1], first[2], patch[0], patch[1], patch[2]);
    }

    private static int around(int edge, int patch) {
        return -((patch - edge) / 2);
    }
}
