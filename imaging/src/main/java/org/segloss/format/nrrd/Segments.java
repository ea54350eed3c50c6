package org.segloss.format.nrrd;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segloss.file.Printable;
import org.segloss.format.Finding;
import org.segloss.format.Images;
import org.segloss.format.Scan;
import org.segloss.image.ElementType;
import org.segloss.image.NumericArray;

/// The segments of a `.seg.nrrd`, as 3D Slicer names them.
///
/// Slicer keeps segments that overlap in layers, which are channels, and counts labels anew in each: numbers that
/// stand for several segments are replaced by their places in the header, from 1 on.
///
/// @param list       in the header's order
/// @param renumbered whether labels are replaced
record Segments(List<Segment> list, boolean renumbered) {
    private static final Pattern NOTE = Pattern.compile("Segment(\\d{1,6})_(Name|LabelValue|Layer)");

    /// @param number the label that it gets
    /// @param label  the number that its voxels have in its layer
    record Segment(int number, int layer, int label, String name) {}

    static Segments of(Map<String, String> notes, int layers) {
        var fields = new TreeMap<Integer, Map<String, String>>();
        notes.forEach((key, value) -> {
            Matcher note = NOTE.matcher(key);
            if (note.matches()) {
                fields.computeIfAbsent(Integer.parseInt(note.group(1)), _ -> new HashMap<>())
                        .put(note.group(2), value);
            }
        });
        var list = new ArrayList<Segment>();
        for (Map<String, String> one : fields.values()) {
            int place = list.size();
            // before Slicer 4.11 each segment had a layer of its own, with 1 in it
            list.add(new Segment(
                    place + 1,
                    whole(one.get("Layer"), layers > 1 ? place : 0),
                    whole(one.get("LabelValue"), 1),
                    one.getOrDefault("Name", "Segment_" + (place + 1)).strip()));
        }
        var labels = new HashSet<Integer>();
        boolean distinct = list.stream().allMatch(segment -> labels.add(segment.label()));
        return distinct || layers == 1
                ? new Segments(list.stream().map(Segments::kept).toList(), false)
                : new Segments(List.copyOf(list), true);
    }

    private static Segment kept(Segment segment) {
        return new Segment(segment.label(), segment.layer(), segment.label(), segment.name());
    }

    private static int whole(String text, int absent) {
        return text != null && text.strip().matches("\\d{1,9}") ? Integer.parseInt(text.strip()) : absent;
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    SortedMap<Integer, String> names() {
        var names = new TreeMap<Integer, String>();
        list.forEach(segment -> names.putIfAbsent(segment.number(), segment.name()));
        return names;
    }

    /// {@return the labels of all layers in one; nothing if an error was found}
    Optional<Scan> merged(Scan layers, List<Finding> findings) {
        int voxels = (int) layers.geometry().voxels();
        int[] labels = new int[voxels];
        int[] from = new int[voxels];
        var overlaps = new TreeMap<String, Integer>();
        for (int layer = 0; layer < layers.channels(); layer++) {
            Map<Integer, Segment> ofLayer = ofLayer(layer);
            for (int voxel = 0; voxel < voxels; voxel++) {
                double value = layers.values().get((long) layer * voxels + voxel);
                if (value == 0) {
                    continue;
                }
                Segment segment = ofLayer.get((int) value);
                if (segment == null || value != segment.label()) {
                    findings.add(error(
                            "no segment has the label %s of layer %d".formatted(value, layer),
                            "The header names label and layer of each segment (LabelValue, Layer): save it anew."));
                    return Optional.empty();
                }
                if (labels[voxel] != 0) {
                    overlaps.merge(name(from[voxel]) + " and " + Printable.quote(segment.name()), 1, Integer::sum);
                }
                labels[voxel] = segment.number();
                from[voxel] = list.indexOf(segment);
            }
        }
        if (!overlaps.isEmpty()) {
            findings.add(overlap(overlaps));
            return Optional.empty();
        }
        if (renumbered) {
            findings.add(warning(
                    "the same labels stand for several segments, in layers",
                    "They are numbered in the header's order: %s.".formatted(text())));
        }
        return Optional.of(new Scan(
                layers.geometry(),
                1,
                new NumericArray(
                        Images.shape(layers.geometry(), 1), ElementType.INT32, MemorySegment.ofArray(labels))));
    }

    private Map<Integer, Segment> ofLayer(int layer) {
        return list.stream()
                .filter(segment -> segment.layer() == layer)
                .collect(Collectors.toMap(Segment::label, segment -> segment, (one, _) -> one));
    }

    private String name(int place) {
        return Printable.quote(list.get(place).name());
    }

    private String text() {
        return list.stream()
                .limit(10)
                .map(segment -> segment.number() + " = " + Printable.quote(segment.name()))
                .collect(Collectors.joining(", ", "", list.size() > 10 ? ", ..." : ""));
    }

    private static Finding overlap(Map<String, Integer> overlaps) {
        String pairs = overlaps.entrySet().stream()
                .limit(3)
                .map(pair -> "%s (%d voxels)".formatted(pair.getKey(), pair.getValue()))
                .collect(Collectors.joining(", "));
        return error(
                "its segments overlap: " + pairs
                        + (overlaps.size() > 3 ? " and %d more pairs".formatted(overlaps.size() - 3) : ""),
                "A voxel has one label: store those that overlap in files of their own.");
    }
}
