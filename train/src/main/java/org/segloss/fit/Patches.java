package org.segloss.fit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Draws;
import org.segloss.augment.Patch;
import org.segloss.augment.PatchShape;
import org.segloss.dataset.Case;
import org.segloss.dataset.StoredCases;
import org.segloss.file.Sha256;
import org.segloss.image.Geometry;
import org.segloss.image.Window;
import org.segloss.loss.Task;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.CaseCache;
import org.segloss.prep.PreparedCase;
import org.segloss.prep.Preprocessing;
import org.segloss.random.CounterRandom;

/// Draws the patches of a training.
///
/// What step t sees depends on seed, cases, patch and t alone: it is the same for every loss. A case is drawn,
/// then with probability 1/2 a patch around a voxel of one of its foreground labels, otherwise a patch
/// anywhere. A patch lies in its image where that is large enough, else around it. Then it is
/// [changed][Augmentation].
///
/// Cases are prepared once. As many as are small beside Java's memory are kept in it, in their order; the others lie in
/// the [cache][CaseCache], from which a patch is read when it is drawn. Where a case lies changes no patch.
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
    private final CaseCache cache;
    private final String hash;

    /// Opens a case, which may be used until an arena is closed.
    private interface Item {
        PreparedCase open(Arena arena) throws IOException;
    }

    Patches(TrainingPlan plan, List<Case> cases) throws IOException {
        this(plan, cases, CaseCache.ofThisMachine(), StoredCases.room());
    }

    /// @param cases each is asked for once, and again if what was made of it is lost
    /// @param room  bytes of prepared cases that are kept in memory
    Patches(TrainingPlan plan, List<Case> cases, CaseCache cache, long room) throws IOException {
        this.plan = plan;
        this.cache = cache;
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
        MessageDigest all = Sha256.digest();
        long left = room;
        for (int i = 0; i < cases.size(); i++) {
            Case c = cases.get(i);
            check(c);
            CaseHash.add(c, all);
            int[] shape = plan.preprocessing().shape(Preprocessing.cropped(c.image()));
            // image and labels, and as much again for the places of the foreground
            left -= (4L * c.image().channels() + 5) * shape[0] * shape[1] * shape[2];
            add(left >= 0 ? inMemory(prepare(c)) : inCache(c, i, cases));
        }
        hash = Sha256.hex(all);
        if (items.isEmpty()) {
            throw new IllegalArgumentException(
                    "every voxel of every training case has an ignored label (%s); there is nothing to learn from"
                            .formatted(plan.task().ignoredLabels().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
    }

    private PreparedCase prepare(Case c) {
        Preprocessing.Prepared prepared = plan.preprocessing().apply(c.image());
        return PreparedCase.of(
                prepared.image(), prepared.labels(c.label()), plan.task().ignoredLabels());
    }

    private void add(Item item) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            PreparedCase prepared = item.open(arena);
            if (firstKnown(prepared, 0, prepared.voxels()).isPresent()) {
                items.add(item);
            }
        }
    }

    private static Item inMemory(PreparedCase prepared) {
        return _ -> prepared;
    }

    private Item inCache(Case c, int number, List<Case> cases) throws IOException {
        String key = CaseCache.key(
                CaseHash.of(List.of(c)), plan.preprocessing(), plan.task().ignoredLabels());
        try (Arena arena = Arena.ofConfined()) {
            cache.get(key, () -> prepare(c), arena);
        }
        return arena -> cache.get(key, () -> prepare(cases.get(number)), arena);
    }

    /// {@return the hash of all cases}, as [CaseHash#of]
    String hash() {
        return hash;
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
    private OptionalInt firstKnown(PreparedCase item, int from, int to) {
        for (int voxel = from; voxel < to; voxel++) {
            if (!ignored[item.label(voxel)]) {
                return OptionalInt.of(voxel);
            }
        }
        return OptionalInt.empty();
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
            int voxel = i * shape.voxels();
            Patch patch =
                    new Patch(shape, channels, batch.images(), channels * voxel, batch.labels(), batch.inside(), voxel);
            try (Arena arena = Arena.ofConfined()) {
                PreparedCase prepared = item.open(arena);
                augmentation.fill(prepared, window(prepared, random), patch, new Draws(plan.seed(), t, i));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Window window(PreparedCase item, CounterRandom random) {
        Geometry grid = item.grid();
        int[] edges = {grid.z(), grid.y(), grid.x()};
        int[] patch = plan.edges();
        int[] first = new int[3];
        if (random.nextInt(2) == 1 && !item.foreground().isEmpty()) {
            MemorySegment voxels =
                    item.foreground().get(random.nextInt(item.foreground().size()));
            int count = Math.toIntExact(voxels.byteSize() / Integer.BYTES);
            return around(grid, voxels.getAtIndex(ValueLayout.JAVA_INT, random.nextInt(count)));
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

    private boolean hasKnown(PreparedCase item, Window window) {
        Geometry grid = item.grid();
        int left = Math.max(0, window.x());
        int right = Math.min(grid.x(), window.x() + window.width());
        for (int z = Math.max(0, window.z()); z < Math.min(grid.z(), window.z() + window.depth()); z++) {
            for (int y = Math.max(0, window.y()); y < Math.min(grid.y(), window.y() + window.height()); y++) {
                int row = (z * grid.y() + y) * grid.x();
                if (firstKnown(item, row + left, row + right).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    /// {@return the first voxel that isn't ignored from one anywhere on, with the first voxel after the last}
    private int known(PreparedCase item, CounterRandom random) {
        int voxels = item.voxels();
        int from = random.nextInt(voxels);
        return firstKnown(item, from, voxels)
                .orElseGet(() -> firstKnown(item, 0, from).orElseThrow());
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
