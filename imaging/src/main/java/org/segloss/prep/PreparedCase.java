package org.segloss.prep;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.segloss.image.Geometry;
import org.segloss.image.Volume;

/// A case as a network sees it, in Java's memory or in a file of the [cache][CaseCache].
///
/// @param grid       of the network
/// @param channels   of the image
/// @param image      floats, `(channel, z, y, x)`
/// @param labels     bytes, `(z, y, x)`
/// @param foreground for each label above 0 that occurs and isn't ignored the numbers of its voxels, as ints
public record PreparedCase(
        Geometry grid, int channels, MemorySegment image, MemorySegment labels, List<MemorySegment> foreground) {

    public PreparedCase {
        foreground = List.copyOf(foreground);
    }

    /// @param labels  on the image's grid; not copied, like the image's numbers
    /// @param ignored labels that are no foreground
    public static PreparedCase of(Volume image, byte[] labels, Set<Integer> ignored) {
        int[] counts = new int[256];
        for (byte label : labels) {
            counts[label & 0xFF]++;
        }
        List<MemorySegment> foreground = new ArrayList<>();
        for (int label = 1; label < counts.length; label++) {
            if (counts[label] > 0 && !ignored.contains(label)) {
                foreground.add(MemorySegment.ofArray(voxels(labels, label, counts[label])));
            }
        }
        return new PreparedCase(
                image.geometry(),
                image.channels(),
                MemorySegment.ofArray(image.values()),
                MemorySegment.ofArray(labels),
                foreground);
    }

    private static int[] voxels(byte[] labels, int label, int count) {
        int[] voxels = new int[count];
        int found = 0;
        for (int i = 0; found < count; i++) {
            if ((labels[i] & 0xFF) == label) {
                voxels[found++] = i;
            }
        }
        return voxels;
    }

    /// {@return bytes that it takes}
    public long size() {
        return image.byteSize()
                + labels.byteSize()
                + foreground.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    public int voxels() {
        return Math.toIntExact(labels.byteSize());
    }

    /// {@return a number of the image}
    ///
    /// @param index `channel * voxels + voxel`
    public float value(long index) {
        return image.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    public int label(int voxel) {
        return labels.get(ValueLayout.JAVA_BYTE, voxel) & 0xFF;
    }
}
