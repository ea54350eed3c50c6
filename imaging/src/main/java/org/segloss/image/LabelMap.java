package org.segloss.image;

import java.util.HashMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A segmentation whose labels may be any whole numbers, as an atlas has, or colours; what networks learn are [Labels].
///
/// @param values `(z, y, x)`, x fastest
public record LabelMap(Geometry geometry, int[] values) {

    public LabelMap {
        if (values.length != geometry.voxels()) {
            throw new IllegalArgumentException("%s voxels need %d labels, but %d were given"
                    .formatted(geometry.shapeText(), geometry.voxels(), values.length));
        }
    }

    /// Marks a colour among numbers: the three bytes below it are red, green and blue.
    private static final int COLOUR = 1 << 24;

    /// {@return the number that a colour has}: a gray one its brightness, so that gray pictures mean the same
    ///
    /// @param rgb three bytes
    public static int colour(int rgb) {
        boolean gray = (rgb & 0xFF) == (rgb >> 8 & 0xFF) && (rgb & 0xFF) == rgb >> 16;
        return gray ? rgb & 0xFF : COLOUR | rgb;
    }

    /// {@return a number for people}: a colour as `#ff8000`
    public static String text(int number) {
        return (number & ~0xFFFFFF) == COLOUR ? "#%06x".formatted(number & 0xFFFFFF) : Integer.toString(number);
    }

    public static LabelMap of(Labels labels) {
        int[] values = new int[labels.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = labels.values()[i] & 0xFF;
        }
        return new LabelMap(labels.geometry(), values);
    }

    /// {@return how many voxels have each number}
    public SortedMap<Integer, Long> counts() {
        var counts = new HashMap<Integer, Long>();
        long run = 0;
        for (int i = 0; i < values.length; i++) {
            run++;
            if (i + 1 == values.length || values[i + 1] != values[i]) {
                counts.merge(values[i], run, Long::sum);
                run = 0;
            }
        }
        return new TreeMap<>(counts);
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
