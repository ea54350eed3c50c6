package org.segloss.prep;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segloss.grid.Spacing;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// What is done to an image before a network sees it, and undone to what the network says.
///
/// The image is cropped to the box of its voxels that are not 0 in all channels, resampled to one spacing, and
/// [brought to one scale][Normalization]. It is resampled cubically, where far longer voxels than along other axes
/// become shorter to the nearest one; labels are resampled linearly, each by itself, and the strongest wins;
/// probabilities are brought back linearly.
///
/// @param spacing of the network's voxels
/// @param scales  of channels that are brought to the same scale in every image
public record Preprocessing(Spacing spacing, SortedMap<Integer, IntensityScale> scales) {
    /// Voxels so many times as long as along other axes are too long for numbers between them to mean anything.
    private static final double ANISOTROPIC = 3;

    /// No array of Java's is longer.
    private static final int MOST_VOXELS = Integer.MAX_VALUE - 8;

    /// Voxels that differ by less are not worth resampling.
    private static final double TOLERANCE = 0.01;

    /// @throws IllegalArgumentException if a scale has numbers that aren't finite, a `low` that isn't below `high`,
    ///                                  or no positive deviation
    public Preprocessing {
        scales.values().forEach(IntensityScale::checkSound);
        scales = Collections.unmodifiableSortedMap(new TreeMap<>(scales));
    }

    /// The preprocessing of images that are brought to a scale each by itself.
    public Preprocessing(Spacing spacing) {
        this(spacing, Collections.emptySortedMap());
    }

    /// {@return the preprocessing that suits images}: their [median][Fingerprint#upperMedian] spacing, axis by
    /// axis, and their scales
    public static Preprocessing of(Fingerprint images) {
        double[] median = IntStream.range(0, 3)
                .mapToDouble(
                        axis -> Fingerprint.upperMedian(images.grids().stream().mapToDouble(g -> g.spacing()[axis])))
                .toArray();
        return new Preprocessing(new Spacing(median[2], median[1], median[0]), images.scales());
    }

    /// {@return what is done to the numbers of images, in words}
    ///
    /// @param channels of an image
    public String intensities(int channels) {
        String own = "to mean 0 and deviation 1 in each image";
        String given = scales.entrySet().stream()
                .map(entry -> "channel %d %s"
                        .formatted(entry.getKey(), entry.getValue().inWords()))
                .collect(Collectors.joining("; "));
        return scales.isEmpty() ? own : scales.size() == channels ? given : "%s; others %s".formatted(given, own);
    }

    /// An image as a network sees it, and the way back.
    ///
    /// @param image    on the network's grid
    /// @param original the image's own grid
    /// @param first    the voxel (z, y, x) of the original at which the box begins
    /// @param box      its shape (z, y, x)
    public record Prepared(Volume image, Geometry original, int[] first, int[] box) {
        private int[] shape() {
            return edges(image.geometry());
        }

        /// {@return labels as the network is to see them}
        ///
        /// @param labels on the original grid
        public byte[] labels(Labels labels) {
            byte[] cropped = crop(labels.values(), original, first, box);
            int[] to = shape();
            if (Arrays.equals(box, to)) {
                return cropped;
            }
            byte[] best = new byte[to[0] * to[1] * to[2]];
            float[] most = new float[best.length];
            boolean[] there = new boolean[256];
            for (byte label : cropped) {
                there[label & 0xFF] = true;
            }
            float[] one = new float[cropped.length];
            for (int label = 0; label < there.length; label++) {
                if (there[label]) {
                    for (int i = 0; i < one.length; i++) {
                        one[i] = (cropped[i] & 0xFF) == label ? 1 : 0;
                    }
                    float[] share = Resampling.apply(one, 0, box, to, each(Resampling.Kernel.LINEAR));
                    for (int i = 0; i < best.length; i++) {
                        if (share[i] > most[i]) {
                            most[i] = share[i];
                            best[i] = (byte) label;
                        }
                    }
                }
            }
            return best;
        }

        /// {@return one class's probabilities on the original grid}
        ///
        /// @param probabilities on the network's grid, from `from` on
        /// @param outside       the class's probability outside of the box
        public float[] back(float[] probabilities, int from, float outside) {
            float[] inBox = Resampling.apply(probabilities, from, shape(), box, each(Resampling.Kernel.LINEAR));
            int voxels = Math.toIntExact(original.voxels());
            if (inBox.length == voxels) {
                return inBox;
            }
            float[] whole = new float[voxels];
            Arrays.fill(whole, outside);
            rows(original, first, box, (to, row) -> System.arraycopy(inBox, row, whole, to, box[2]));
            return whole;
        }
    }

    /// {@return the grid of the box that an image is cropped to}, from the origin along the axes
    public static Geometry cropped(Volume image) {
        int[][] ends = occupied(image);
        double[] spacing = image.geometry().spacing();
        return Geometry.scaled(
                ends[1][2] - ends[0][2] + 1,
                ends[1][1] - ends[0][1] + 1,
                ends[1][0] - ends[0][0] + 1,
                spacing[0],
                spacing[1],
                spacing[2]);
    }

    /// {@return the shape (z, y, x) that a network sees of an image}
    ///
    /// @param grid of the image once it is [cropped][#cropped]
    public int[] shape(Geometry grid) {
        return resampled(edges(grid), spacing(grid));
    }

