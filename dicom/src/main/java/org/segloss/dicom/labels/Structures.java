package org.segloss.dicom.labels;

import static org.segloss.format.Finding.error;
import static org.segloss.format.Finding.warning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.segloss.dicom.part10.DataSet;
import org.segloss.dicom.part10.Tag;
import org.segloss.dicom.series.References;
import org.segloss.file.Printable;
import org.segloss.format.Finding;
import org.segloss.format.Scan;
import org.segloss.image.Geometry;

/// Outlines (RTSTRUCT): regions of interest, each with closed polygons in slices of an image.
///
/// Regions have labels from 1 on, in the order of their numbers. A voxel belongs to a region where its centre lies
/// within an odd number of the region's outlines, so that one within another is a hole. A centre on an outline is
/// inside at its left and upper edges.
///
/// @param outlines of each label: `x, y, z` of point after point, in mm to the left, to the back and up
/// @param ignored  outlines that are points or open lines
public record Structures(
        SortedMap<Integer, String> names,
        SortedMap<Integer, List<double[]>> outlines,
        int ignored,
        References references) {
    private static final int MOST_REGIONS = 0xFFFF;

    /// An outline is so far from the middle of its slice, in slices.
    private static final double NEAR = 0.3;

    /// @throws IOException if the file is damaged
    public static Structures of(DataSet data) throws IOException {
        var regions = new TreeMap<Integer, String>();
        for (DataSet region : data.items(Tag.STRUCTURE_SET_ROI_SEQUENCE)) {
            OptionalInt number = region.integer(Tag.ROI_NUMBER, "IS");
            if (number.isEmpty()) {
                throw new IOException("one of its regions (ROI) has no number");
            }
            regions.put(number.getAsInt(), region.text(Tag.ROI_NAME));
        }
        if (regions.size() > MOST_REGIONS) {
            throw new IOException("it has %d regions (ROI)".formatted(regions.size()));
        }
        Map<Integer, Integer> labels = new HashMap<>();
        var names = new TreeMap<Integer, String>();
        regions.forEach((number, name) -> {
            labels.put(number, labels.size() + 1);
            names.put(labels.size(), name);
        });
        var outlines = new TreeMap<Integer, List<double[]>>();
        int ignored = 0;
        for (DataSet region : data.items(Tag.ROI_CONTOUR_SEQUENCE)) {
            OptionalInt number = region.integer(Tag.REFERENCED_ROI_NUMBER, "IS");
            if (number.isEmpty() || !labels.containsKey(number.getAsInt())) {
                throw new IOException("it has outlines of a region (ROI) that it doesn't name");
            }
            List<double[]> polygons = outlines.computeIfAbsent(labels.get(number.getAsInt()), _ -> new ArrayList<>());
            for (DataSet contour : region.items(Tag.CONTOUR_SEQUENCE)) {
                if (!contour.text(Tag.CONTOUR_GEOMETRIC_TYPE).startsWith("CLOSED")) {
                    ignored++;
                    continue;
                }
                polygons.add(points(contour));
            }
        }
        return new Structures(names, outlines, ignored, References.of(data));
    }

    private static double[] points(DataSet contour) throws IOException {
        double[] points = contour.numbers(Tag.CONTOUR_DATA, "DS");
        if (points.length == 0 || points.length % 3 != 0) {
            throw new IOException("one of its outlines has %d numbers, which are no points".formatted(points.length));
        }
        for (double number : points) {
            if (!Double.isFinite(number)) {
                throw new IOException("one of its outlines has points that are nowhere");
            }
        }
        return points;
    }

    /// {@return the labels on a grid}; nothing if an error was found
    public Optional<Scan> labels(Geometry grid, List<Finding> findings) {
        findings.addAll(LabelArray.room(grid, 3));
        if (findings.stream().anyMatch(Finding::isError)) {
            return Optional.empty();
        }
        if (ignored > 0) {
            findings.add(warning(
                    "%d of its outlines are points or open lines".formatted(ignored), "They enclose no voxel."));
        }
        var map = new GridMap(grid);
        var labels = new LabelArray(grid, names);
        int outside = 0;
        for (Map.Entry<Integer, List<double[]>> region : outlines.entrySet()) {
            Map<Integer, List<double[]>> slices = new TreeMap<>();
            for (double[] outline : region.getValue()) {
                double[] flat = new double[outline.length / 3 * 2];
                Optional<Integer> slice = slice(map, outline, flat);
                if (slice.isEmpty()) {
                    findings.add(error(
                            "outlines of its region %d '%s' lie across the slices of its image, or between them"
                                    .formatted(
                                            region.getKey(), Printable.quote(names.getOrDefault(region.getKey(), ""))),
                            "Give the series that it was drawn on."));
                    return Optional.empty();
                }
                if (slice.get() < 0 || slice.get() >= grid.z()) {
                    outside++;
                } else {
                    slices.computeIfAbsent(slice.get(), _ -> new ArrayList<>()).add(flat);
                }
            }
            slices.forEach((slice, polygons) -> new Polygons(polygons)
                    .fill(
                            grid.x(),
                            grid.y(),
                            pixel -> labels.add(slice * grid.x() * grid.y() + pixel, region.getKey())));
        }
        if (outside > 0) {
            findings.add(error(
                    "%d of its outlines lie outside of its image".formatted(outside),
                    "Give the whole series that it was drawn on."));
        }
        findings.addAll(labels.overlaps("regions"));
        return findings.stream().anyMatch(Finding::isError) ? Optional.empty() : Optional.of(labels.scan());
    }

    /// {@return the slice that an outline lies in}; nothing if it is in none
    ///
    /// @param flat gets its points in columns and rows
    private static Optional<Integer> slice(GridMap map, double[] outline, double[] flat) {
        double slice = Double.NaN;
        for (int i = 0; i < flat.length / 2; i++) {
            double[] voxel = map.voxel(outline[3 * i], outline[3 * i + 1], outline[3 * i + 2]);
            flat[2 * i] = voxel[0];
            flat[2 * i + 1] = voxel[1];
            slice = i == 0 ? Math.rint(voxel[2]) : slice;
            if (!(Math.abs(voxel[2] - slice) <= NEAR)) {
                return Optional.empty();
            }
        }
        return Optional.of((int) slice);
    }
}
