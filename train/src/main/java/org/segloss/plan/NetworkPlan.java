package org.segloss.plan;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// A network in a few numbers.
///
/// @param architecture which network
/// @param dimensions   2 or 3
/// @param inputs       image channels
/// @param outputs      logits for each voxel
/// @param width        channels of the first level; doubled on each further one
/// @param strides      from each level to the next coarser one, along (z, y, x): 2 where that one has half as many
///                     voxels, else 1
/// @param kernels      edges (z, y, x) of each level's kernels, the finest first: 3, or 1 along an axis on which voxels
///                     are too long for their neighbours to say much
/// @param heads        on how many of them, from the finest on, logits are made, which a training sets right together:
///                     deep supervision (Lee, Xie, Gallagher, Zhang and Tu 2015); 1 for the finest alone
public record NetworkPlan(
        Architecture architecture,
        int dimensions,
        int inputs,
        int outputs,
        int width,
        List<List<Integer>> strides,
        List<List<Integer>> kernels,
        int heads) {
    private static final List<Integer> NO_STRIDE = List.of(1, 1, 1);

    public NetworkPlan {
        if (dimensions != 2 && dimensions != 3) {
            throw new IllegalArgumentException("a network has 2 or 3 dimensions, not " + dimensions);
        }
        positive("input channels", inputs);
        positive("output channels", outputs);
        positive("a width", width);
        strides = strides.stream().map(List::copyOf).toList();
        int levels = checked(strides.size() + 1);
        for (List<Integer> stride : strides) {
            if (stride.size() != 3
                    || !List.of(1, 2).containsAll(stride)
                    || !stride.contains(2)
                    || dimensions == 2 && stride.getFirst() != 1) {
                throw new IllegalArgumentException("strides are 1 or 2 along (z, y, x), not all of them 1%s, but not %s"
                        .formatted(dimensions == 2 ? ", in 2 dimensions 1 along z" : "", stride));
            }
        }
        kernels = kernels.stream().map(List::copyOf).toList();
        if (kernels.size() != levels) {
            throw new IllegalArgumentException(
                    "a network with %d levels has kernels for each, not for %d".formatted(levels, kernels.size()));
        }
        for (int level = 0; level < levels; level++) {
            checkKernel(dimensions, kernels.get(level), level == 0 ? NO_STRIDE : strides.get(level - 1));
            checkKernel(dimensions, kernels.get(level), level == levels - 1 ? NO_STRIDE : strides.get(level));
        }
        if (heads < 1 || heads > Math.max(1, levels - 1)) {
            throw new IllegalArgumentException("a network with %d levels has from 1 to %d heads, not %d"
                    .formatted(levels, Math.max(1, levels - 1), heads));
        }
    }

    private static void checkKernel(int dimensions, List<Integer> kernel, List<Integer> stride) {
        if (kernel.size() != 3
                || !List.of(1, 3).containsAll(kernel)
                || dimensions == 2 && kernel.getFirst() != 1
                || IntStream.range(0, 3).anyMatch(axis -> kernel.get(axis) < stride.get(axis))) {
            throw new IllegalArgumentException(
                    "kernels have edges of 1 or 3 along (z, y, x), of 3 where the level is halved%s, but not %s beside strides of %s"
                            .formatted(dimensions == 2 ? ", in 2 dimensions of 1 along z" : "", kernel, stride));
        }
    }

    /// A network whose levels are halved along all axes, with kernels of edge 3.
    ///
    /// @param levels resolutions, the first included
    public NetworkPlan(
            Architecture architecture, int dimensions, int inputs, int outputs, int width, int levels, int heads) {
        this(
                architecture,
                dimensions,
                inputs,
                outputs,
                width,
                Collections.nCopies(checked(levels) - 1, List.of(dimensions == 2 ? 1 : 2, 2, 2)),
                Collections.nCopies(levels, List.of(dimensions == 2 ? 1 : 3, 3, 3)),
                heads);
    }

    /// {@return the number of levels}
    ///
    /// @throws IllegalArgumentException if no network has so many
    public static int checked(int levels) {
        positive("levels", levels);
        if (levels > 8) {
            throw new IllegalArgumentException("a network has at most 8 levels, not " + levels);
        }
        return levels;
    }

    private static void positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("a network needs %s of at least 1, not %d".formatted(what, value));
        }
    }

    /// {@return how many resolutions it has}
    public int levels() {
        return strides.size() + 1;
    }

    /// {@return what each edge (z, y, x) of an image has to be a multiple of, because levels halve it}
    public int[] multiples() {
        return multiples(strides);
    }

    /// {@return the same of any network with these strides}
    public static int[] multiples(List<List<Integer>> strides) {
        int[] multiples = {1, 1, 1};
        for (List<Integer> stride : strides) {
            for (int axis = 0; axis < 3; axis++) {
                multiples[axis] *= stride.get(axis);
            }
        }
        return multiples;
    }

    /// {@return how a level's voxels are reached from the next finer one's}, along the axes of the network
    ///
    /// @param level 0 being the full resolution, which is where it begins
    public int[] stride(int level) {
        return alongAxes(level == 0 ? NO_STRIDE : strides.get(level - 1));
    }

    /// {@return the edges of a level's kernels}, along the axes of the network
    public int[] kernel(int level) {
        return alongAxes(kernels.get(level));
    }

    private int[] alongAxes(List<Integer> ofSpace) {
        return ofSpace.stream()
                .skip(3L - dimensions)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// {@return the channels of a level, 0 being the full resolution}
    public int channels(int level) {
        return width << level;
    }
}
