package org.segloss.decide;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.segloss.dataset.ClassLabels;

/// Looks for each class's [threshold][Thresholds] with the largest mean Dice over cases, from 0.01 to 0.99 in
/// steps of
/// 0.01.
///
/// A class is looked at as if it were alone. Where neither the reference nor the set has a voxel, the Dice is 1. Of
/// thresholds that are equally good the one nearest to 0.5 is taken, of two the smaller. Cases are counted
/// one after
/// the other, and none is kept.
public final class ThresholdSearch {
    private static final int STEPS = 100;
    private static final double SAME = 1e-12;

    private final double[][] sums;
    private final ClassLabels labels;
    private int cases;

    /// @param classes how many there are beside the background
    public ThresholdSearch(int classes) {
        this(ClassLabels.of(IntStream.rangeClosed(0, classes)
                .mapToObj(label -> "label " + label)
                .toList()));
    }

    /// @param labels those that probabilities are of: the classes beside the background, or the regions
    public ThresholdSearch(ClassLabels labels) {
        this.labels = labels;
        int classes = labels.regions().isEmpty() ? labels.names().size() - 1 : labels.channels();
        sums = new double[classes][STEPS];
    }

    /// Counts a case. One whose voxels are all ignored says nothing.
    ///
    /// @param reference label of each voxel, from 0 to 255; where there is but one channel, any but 0 is the
    /// foreground
    /// @param ignored   labels of the reference that say that nothing is known
    public void add(Probabilities probabilities, byte[] reference, Set<Integer> ignored) {
        boolean regions = !labels.regions().isEmpty();
        int first = regions ? 0 : probabilities.firstForeground();
        if (probabilities.channels() - first != sums.length || probabilities.voxels() != reference.length) {
            throw new IllegalArgumentException("%d channels of %d voxels, but %d classes and a reference of %d voxels"
                    .formatted(probabilities.channels(), probabilities.voxels(), sums.length, reference.length));
        }
        boolean[] unknown = new boolean[256];
        ignored.forEach(label -> unknown[label] = true);
        boolean known = false;
        for (byte label : reference) {
            known |= !unknown[label & 0xFF];
        }
        if (!known) {
            return;
        }
        cases++;
        for (int c = 0; c < sums.length; c++) {
            var members = regions ? labels.membership(c) : new boolean[256];
            if (!regions && probabilities.channels() == 1) {
                Arrays.fill(members, 1, members.length, true);
            } else if (!regions) {
                members[c + 1] = true;
            }
            add(sums[c], probabilities.of(first + c), reference, members, unknown);
        }
    }

    /// @param members which labels are the class's
    private static void add(double[] sums, float[] own, byte[] reference, boolean[] members, boolean[] unknown) {
        // by the largest threshold that a voxel reaches
        long[] all = new long[STEPS];
        long[] right = new long[STEPS];
        long size = 0;
        for (int i = 0; i < own.length; i++) {
            int there = reference[i] & 0xFF;
            if (unknown[there]) {
                continue;
            }
            int step = step(own[i]);
            all[step]++;
            if (members[there]) {
                right[step]++;
                size++;
            }
        }
        long set = 0;
        long common = 0;
        for (int step = STEPS - 1; step > 0; step--) {
            set += all[step];
            common += right[step];
            sums[step] += size + set == 0 ? 1 : 2.0 * common / (size + set);
        }
    }

    private static int step(float probability) {
        int step = Math.clamp((int) (probability * STEPS), 0, STEPS - 1);
        // a product is rounded; what counts is the comparison that Thresholds makes
        while (step < STEPS - 1 && probability >= threshold(step + 1)) {
            step++;
        }
        while (step > 0 && probability < threshold(step)) {
            step--;
        }
        return step;
    }

    private static float threshold(int step) {
        return (float) ((double) step / STEPS);
    }

    /// {@return the thresholds}
    ///
    /// @throws IllegalStateException if no case said anything
    public Thresholds best() {
        if (cases == 0) {
            throw new IllegalStateException("nothing is known of any case that could choose a threshold");
        }
        List<Double> best = new ArrayList<>();
        for (double[] own : sums) {
            int middle = STEPS / 2;
            int found = middle;
            for (int away = 1; away < middle; away++) {
                for (int step : new int[] {middle - away, middle + away}) {
                    if (own[step] > own[found] + SAME * cases) {
                        found = step;
                    }
                }
            }
            best.add((double) found / STEPS);
        }
        return new Thresholds(best);
    }
}
