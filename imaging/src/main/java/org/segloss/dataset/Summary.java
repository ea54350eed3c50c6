package org.segloss.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.segloss.format.ImageInfo;
import org.segloss.image.Geometry;
import org.segloss.layout.Found;
import org.segloss.layout.Layouts;

/// What a folder was understood as, in one sentence: how many cases there are, of which channels and labels,
/// how large their voxels are, and how the files are arranged.
final class Summary {
    /// So many names of classes are worth their place in it.
    private static final int NAMED = 8;

    private Summary() {}

    /// @param infos of the cases' images
    static String of(Found found, int channels, ClassLabels classes, List<ImageInfo> infos) {
        var parts = new ArrayList<String>();
        parts.add(Layouts.count(infos.size(), "case"));
        parts.add(Layouts.count(channels, "channel")
                + (found.channels().size() > 1 ? " (%s)".formatted(String.join(", ", found.channels())) : ""));
        parts.add(
                switch (classes.marking()) {
                    case CLASSES ->
                        labels(
                                "label",
                                classes.names().subList(1, classes.names().size()));
                    case REGIONS, OVERLAPPING -> labels("region", regions(classes));
                    case RATERS -> labels("rater", regions(classes));
                    case PROBABILITIES -> "probabilities of a foreground";
                });
        parts.add(sizes(infos.stream().map(ImageInfo::geometry).toList()));
        parts.add("found as " + found.words());
        return String.join(", ", parts);
    }

    private static List<String> regions(ClassLabels classes) {
        return classes.regions().stream().map(Region::name).toList();
    }

    private static String labels(String what, List<String> names) {
        return names.size() <= NAMED
                ? "%s: %s".formatted(Layouts.count(names.size(), what), String.join(", ", names))
                : "%s, %s to %s".formatted(Layouts.count(names.size(), what), names.getFirst(), names.getLast());
    }

    private static String sizes(List<Geometry> grids) {
        if (grids.stream().allMatch(grid -> grid.asPlane().z() == 1)) {
            return ends(
                    grids,
                    grid -> new double[] {grid.asPlane().x(), grid.asPlane().y()},
                    "pixels");
        }
        return "spacing " + ends(grids, Geometry::spacing, "mm");
    }

    /// {@return the only one of some lists of numbers, or along each axis the least and the largest}
    private static String ends(List<Geometry> grids, Function<Geometry, double[]> numbers, String unit) {
        double[] least = numbers.apply(grids.getFirst());
        double[] most = least.clone();
        for (Geometry grid : grids) {
            double[] own = numbers.apply(grid);
            for (int axis = 0; axis < own.length; axis++) {
                least[axis] = Math.min(least[axis], own[axis]);
                most[axis] = Math.max(most[axis], own[axis]);
            }
        }
        String from = text(least);
        String to = text(most);
        return "%s %s".formatted(from.equals(to) ? from : "%s to %s".formatted(from, to), unit);
    }

    private static String text(double[] numbers) {
        List<String> texts = Arrays.stream(numbers)
                .mapToObj(number -> String.format(Locale.ROOT, "%.4g", number)
                        .replaceFirst("(\\.\\d*?)0+$", "$1")
                        .replaceFirst("\\.$", ""))
                .toList();
        // cubes and squares in one number
        return texts.stream().distinct().count() == 1 && texts.size() == 3
                ? texts.getFirst()
                : String.join(" x ", texts);
    }
}
