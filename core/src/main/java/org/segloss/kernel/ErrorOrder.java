package org.segloss.kernel;

import java.util.Arrays;

/// The voxels of several planes in the order of their errors, largest first, in linear time.
///
/// An error is a float at least 0 that carries in its sign whether the voxel is foreground; NaN stands for a voxel that
/// doesn't count. Floats at least 0 are ordered as their bits are, so a radix sort is exact. Equal errors stay in the
/// order of the voxels.
///
/// First all threads split the voxels into parts by the highest bits of their errors; then each part is sorted alone,
/// where it stays in a second-level cache, unless errors are nearly alike. Keeps 8 bytes for each voxel of the longest
/// list, a [Spare] as much for each of its longest part.
public final class ErrorOrder {
    /// Voxels of a piece of work while parts are split.
    private static final int PIECE = 1 << 18;

    /// Voxels of a part, about.
    private static final int PART = 1 << 14;

    /// More parts could not be written to at once.
    private static final int MOST_PARTS = 512;

    // a key is the inverted bits of the error, for the largest to come first, then one bit for foreground, then the
    // number of the voxel
    private static final int FOREGROUND = 31;
    private static final int ERROR = 32;

    /// Bits of an error below the digit by which parts are split.
    private static final int LOW = 18;

    private static final int DIGITS = 1 << FOREGROUND - LOW;

    /// Bits of a digit at most, by which a part is sorted.
    private static final int MOST_BITS = 10;

    private static final float[][] NONE = {};

    private long[] keys = new long[0];

    // of each piece
    private int[][] counts = new int[0][];
    private int[][] found = new int[0][];

    private final int[] ofDigit = new int[DIGITS];
    private final int[] partOf = new int[DIGITS];
    private final int[] starts = new int[MOST_PARTS + 1];
    private final int[] foreground = new int[MOST_PARTS + 1];
    private final int[] firstDigit = new int[MOST_PARTS];
    private final int[] lastDigit = new int[MOST_PARTS];
    private final int[] places = new int[MOST_PARTS];
    private final int[] here = new int[MOST_PARTS];
    private int parts;

    // none but while they are split
    private float[][] planes = NONE;
    private final Workers<Work> counting = new Workers<>(new Pool<>(() -> this::count), this::overPlanes);
    private final Workers<Work> moving = new Workers<>(new Pool<>(() -> this::move), this::overPlanes);

    public ErrorOrder() {}

    /// What a thread needs to sort a part.
    public static final class Spare {
        private long[] keys = new long[0];
        private final int[] counts = new int[1 << MOST_BITS];

        public Spare() {}
    }

    /// Splits voxels into parts; every error of one is larger than those of the next.
    ///
    /// @param planes of one length, together at most 2^31 - 1 voxels; all 0 afterwards
    /// @return how many voxels count
    public int split(float[][] planes, int threads) {
        int length = planes[0].length;
        int all = Math.multiplyExact(planes.length, length);
        if (keys.length < all) {
            keys = new long[all];
        }
        int pieces = Math.ceilDiv(all, PIECE);
        if (counts.length < pieces) {
            counts = new int[pieces][DIGITS];
            found = new int[pieces][MOST_PARTS];
        }
        for (int piece = 0; piece < pieces; piece++) {
            Arrays.fill(counts[piece], 0);
            Arrays.fill(found[piece], 0);
        }
        this.planes = planes;
        counting.run(pieces, threads);
        int n = makeParts(pieces);
        moving.run(pieces, threads);
        this.planes = NONE;
        for (int part = 0; part < parts; part++) {
            foreground[part + 1] = foreground[part];
            for (int piece = 0; piece < pieces; piece++) {
                foreground[part + 1] += found[piece][part];
            }
        }
        return n;
    }

    private interface Work {
        /// @param first what to add to an index of this plane to count through all planes
        void on(float[] plane, int from, int to, int first, int piece);
    }

    /// The planes, or parts of planes, of one piece.
    private void overPlanes(Work work, int piece) {
        int length = planes[0].length;
        long end = Math.min((piece + 1L) * PIECE, (long) planes.length * length);
        long at = (long) piece * PIECE;
        while (at < end) {
            int k = (int) (at / length);
            int first = k * length;
            int to = (int) Math.min(length, end - first);
            work.on(planes[k], (int) (at - first), to, first, piece);
            at = (long) first + to;
        }
    }

    private void count(float[] plane, int from, int to, int first, int piece) {
        int[] counts = this.counts[piece];
        for (int i = from; i < to; i++) {
            float error = plane[i];
            if (error == error) {
                counts[key(error) >>> LOW]++;
            }
        }
    }

    private static int key(float error) {
        return ~Float.floatToRawIntBits(error) & 0x7fffffff;
    }

