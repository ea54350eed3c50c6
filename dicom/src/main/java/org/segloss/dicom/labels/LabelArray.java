package org.segloss.dicom.labels;

import static org.segloss.format.Finding.error;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.file.Printable;
import org.segloss.format.FileChecks;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;
import org.segloss.image.NumericArray;

/// Labels of voxels, of which each has one.
final class LabelArray {
    /// So many pairs are named.
    private static final int NAMED = 5;

    private final Geometry grid;
    private final short[] labels;
    private final SortedMap<Integer, String> names;
    /// How many voxels two labels share, by the smaller of them above 16 bits of the larger.
    private final Map<Integer, Long> shared = new TreeMap<>();

    LabelArray(Geometry grid, SortedMap<Integer, String> names) {
        this.grid = grid;
        this.names = names;
        labels = new short[Math.toIntExact(grid.voxels())];
    }

    /// {@return why there is no room for labels on a grid}
    ///
    /// @param bytes that a voxel takes
    static List<Finding> room(Geometry grid, int bytes) {
        return grid.voxels() > Integer.MAX_VALUE - 8
                ? List.of(error(
                        "its image has %d voxels".formatted(grid.voxels()),
                        "Images of up to 2^31 voxels are read: crop it."))
                : FileChecks.memory((double) grid.voxels() * bytes, FileChecks.availableMemory());
    }

    int get(int voxel) {
        return labels[voxel] & 0xFFFF;
    }

    void put(int voxel, int label) {
        labels[voxel] = (short) label;
    }

    /// Gives a voxel a label, and notes where it has another one.
    void add(int voxel, int label) {
        int other = get(voxel);
        if (other != 0 && other != label) {
            shared.merge(Math.min(other, label) << 16 | Math.max(other, label), 1L, Long::sum);
        }
        put(voxel, label);
    }

    /// {@return which labels share voxels}
    List<Finding> overlaps(String kind) {
        if (shared.isEmpty()) {
            return List.of();
        }
        var pairs = new ArrayList<String>();
        shared.forEach((pair, voxels) -> {
            if (pairs.size() < NAMED) {
                pairs.add("%s and %s share %d voxel%s"
                        .formatted(text(pair >>> 16), text(pair & 0xFFFF), voxels, voxels == 1 ? "" : "s"));
            }
        });
        String more = shared.size() > NAMED ? " and %d more pairs".formatted(shared.size() - NAMED) : "";
        return List.of(error(
                "its %s overlap: %s%s".formatted(kind, String.join(", ", pairs), more),
                "A voxel has one label: store those that overlap in files of their own."));
    }

    private String text(int label) {
        return "%d '%s'".formatted(label, Printable.quote(names.getOrDefault(label, "")));
    }

    Scan scan() {
        int largest = 0;
        for (short label : labels) {
            largest = Math.max(largest, label & 0xFFFF);
        }
        List<Integer> shape = Images.shape(grid, 1);
        if (largest > 0xFF) {
            return new Scan(grid, 1, new NumericArray(shape, ElementType.UINT16, MemorySegment.ofArray(labels)));
        }
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return new Scan(grid, 1, NumericArray.of(bytes, shape));
    }
}
