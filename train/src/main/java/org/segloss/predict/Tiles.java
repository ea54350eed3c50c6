package org.segloss.predict;

import java.util.ArrayList;
import java.util.List;
import org.segloss.image.Geometry;
import org.segloss.image.Window;

/// The windows of one size that cover an image, each overlapping the next one by half or more.
///
/// Along each axis they are spread evenly from the first voxel to the last. Where the image is smaller than the
/// window one window stands centrally around it.
record Tiles(int depth, int height, int width) {

    /// {@return windows of the size of a training's patch; longer along an axis where one window can then take the
    /// whole image}
    ///
    /// That is where such a window is longer by no more than a quarter: two windows would see nearly the same,
    /// and along three axes that would be eight.
    ///
    /// @param patch    (z, y, x)
    /// @param multiples what the edges (z, y, x) of a network's input are multiples of
    static Tiles of(int[] patch, int[] multiples, Geometry grid) {
        return new Tiles(
                edge(patch[0], multiples[0], grid.z()),
                edge(patch[1], multiples[1], grid.y()),
                edge(patch[2], multiples[2], grid.x()));
    }

    private static int edge(int patch, int multiple, int image) {
        int whole = Math.ceilDiv(image, multiple) * multiple;
        return patch > 1 && whole > patch && whole <= patch + patch / 4 ? whole : patch;
    }

    List<Window> over(Geometry grid) {
        List<Window> windows = new ArrayList<>();
        for (int z : starts(grid.z(), depth)) {
            for (int y : starts(grid.y(), height)) {
                for (int x : starts(grid.x(), width)) {
                    windows.add(new Window(z, y, x, depth, height, width));
                }
            }
        }
        return windows;
    }

    private static int[] starts(int edge, int window) {
        if (window >= edge) {
            return new int[] {-((window - edge) / 2)};
        }
        int step = Math.max(1, window / 2);
        int steps = Math.ceilDiv(edge - window, step);
        int[] starts = new int[steps + 1];
        for (int i = 0; i <= steps; i++) {
            starts[i] = (int) Math.round((double) i * (edge - window) / steps);
        }
        return starts;
    }

    /// {@return how much each voxel of a window counts where windows overlap}: a Gaussian around the window's
    /// centre with an eighth of its edge as standard deviation, because a network sees least at a window's
    /// border.
    float[] weights() {
        double[] alongZ = gaussian(depth);
        double[] alongY = gaussian(height);
        double[] alongX = gaussian(width);
        float[] weights = new float[depth * height * width];
        int i = 0;
        for (double wz : alongZ) {
            for (double wy : alongY) {
                for (double wx : alongX) {
                    weights[i++] = (float) (wz * wy * wx);
                }
            }
        }
        return weights;
    }

    private static double[] gaussian(int edge) {
        double centre = (edge - 1) / 2.0;
        double deviation = edge / 8.0;
        double[] weights = new double[edge];
        for (int i = 0; i < edge; i++) {
            double distance = (i - centre) / deviation;
            weights[i] = Math.exp(-distance * distance / 2);
        }
        return weights;
    }
}
