package org.segloss.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The vectors that all kernels on lanes use, and the order of their sums.
///
/// `segloss.vectorBits` makes them narrower than the machine's, for tests.
public final class Lanes {

    /// Sums have this many lanes: two of the widest vectors that there are for floats, for two chains of additions.
    static final int GROUP = 32;

    // static final, or the compiler cannot fold the species away and every operation is boxed
    static final VectorSpecies<Float> F = species(Integer.getInteger("segloss.vectorBits", 0));
    static final VectorSpecies<Integer> I = F.withLanes(int.class);

    // as many bytes as floats, but at least the 64 bits of the smallest vector
    static final VectorSpecies<Byte> B = F.length() == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    static final int PARTS = B.length() / F.length();

    private Lanes() {}

    private static VectorSpecies<Float> species(int bits) {
        return switch (bits) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            case 0 ->
                FloatVector.SPECIES_PREFERRED.length() > FloatVector.SPECIES_512.length()
                        ? FloatVector.SPECIES_512
                        : FloatVector.SPECIES_PREFERRED;
            default ->
                throw new IllegalArgumentException("segloss.vectorBits has to be 128, 256 or 512, but is " + bits);
        };
    }

    /// {@return floats in a vector}
    public static int width() {
        return F.length();
    }

    /// {@return `n` rounded up to whole groups}
    static int padded(int n) {
        return (n + GROUP - 1) / GROUP * GROUP;
    }

    /// {@return the sum of the `k`-th group}, in the order of the lanes, so that the width of a vector makes no
    /// difference
    static double sumOfLanes(float[] lanes, int k) {
        // four chains of additions, which a processor does at the same time
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = k * GROUP; i < (k + 1) * GROUP; i += 4) {
            a += lanes[i];
            b += lanes[i + 1];
            c += lanes[i + 2];
            d += lanes[i + 3];
        }
        return (a + b) + (c + d);
    }
}
