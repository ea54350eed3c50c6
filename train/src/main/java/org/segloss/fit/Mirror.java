package org.segloss.fit;

/// Turns a plane of `height` rows and `width` columns around.
record Mirror(boolean rows, boolean columns, int height, int width) {

    /// In place, from `offset` on.
    void apply(float[] plane, int offset) {
        forEach((a, b) -> {
            float held = plane[offset + a];
            plane[offset + a] = plane[offset + b];
            plane[offset + b] = held;
        });
    }

    /// As for floats.
    void apply(byte[] plane, int offset) {
        forEach((a, b) -> {
            byte held = plane[offset + a];
            plane[offset + a] = plane[offset + b];
            plane[offset + b] = held;
        });
    }

    private interface Swap {
        void swap(int a, int b);
    }

    private void forEach(Swap swap) {
        for (int a = 0; a < height * width; a++) {
            int y = a / width;
            int x = a % width;
            int b = (rows ? height - 1 - y : y) * width + (columns ? width - 1 - x : x);
            if (a < b) {
                swap.swap(a, b);
            }
        }
    }
}
