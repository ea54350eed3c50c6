package org.segloss.report;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.zip.Deflater;
import org.segloss.image.Geometry;
import org.segloss.image.Labels;
import org.segloss.image.Volume;

/// The part of a case that a page shows, small enough to stand in it.
///
/// A case with more voxels than allowed is first cropped to what the reference or any prediction holds, with
/// [#MARGIN] voxels around it; if that isn't enough, every second, third ... voxel is taken, along the axes with the
/// smallest voxels first.
///
/// @param from  the first voxel that is shown, (x, y, z)
/// @param step  every how manieth is
/// @param shape how many are
record Voxels(int[] from, int[] step, int[] shape) {
    private static final int MARGIN = 12;

    static Voxels of(Geometry grid, List<Labels> labels, long most) {
        int[] from = {0, 0, 0};
        int[] size = {grid.x(), grid.y(), grid.z()};
        if (grid.voxels() > most) {
            crop(grid, labels, from, size);
        }
        double[] spacing = grid.spacing();
        int[] step = {1, 1, 1};
        int[] shape = size.clone();
        while ((long) shape[0] * shape[1] * shape[2] > most) {
            int finest = -1;
            for (int axis = 0; axis < 3; axis++) {
                if (shape[axis] > 1 && (finest < 0 || spacing[axis] * step[axis] < spacing[finest] * step[finest])) {
                    finest = axis;
                }
            }
            step[finest]++;
            shape[finest] = Math.ceilDiv(size[finest], step[finest]);
        }
        return new Voxels(from, step, shape);
    }

    private static void crop(Geometry grid, List<Labels> labels, int[] from, int[] size) {
        int[] all = size.clone();
        int[] low = size.clone();
        int[] high = {-1, -1, -1};
        for (Labels each : labels) {
            byte[] values = each.values();
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0) {
                    int[] at = {i % grid.x(), i / grid.x() % grid.y(), i / grid.x() / grid.y()};
                    for (int axis = 0; axis < 3; axis++) {
                        low[axis] = Math.min(low[axis], at[axis]);
                        high[axis] = Math.max(high[axis], at[axis]);
                    }
                }
            }
        }
        // nothing to crop to
        if (high[0] < 0) {
            return;
        }
        for (int axis = 0; axis < 3; axis++) {
            from[axis] = Math.max(0, low[axis] - MARGIN);
            size[axis] = Math.min(all[axis], high[axis] + 1 + MARGIN) - from[axis];
        }
    }

    /// {@return whether not all voxels are shown}
    boolean isPart(Geometry grid) {
        return (long) shape[0] * shape[1] * shape[2] < grid.voxels();
    }

    private byte[] pick(Geometry grid, IntToDoubleFunction value) {
        byte[] picked = new byte[shape[0] * shape[1] * shape[2]];
        int i = 0;
        for (int z = 0; z < shape[2]; z++) {
            for (int y = 0; y < shape[1]; y++) {
                int row = ((from[2] + z * step[2]) * grid.y() + from[1] + y * step[1]) * grid.x() + from[0];
                for (int x = 0; x < shape[0]; x++) {
                    picked[i++] = (byte) value.applyAsDouble(row + x * step[0]);
                }
            }
        }
        return picked;
    }

    /// {@return labels, a byte a voxel, packed}
    String labels(Labels labels) {
        return packed(pick(labels.geometry(), i -> labels.values()[i]));
    }

    /// {@return the mean of an image's channels, from its 1st to its 99th percentile in shades from 0 to 255, packed}
    String image(Volume volume) {
        Geometry grid = volume.geometry();
        int n = Math.toIntExact(grid.voxels());
        float[] gray = new float[n];
        for (int channel = 0; channel < volume.channels(); channel++) {
            for (int i = 0; i < n; i++) {
                gray[i] += volume.values()[channel * n + i] / volume.channels();
            }
        }
        float[] sorted = gray.clone();
        Arrays.sort(sorted);
        double low = sorted[n / 100];
        double high = sorted[n - 1 - n / 100];
        return packed(pick(
                grid, i -> high > low ? Math.clamp(Math.round(255 * (gray[i] - low) / (high - low)), 0, 255) : 0));
    }

    /// zlib, then Base64: what every browser can undo by itself.
    private static String packed(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(bytes);
            deflater.finish();
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }
}
