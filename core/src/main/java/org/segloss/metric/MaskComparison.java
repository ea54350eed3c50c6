package org.segloss.metric;

import java.util.Optional;
import java.util.function.Supplier;
import org.segloss.grid.Grid;
import org.segloss.grid.MaskPair;

/// A prediction and a reference of one class of one case, and what metrics are made from: counts, distances between
/// surfaces, connected parts. Each is computed when the first metric asks for it, and kept for the others.
///
/// It is used by one thread, which may let others help.
public final class MaskComparison {
    private final byte[] prediction;
    private final byte[] reference;
    private final Optional<boolean[]> known;
    private final long knownVoxels;
    private final Grid grid;
    private final Optional<float[]> probabilities;
    private final int threads;
    private final Optional<MaskPair> box;
    private final Overlap overlap;
    private final Supplier<Surfaces> surfaceVoxels = once(() -> new Surfaces(box().voxelDistances()));
    private final Supplier<Surfaces> surfaceElements = once(() -> new Surfaces(box().surfelDistances()));
    private final Supplier<ObjectMatching> objects = once(this::matching);
    private final Supplier<CenterlineDice.Lines> centerLines = once(() -> CenterlineDice.Lines.of(box()));

    /// @param prediction one byte for each voxel of the grid, 0 outside and one other value inside
    /// @param reference  likewise
    /// @param known      whether the reference is known there; what the others hold elsewhere plays no part
    /// @throws IllegalArgumentException if a mask has several values besides 0
    MaskComparison(
            byte[] prediction,
            byte[] reference,
            Optional<boolean[]> known,
            Grid grid,
            Optional<float[]> probabilities,
            int threads) {
        this.grid = grid.asPlane();
        this.threads = threads;
        knownVoxels = known.map(MaskComparison::count).orElse(grid.voxels());
        this.known = known.filter(_ -> knownVoxels < grid.voxels());
        this.prediction = this.known.map(k -> where(k, prediction)).orElse(prediction);
        this.reference = this.known.map(k -> where(k, reference)).orElse(reference);
        this.probabilities =
                probabilities.map(p -> this.known.map(k -> where(k, p)).orElse(p));
        box = MaskPair.of(this.prediction, this.reference, this.known, this.grid, threads);
        box.ifPresent(pair -> {
            checkMask("prediction", this.prediction, pair.firstBits());
            checkMask("reference", this.reference, pair.secondBits());
        });
        overlap = box.map(MaskPair::counts)
                .map(counts ->
                        new Overlap(counts[3], counts[1], counts[2], knownVoxels - counts[1] - counts[2] - counts[3]))
                .orElse(new Overlap(0, 0, 0, knownVoxels));
    }

    private static long count(boolean[] known) {
        long count = 0;
        for (boolean one : known) {
            count += one ? 1 : 0;
        }
        return count;
    }

    private static byte[] where(boolean[] known, byte[] mask) {
        byte[] where = new byte[mask.length];
        for (int i = 0; i < where.length; i++) {
            where[i] = known[i] ? mask[i] : 0;
        }
        return where;
    }

    private static float[] where(boolean[] known, float[] values) {
        float[] where = new float[values.length];
        for (int i = 0; i < where.length; i++) {
            where[i] = known[i] ? values[i] : 0;
        }
        return where;
    }

    /// A label map taken for a mask would be scored as if its classes were one.
    private static void checkMask(String name, byte[] mask, int bits) {
        if (Integer.bitCount(bits) <= 1) {
            return;
        }
        int inside = 0;
        for (byte value : mask) {
            if (inside != 0 && value != 0 && value != inside) {
                throw new IllegalArgumentException(
                        "%s has the values %d and %d besides 0: it is a label map, and no mask of one class; scoreClasses scores each of its classes"
                                .formatted(name, inside & 0xFF, value & 0xFF));
            }
            inside = value != 0 ? value : inside;
        }
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

    /// {@return one byte for each voxel of the [grid][#grid], not 0 inside, 0 where it isn't [known][#known];
    /// only to be read}
    public byte[] prediction() {
        return prediction;
    }

    /// {@return likewise of the reference}
    public byte[] reference() {
        return reference;
    }

    /// {@return for each voxel whether the reference is known there; nothing where it is everywhere; only to be read}
    ///
    /// The others are ignored: they count in no metric. A metric that goes over voxels itself leaves them out
    /// of its sums and its divisors, and takes them for no border.
    public Optional<boolean[]> known() {
        return known;
    }

    /// {@return which of the two masks has voxels}
    public Score.Status status() {
        return knownVoxels == 0 ? Score.Status.ALL_IGNORED : overlap.status();
    }

    /// {@return the image's voxels and their size in mm}; one slice along any axis is a plane of `z = 1`
    public Grid grid() {
        return grid;
    }

    /// {@return for each voxel the probability that it is in the class, 0 where it isn't [known][#known]; only
    /// to be read}
    ///
    /// @throws IllegalStateException if there are none, which a metric that [needs][Metric#needsProbabilities] them
    ///     never sees
    public float[] probabilities() {
        return probabilities.orElseThrow(() -> new IllegalStateException(
                "there are no probabilities; a metric that uses them has to say so by needsProbabilities()"));
    }

    /// {@return how many threads may work on it, at least 1; a value is the same for any number}
    public int threads() {
        return threads;
    }

    /// {@return how many known voxels are in both masks, in one, and in none}
    public Overlap overlap() {
        return overlap;
    }

    /// {@return both masks in the smallest box around both, with background around it}
    ///
    /// @throws IllegalStateException if both masks are empty
    public MaskPair box() {
        return box.orElseThrow(() -> new IllegalStateException("both masks are empty: there is no box around them"));
    }

    /// {@return the distances between surface voxels, which have a neighbour known to be outside over a face
    /// (over an edge in a plane image); each voxel weighs 1}
    ///
    /// @throws IllegalStateException    if both masks are empty
    /// @throws IllegalArgumentException if one is
    public Surfaces surfaceVoxels() {
        return surfaceVoxels.get();
    }

    /// {@return the distances between the elements of the surfaces that marching cubes finds between known voxels; each
    /// weighs its area in mm² (its length in mm in a plane image)}
    ///
    /// @throws IllegalStateException    if both masks are empty
    /// @throws IllegalArgumentException if one is
    public Surfaces surfaceElements() {
        return surfaceElements.get();
    }

    /// {@return how the connected parts of the two masks agree}
    public ObjectMatching objects() {
        return objects.get();
    }

    /// {@return how the skeletons of the two masks agree with the masks}
    CenterlineDice.Lines centerLines() {
        return centerLines.get();
    }

    private ObjectMatching matching() {
        return box.map(ObjectMatching::of).orElse(ObjectMatching.NOTHING);
    }
}
