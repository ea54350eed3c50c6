package org.segloss.kernel;

import java.util.Arrays;

/// The voxels of several planes in the order of their errors, largest first, in linear time.
///
/// An error is a float at least 0 that carries in its sign whether the voxel is foreground; NaN stands for a voxel that
/// doesn't count. Floats at least 0 are ordered as their bits are, so a radix sort by three digits is exact. Equal
/// errors stay in the order of the voxels. Holds the scratch of one thread, 16 bytes for each voxel.
public final class ErrorOrder {
    private static final int BITS = 11;
    private static final int DIGITS = 1 << BITS;

    // a key is the inverted bits of the error, for the largest to come first, then one bit for foreground, then the
    // number of the voxel
    private static final int FOREGROUND = 31;
    private static final int ERROR = 32;

    private long[] keys = new long[0];
    private long[] spare = new long[0];
    private final int[][] counts = new int[3][DIGITS];

    /// Sorts.
    ///
    /// @param planes of one length, together at most 2^31 - 1 voxels
    /// @return how many voxels count
    public int sort(float[][] planes) {
        int length = planes[0].length;
        int all = Math.multiplyExact(planes.length, length);
        if (keys.length < all) {
            keys = new long[all];
            spare = new long[all];
        }
        for (int[] digit : counts) {
            Arrays.fill(digit, 0);
        }
        int n = 0;
        for (int k = 0; k < planes.length; k++) {
            for (int i = 0; i < length; i++) {
                float error = planes[k][i];
                if (error == error) {
                    int bits = Float.floatToRawIntBits(error);
                    int key = ~bits & 0x7fffffff;
                    counts[0][key & DIGITS - 1]++;
                    counts[1][key >>> BITS & DIGITS - 1]++;
                    counts[2][key >>> 2 * BITS]++;
                    keys[n++] = (long) key << ERROR | (long) (bits >>> 31) << FOREGROUND | k * length + i;
                }
            }
        }
        for (int digit = 0; digit < counts.length; digit++) {
            move(counts[digit], ERROR + digit * BITS, n);
        }
        return n;
    }

    /// One pass of the sort, by the digit that begins at the bit `shift`.
    private void move(int[] count, int shift, int n) {
        int start = 0;
        for (int digit = 0; digit < DIGITS; digit++) {
            int here = count[digit];
            if (here == n) {
                return;
            }
            count[digit] = start;
            start += here;
        }
        for (int i = 0; i < n; i++) {
            long key = keys[i];
            spare[count[(int) (key >>> shift) & DIGITS - 1]++] = key;
        }
        long[] sorted = spare;
        spare = keys;
        keys = sorted;
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
