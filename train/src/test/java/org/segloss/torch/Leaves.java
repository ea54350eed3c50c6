package org.segloss.torch;

/// Features of tests in other packages whose own gradient is looked at.
public final class Leaves {
    private Leaves() {}

    public static Features of(Tensor value) {
        return Features.leaf(value, Operators.LIBTORCH);
    }

    public static Tensor gradient(Features leaf) {
        return leaf.gradient().orElseThrow();
    }
}