    /// Gives each part its digits, and replaces each piece's counts of a part's digits by the place where its
    /// first voxel of that part goes.
    private int makeParts(int pieces) {
        int n = 0;
        Arrays.fill(ofDigit, 0);
        for (int piece = 0; piece < pieces; piece++) {
            for (int digit = 0; digit < DIGITS; digit++) {
                ofDigit[digit] += counts[piece][digit];
                n += counts[piece][digit];
            }
        }
        parts = Math.clamp(n / PART, 1, MOST_PARTS);
        Arrays.fill(starts, 0);
        int before = 0;
        int last = -1;
        for (int digit = 0; digit < DIGITS; digit++) {
            int part = n == 0 ? 0 : Math.min(parts - 1, (int) ((long) before * parts / n));
            partOf[digit] = part;
            if (part != last) {
                Arrays.fill(starts, last + 1, part + 1, before);
                firstDigit[part] = digit;
                last = part;
            }
            lastDigit[part] = digit;
            before += ofDigit[digit];
        }
        Arrays.fill(starts, last + 1, parts + 1, n);
        System.arraycopy(starts, 0, places, 0, parts);
        for (int piece = 0; piece < pieces; piece++) {
            Arrays.fill(here, 0, parts, 0);
            for (int digit = 0; digit < DIGITS; digit++) {
                here[partOf[digit]] += counts[piece][digit];
            }
            for (int part = 0; part < parts; part++) {
                counts[piece][part] = places[part];
                places[part] += here[part];
            }
        }
        return n;
    }

    private void move(float[] plane, int from, int to, int first, int piece) {
        int[] places = counts[piece];
        int[] found = this.found[piece];
        for (int i = from; i < to; i++) {
            float error = plane[i];
            if (error == error) {
                int sign = Float.floatToRawIntBits(error) >>> 31;
                int key = key(error);
                int part = partOf[key >>> LOW];
                found[part] += sign;
                keys[places[part]++] = (long) key << ERROR | (long) sign << FOREGROUND | first + i;
            }
            plane[i] = 0;
        }
    }

    /// {@return how many parts [#split] has made}, some of which may be empty
    public int parts() {
        return parts;
    }

    /// {@return the place of a part's first voxel}
    ///
    /// @param part from 0 to [#parts], where the last is the end of the order
    public int start(int part) {
        return starts[part];
    }

    /// {@return how many voxels of the parts before are foreground}
    public int foregroundBefore(int part) {
        return foreground[part];
    }

    /// Sorts a part.
    public void sort(int part, Spare spare) {
        int from = starts[part];
        int n = starts[part + 1] - from;
        if (spare.keys.length < n) {
            spare.keys = new long[n];
        }
        int bits = LOW + Integer.SIZE - Integer.numberOfLeadingZeros(lastDigit[part] - firstDigit[part]);
        int passes = Math.ceilDiv(bits, MOST_BITS);
        int width = Math.ceilDiv(bits, passes);
        long least = (long) firstDigit[part] << ERROR + LOW;
        boolean spared = false;
        for (int pass = 0; pass < passes; pass++) {
            int shift = ERROR + pass * width;
            spared ^= spared
                    ? move(spare.keys, 0, keys, from, n, least, shift, width, spare.counts)
                    : move(keys, from, spare.keys, 0, n, least, shift, width, spare.counts);
        }
        if (spared) {
            System.arraycopy(spare.keys, 0, keys, from, n);
        }
    }

    /// One pass of a sort, by the digit that begins at the bit `shift`.
    ///
    /// @return false if all have the same digit and nothing has been moved
    private static boolean move(
            long[] in, int inAt, long[] out, int outAt, int n, long least, int shift, int width, int[] counts) {
        int mask = (1 << width) - 1;
        Arrays.fill(counts, 0);
        for (int i = inAt; i < inAt + n; i++) {
            counts[(int) (in[i] - least >>> shift) & mask]++;
        }
        int place = outAt;
        for (int digit = 0; digit <= mask; digit++) {
            int here = counts[digit];
            if (here == n) {
                return false;
            }
            counts[digit] = place;
            place += here;
        }
        for (int i = inAt; i < inAt + n; i++) {
            long key = in[i];
            out[counts[(int) (key - least >>> shift) & mask]++] = key;
        }
        return true;
    }

    /// {@return the voxel at a place of the order}, counted through the planes
    public int voxel(int place) {
        return (int) keys[place] & 0x7fffffff;
    }

    public boolean isForeground(int place) {
        return (keys[place] >>> FOREGROUND & 1) != 0;
    }

    public float error(int place) {
        return Float.intBitsToFloat(~(int) (keys[place] >>> ERROR) & 0x7fffffff);
    }
}
