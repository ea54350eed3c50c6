package org.segloss.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.segloss.file.Printable;
import tools.jackson.databind.JsonNode;

/// A region as nnU-Net's `dataset.json` declares it: `"labels": {"whole tumor": [1, 2, 3], ...}` with
/// `"regions_class_order": [1, 2, 3]`.
///
/// @param values of the files' labels that belong to it
/// @param paints the value that it paints
record DeclaredRegion(String name, SortedSet<Integer> values, int paints) {
    private static final String ORDER = "regions_class_order";

    /// {@return the regions that a file declares, in its order}; nothing where each label has one value
    static List<DeclaredRegion> read(Path file, JsonNode json) throws IOException {
        var declared = new ArrayList<Map.Entry<String, JsonNode>>();
        boolean some = false;
        for (var entry : json.path("labels").properties()) {
            some |= entry.getValue().isArray();
            if (!entry.getKey().equals(ClassLabels.IGNORE) && !isBackground(entry.getValue())) {
                declared.add(entry);
            }
        }
        if (!some) {
            return List.of();
        }
        JsonNode order = json.path(ORDER);
        if (order.size() != declared.size()
                || IntStream.range(0, order.size()).anyMatch(i -> !order.get(i).isInt())) {
            throw new IOException(
                    "%s: '%s' is %s, but there are %d regions: %s. It lists for each region in turn the label that it paints, such as [1, 2, 3]."
                            .formatted(
                                    file,
                                    ORDER,
                                    order.isMissingNode() ? "missing" : order,
                                    declared.size(),
                                    String.join(
                                            ", ",
                                            declared.stream()
                                                    .map(Map.Entry::getKey)
                                                    .toList())));
        }
        var regions = new ArrayList<DeclaredRegion>();
        for (int i = 0; i < declared.size(); i++) {
            regions.add(region(file, declared.get(i), order.get(i).intValue()));
        }
        return regions;
    }

    private static boolean isBackground(JsonNode value) {
        return value.isInt() && value.intValue() == 0
                || value.isArray() && value.size() == 1 && isBackground(value.get(0));
    }

    private static DeclaredRegion region(Path file, Map.Entry<String, JsonNode> entry, int paints) throws IOException {
        var values = new TreeSet<Integer>();
        boolean sound = true;
        for (JsonNode value : entry.getValue().isArray() ? entry.getValue() : List.of(entry.getValue())) {
            sound &= DatasetJson.isNumber(value.asString("")) && value.asInt(0) > 0;
            values.add(value.asInt(0));
        }
        String name = entry.getKey();
        if (!sound || values.isEmpty()) {
            throw new IOException("%s: the region '%s' has the labels %s. They are whole numbers above 0, at least one."
                    .formatted(file, Printable.quote(name), entry.getValue()));
        }
        if (name.isBlank() || name.equals("mean") || name.chars().anyMatch(Character::isISOControl)) {
            throw new IOException(
                    "%s: the region '%s' can't have that name. Rename it.".formatted(file, Printable.quote(name)));
        }
        return new DeclaredRegion(name, values, paints);
    }
}
