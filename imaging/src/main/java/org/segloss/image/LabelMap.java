package org.segloss.image;

import java.util.SortedSet;
import java.util.TreeSet;

/// A segmentation whose labels may be any numbers from 0 on, as an atlas has; what networks learn are [Labels].
///
/// @param values `(z, y, x)`, x fastest
public record LabelMap(Geometry geometry, int[] values) {

    public LabelMap {
        if (values.length != geometry.voxels()) {
            throw new IllegalArgumentException("%s voxels need %d labels, but %d were given"
                    .formatted(geometry.shapeText(), geometry.voxels(), values.length));
        }
    }

    public static LabelMap of(Labels labels) {
        int[] values = new int[labels.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = labels.values()[i] & 0xFF;
        }
        return new LabelMap(labels.geometry(), values);
    }

    /// {@return the labels that are there, without 0}
    public SortedSet<Integer> labels() {
        var labels = new TreeSet<Integer>();
        int last = 0;
        for (int value : values) {
            if (value != last && value != 0) {
                labels.add(value);
            }
            last = value;
        }
        return labels;
    }
}