    private int[] resampled(int[] shape, double[] from) {
        double[] to = {spacing.z(), spacing.y(), spacing.x()};
        int[] resampled = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            double ratio = from[axis] / to[axis];
            resampled[axis] = Math.abs(ratio - 1) <= TOLERANCE || shape[axis] == 1
                    ? shape[axis]
                    : Math.clamp(Math.round(shape[axis] * ratio), 1, Integer.MAX_VALUE);
        }
        if ((double) resampled[0] * resampled[1] * resampled[2] > MOST_VOXELS) {
            throw new IllegalArgumentException(
                    "brought to voxels of %s x %s x %s mm (z, y, x), an image would have %d x %d x %d of them, which is too many; take a larger spacing"
                            .formatted(to[0], to[1], to[2], resampled[0], resampled[1], resampled[2]));
        }
        return resampled;
    }

    public Prepared apply(Volume image) {
        Geometry grid = image.geometry();
        int[][] ends = occupied(image);
        int[] first = ends[0];
        int[] box = IntStream.range(0, 3).map(a -> ends[1][a] - first[a] + 1).toArray();
        double[] from = spacing(grid);
        int[] to = resampled(box, from);
        Resampling.Kernel[] kernels = kernels(from, box, to);
        int channels = image.channels();
        int voxels = Math.multiplyExact(Math.multiplyExact(to[0], to[1]), to[2]);
        float[] values = new float[Math.multiplyExact(channels, voxels)];
        for (int c = 0; c < channels; c++) {
            float[] cropped = crop(image.values(), c, grid, first, box);
            System.arraycopy(Resampling.apply(cropped, 0, box, to, kernels), 0, values, c * voxels, voxels);
        }
        Geometry network = Geometry.scaled(
                to[2], to[1], to[0], from[2] * box[2] / to[2], from[1] * box[1] / to[1], from[0] * box[0] / to[0]);
        Volume prepared = Normalization.apply(new Volume(network, channels, values), scales);
        return new Prepared(prepared, grid, first, box);
    }

    private static int[] edges(Geometry grid) {
        return new int[] {grid.z(), grid.y(), grid.x()};
    }

    private static double[] spacing(Geometry grid) {
        double[] xyz = grid.spacing();
        return new double[] {xyz[2], xyz[1], xyz[0]};
    }

    private static Resampling.Kernel[] each(Resampling.Kernel kernel) {
        return new Resampling.Kernel[] {kernel, kernel, kernel};
    }

    private static Resampling.Kernel[] kernels(double[] spacing, int[] from, int[] to) {
        // a plane's thickness says nothing about its pixels
        double least = IntStream.range(0, 3)
                .filter(axis -> from[axis] > 1)
                .mapToDouble(axis -> spacing[axis])
                .min()
                .orElse(Double.POSITIVE_INFINITY);
        return IntStream.range(0, 3)
                .mapToObj(axis -> spacing[axis] >= ANISOTROPIC * least && to[axis] > from[axis]
                        ? Resampling.Kernel.NEAREST
                        : Resampling.Kernel.CUBIC)
                .toArray(Resampling.Kernel[]::new);
    }

    /// The first and the last voxel (z, y, x) of the box that holds all voxels that aren't 0; of an image of zeros the
    /// whole.
    private static int[][] occupied(Volume image) {
        Geometry grid = image.geometry();
        int voxels = Math.toIntExact(grid.voxels());
        int[] first = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] last = {-1, -1, -1};
        float[] values = image.values();
        for (int row = 0; row < values.length / grid.x(); row++) {
            int left = row * grid.x();
            int right = left + grid.x() - 1;
            int from = left;
            int to = right;
            while (from <= right && values[from] == 0) {
                from++;
            }
            if (from > right) {
                continue;
            }
            while (values[to] == 0) {
                to--;
            }
            int inChannel = row % (voxels / grid.x());
            int[] begin = {inChannel / grid.y(), inChannel % grid.y(), from - left};
            int[] end = {begin[0], begin[1], to - left};
            for (int axis = 0; axis < 3; axis++) {
                first[axis] = Math.min(first[axis], begin[axis]);
                last[axis] = Math.max(last[axis], end[axis]);
            }
        }
        return last[0] < 0
                ? new int[][] {new int[3], {grid.z() - 1, grid.y() - 1, grid.x() - 1}}
                : new int[][] {first, last};
    }

    private static float[] crop(float[] values, int channel, Geometry grid, int[] first, int[] box) {
        float[] cropped = new float[box[0] * box[1] * box[2]];
        int start = channel * Math.toIntExact(grid.voxels());
        rows(grid, first, box, (source, row) -> System.arraycopy(values, start + source, cropped, row, box[2]));
        return cropped;
    }

    private static byte[] crop(byte[] values, Geometry grid, int[] first, int[] box) {
        byte[] cropped = new byte[box[0] * box[1] * box[2]];
        rows(grid, first, box, (source, row) -> System.arraycopy(values, source, cropped, row, box[2]));
        return cropped;
    }

    /// Told where each row of the box begins on the grid and in the box.
    private interface Row {
        void copy(int onGrid, int inBox);
    }

    private static void rows(Geometry grid, int[] first, int[] box, Row row) {
        for (int k = 0; k < box[0]; k++) {
            for (int j = 0; j < box[1]; j++) {
                row.copy(((first[0] + k) * grid.y() + first[1] + j) * grid.x() + first[2], (k * box[1] + j) * box[2]);
            }
        }
    }
}
