package org.segloss.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.segloss.image.Geometry;
import org.segloss.layout.Problem;

/// Files that are unlike all others of their data set: another size of grid, of voxels, of the foreground, or
/// another range of numbers.
///
/// A number is far off if it is a large factor from the median, and also ten times as far as the files
/// usually are (the median of the distances, in logarithms): a data set that varies much has no outliers. It
/// takes three files to say so.
final class Outliers {
    private static final double DEVIATIONS = 10;

    /// @param factor from the median that is too much, whatever the others do
    private record Measure(ToDoubleFunction<FileFacts> value, double factor, Function<FileFacts, String> text) {}

    private static final List<Measure> OF_GRIDS = List.of(
            new Measure(f -> grid(f).voxels(), 30, f -> grid(f).shapeText() + " voxels"),
            new Measure(f -> grid(f).spacing()[0], 4, f -> "voxels of " + grid(f).spacingText()),
            new Measure(f -> grid(f).spacing()[1], 4, f -> "voxels of " + grid(f).spacingText()),
            new Measure(f -> grid(f).spacing()[2], 4, f -> "voxels of " + grid(f).spacingText()));

    private static final Measure OF_FOREGROUND =
            new Measure(Outliers::foreground, 10, f -> "%.0f mm³ of foreground".formatted(foreground(f)));

    private static final Measure OF_NUMBERS =
            new Measure(FileFacts::range, 1000, f -> Float.toString((float) f.range()));

    private Outliers() {}

    static List<Problem> find(List<FileFacts> images, List<FileFacts> labels) {
        var readImages = images.stream().filter(f -> f.geometry().isPresent()).toList();
        var readLabels = labels.stream().filter(f -> f.geometry().isPresent()).toList();
        var problems = new ArrayList<Problem>();
        Map<FileFacts, List<String>> oddImages = new LinkedHashMap<>();
        OF_GRIDS.forEach(measure -> collect(readImages, measure, oddImages));
        problems.addAll(problems(oddImages));
        Map<FileFacts, List<String>> oddLabels = new LinkedHashMap<>();
        OF_GRIDS.forEach(measure -> collect(readLabels, measure, oddLabels));
        var filled = readLabels.stream().filter(f -> f.foreground() > 0).toList();
        collect(filled, OF_FOREGROUND, oddLabels);
        oddLabels.forEach((file, reasons) -> otherLabels(file, readLabels, reasons));
        problems.addAll(problems(oddLabels));
        problems.addAll(ranges(readImages));
        problems.addAll(orientations(readImages));
        return problems;
    }

    private static Geometry grid(FileFacts file) {
        return file.geometry().orElseThrow();
    }

    private static double foreground(FileFacts file) {
        double[] spacing = grid(file).spacing();
        return file.foreground() * spacing[0] * spacing[1] * spacing[2];
    }

    private static void collect(List<FileFacts> files, Measure measure, Map<FileFacts, List<String>> odd) {
        farOff(files, measure).forEach((file, reason) -> {
            List<String> reasons = odd.computeIfAbsent(file, _ -> new ArrayList<>());
            if (!reasons.contains(reason)) {
                reasons.add(reason);
            }
        });
    }

    private static Map<FileFacts, String> farOff(List<FileFacts> files, Measure measure) {
        var odd = new LinkedHashMap<FileFacts, String>();
        if (files.size() < 3) {
            return odd;
        }
        double[] logs = files.stream()
                .mapToDouble(file -> Math.log(measure.value().applyAsDouble(file)))
                .toArray();
        double median = median(logs);
        double usual =
                median(Arrays.stream(logs).map(log -> Math.abs(log - median)).toArray());
        double limit = Math.max(Math.log(measure.factor()), DEVIATIONS * usual);
        for (int i = 0; i < logs.length; i++) {
            if (Math.abs(logs[i] - median) > limit) {
                FileFacts typical = nearest(files, logs, median);
                odd.put(
                        files.get(i),
                        "%s (usual are %s)"
                                .formatted(
                                        measure.text().apply(files.get(i)),
                                        measure.text().apply(typical)));
            }
        }
        return odd;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static FileFacts nearest(List<FileFacts> files, double[] logs, double median) {
        int nearest = 0;
        for (int i = 1; i < logs.length; i++) {
            nearest = Math.abs(logs[i] - median) < Math.abs(logs[nearest] - median) ? i : nearest;
        }
        return files.get(nearest);
    }

    /// Fewer labels than others is common, and odd only in a file that is odd in another way.
    private static void otherLabels(FileFacts file, List<FileFacts> all, List<String> reasons) {
        List<Integer> usual =
                all.stream()
                        .collect(Collectors.groupingBy(FileFacts::values, Collectors.counting()))
                        .entrySet()
                        .stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey();
        if (!file.values().equals(usual)) {
            reasons.add("the labels %s (usual are %s)".formatted(file.values(), usual));
        }
    }

    private static List<Problem> problems(Map<FileFacts, List<String>> odd) {
        var problems = new ArrayList<Problem>();
        odd.forEach((file, reasons) -> problems.add(Problem.warning(
                file.file(),
                "this file is unlike the others: " + String.join(", ", reasons),
                "It may come from elsewhere: check that it belongs here.")));
        return problems;
    }

    /// One warning for all: a group of images from another scanner is common, and harmless where each is
    /// normalized.
    private static List<Problem> ranges(List<FileFacts> images) {
        var usable = images.stream().filter(f -> f.range() > 0).toList();
        Map<FileFacts, String> odd = farOff(usable, OF_NUMBERS);
        if (odd.isEmpty()) {
            return List.of();
        }
        FileFacts first = odd.keySet().iterator().next();
        return List.of(
                Problem.warning(
                        first.file(),
                        "the numbers of %d images span another range, here %s".formatted(odd.size(), odd.get(first)),
                        "Check the units; training brings each image to mean 0 and deviation 1, but those of CT to one scale."));
    }

    /// Volumes are brought to one orientation, but planes are taken as they are stored.
    private static List<Problem> orientations(List<FileFacts> images) {
        if (images.stream().anyMatch(f -> !grid(f).isPlane())) {
            return List.of();
        }
        Map<String, List<FileFacts>> stored = images.stream()
                .collect(Collectors.groupingBy(f -> grid(f).orientation(), LinkedHashMap::new, Collectors.toList()));
        if (stored.size() < 2) {
            return List.of();
        }
        String usual = stored.keySet().stream()
                .max(Comparator.comparingInt(
                        orientation -> stored.get(orientation).size()))
                .orElseThrow();
        var others = images.stream()
                .filter(f -> !grid(f).orientation().equals(usual))
                .toList();
        return List.of(
                Problem.warning(
                        others.getFirst().file(),
                        "%d of %d images are stored in another orientation, here %s (usual is %s)"
                                .formatted(
                                        others.size(),
                                        images.size(),
                                        grid(others.getFirst()).orientation(),
                                        usual),
                        "A network sees the pixels of single slices in the order in which they are stored and would mix up left and right, or axes: bring all files into one orientation."));
    }
}
