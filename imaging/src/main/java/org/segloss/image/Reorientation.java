package org.segloss.image;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The way from one grid to the same one with its axes in another order or direction, as programs store one image
/// differently. Voxels are moved and none is interpolated.
///
/// @param from     the grid that there is
/// @param to       where its voxels lie, too
/// @param axes     for each of x, y and z of `to` which of x, y and z of `from` it is, from 0
/// @param backward for each of x, y and z of `to` whether it runs the other way
public record Reorientation(Geometry from, Geometry to, List<Integer> axes, List<Boolean> backward) {
    private static final List<List<Integer>> ORDERS = List.of(
            List.of(0, 1, 2), List.of(1, 0, 2), List.of(0, 2, 1), List.of(2, 1, 0), List.of(1, 2, 0), List.of(2, 0, 1));

    public Reorientation {
        axes = List.copyOf(axes);
        backward = List.copyOf(backward);
    }

    /// {@return the way from one grid to another that has the same voxels}, by [Geometry#sameGrid]; nothing if it
    /// hasn't
    public static Optional<Reorientation> between(Geometry from, Geometry to) {
        return ORDERS.stream()
                .flatMap(order -> directions().map(backward -> new Reorientation(from, to, order, backward)))
                .filter(way -> to.sameGrid(way.turned()))
                .findFirst();
    }

    /// {@return the way of a grid to the one whose x, y and z run most nearly to the right, to the front and to the
    /// head (RAS+)}, as NiBabel's `as_closest_canonical`
    ///
    /// @param from with axes that are independent
    public static Reorientation toCanonical(Geometry from) {
        CanonicalAxes found = CanonicalAxes.of(from.affine());
        Integer[] axes = new Integer[3];
        Boolean[] backward = new Boolean[3];
        for (int axis = 0; axis < 3; axis++) {
            axes[found.rows()[axis]] = axis;
            backward[found.rows()[axis]] = found.backward()[axis];
        }
        var way = new Reorientation(from, from, List.of(axes), List.of(backward));
        return way.keepsOrder() ? way : new Reorientation(from, way.turned(), way.axes, way.backward);
    }

    /// {@return the way of a grid to itself}
    public static Reorientation none(Geometry grid) {
        return new Reorientation(grid, grid, ORDERS.getFirst(), List.of(false, false, false));
    }

    /// As they are first.
    private static Stream<List<Boolean>> directions() {
        return IntStream.range(0, 8).mapToObj(bits -> List.of((bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0));
    }

    /// {@return `from` with its axes in the order and direction of `to`}
    private Geometry turned() {
        int[] size = {from.x(), from.y(), from.z()};
        double[] affine = from.affine();
        double[] turned = new double[16];
        turned[15] = 1;
        for (int row = 0; row < 3; row++) {
            double place = affine[4 * row + 3];
            for (int axis = 0; axis < 3; axis++) {
                int source = axes.get(axis);
                double step = affine[4 * row + source];
                turned[4 * row + axis] = backward.get(axis) ? -step : step;
                place += backward.get(axis) ? (size[source] - 1) * step : 0;
            }
            turned[4 * row + 3] = place;
        }
        return new Geometry(size[axes.get(0)], size[axes.get(1)], size[axes.get(2)], turned);
    }

    private boolean keepsOrder() {
        return axes.equals(List.of(0, 1, 2)) && !backward.contains(true);
    }

    /// {@return an image of `from` on `to`}
    public Volume turn(Volume image) {
        if (keepsOrder()) {
            return new Volume(to, image.channels(), image.values());
        }
        float[] turned = new float[image.values().length];
        int voxels = turned.length / image.channels();
        for (int start = 0; start < turned.length; start += voxels) {
            int first = start;
            forEach((source, target) -> turned[first + target] = image.values()[first + source]);
        }
        return new Volume(to, image.channels(), turned);
    }

    /// {@return a segmentation of `from` on `to`}
    public Labels turn(Labels labels) {
        if (keepsOrder()) {
            return new Labels(to, labels.values());
        }
        byte[] turned = new byte[labels.values().length];
        forEach((source, target) -> turned[target] = labels.values()[source]);
        return new Labels(to, turned);
    }

    /// {@return a segmentation of `from` on `to`}
    public LabelMap turn(LabelMap labels) {
        if (keepsOrder()) {
            return new LabelMap(to, labels.values());
        }
        int[] turned = new int[labels.values().length];
        forEach((source, target) -> turned[target] = labels.values()[source]);
        return new LabelMap(to, turned);
    }

    /// {@return numbers of `from`, `(z, y, x)` or `(channel, z, y, x)`, on `to`}
    public NumericArray turn(NumericArray values) {
        if (keepsOrder()) {
            return values;
        }
        int width = values.type().bytes();
        var shape = new ArrayList<>(values.shape().subList(0, values.shape().size() - 3));
        shape.addAll(List.of(to.z(), to.y(), to.x()));
        MemorySegment turned = Decoder.room(values.type(), Math.toIntExact(values.size()));
        long voxels = from.voxels() * width;
        for (long start = 0; start < values.data().byteSize(); start += voxels) {
            long first = start;
            forEach((source, target) -> MemorySegment.copy(
                    values.data(), first + (long) source * width, turned, first + (long) target * width, width));
        }
        return new NumericArray(shape, values.type(), turned);
    }

    private interface Move {
        void voxel(int source, int target);
    }

    private void forEach(Move move) {
        int[] size = {from.x(), from.y(), from.z()};
        int[] stride = {1, from.x(), from.x() * from.y()};
        int start = 0;
        int[] step = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int source = axes.get(axis);
            step[axis] = backward.get(axis) ? -stride[source] : stride[source];
            start += backward.get(axis) ? (size[source] - 1) * stride[source] : 0;
        }
        int target = 0;
        for (int z = 0; z < to.z(); z++) {
            for (int y = 0; y < to.y(); y++) {
                int source = start + z * step[2] + y * step[1];
                for (int x = 0; x < to.x(); x++) {
                    move.voxel(source, target++);
                    source += step[0];
                }
            }
        }
    }
}
