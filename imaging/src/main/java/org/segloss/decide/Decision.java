package org.segloss.decide;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.segloss.dataset.ClassLabels;

/// A rule that makes labels of probabilities.
///
/// Where there is but one channel, it is the foreground's, and labels are 0 and 1; else they are the classes'
/// numbers.
public enum Decision {
    /// The most probable class, of equally probable ones the first; of the foreground alone 1 where its probability
    /// is at least 1/2.
    ARGMAX,

    /// Where a class's probability `p` is at least its threshold `t`, as validation cases
    /// [chose][ThresholdSearch] it.
    /// Where several classes' are, the one with the largest `p / t`, of equal ones the first; where none is, the
    /// background. With thresholds of 1/2 that is [#ARGMAX], except where no class has half of the probability:
    /// there it is the background.
    THRESHOLD,

    /// The voxels with the largest [expected Dice][ExpectedDice] of the image, for each class by itself.
    ///
    /// Classes exclude one another at a voxel, and their sets don't know of each other. A voxel in several of them
    /// goes to the class that would lose most without it, to first order: the one with the largest
    /// `(2 p - D) / (k + m)`, with `D` the expected Dice of its set, `k` the set's size and `m` the sum of the
    /// class's probabilities. So the sets are the best ones where they don't overlap, and near them where they
    /// do.
    DICE;

    /// {@return the rule that a text names}
    ///
    /// @throws IllegalArgumentException if it names none
    public static Decision parse(String text) {
        return Arrays.stream(values())
                .filter(decision -> decision.toString().equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is no decision; there are %s".formatted(text.strip(), names())));
    }

    /// {@return the rules that a text names between commas}
    ///
    /// @throws IllegalArgumentException if it names something else, or one twice
    public static List<Decision> parseList(String text) {
        List<Decision> decisions =
                Arrays.stream(text.split(",", -1)).map(Decision::parse).toList();
        for (Decision decision : decisions) {
            if (decisions.indexOf(decision) != decisions.lastIndexOf(decision)) {
                throw new IllegalArgumentException("the decision %s is named twice".formatted(decision));
            }
        }
        return decisions;
    }

    private static String names() {
        return Arrays.stream(values()).map(Decision::toString).collect(Collectors.joining(", "));
    }

    /// {@return the label of each voxel}
    ///
    /// @param thresholds one for each class but the background; only [#THRESHOLD] asks for them
    /// @throws IllegalArgumentException if it does and there are none, or others than the classes
    public byte[] labels(Probabilities probabilities, Optional<Thresholds> thresholds) {
        return switch (this) {
            case ARGMAX -> argmax(probabilities);
            case THRESHOLD ->
                thresholds
                        .orElseThrow(() -> new IllegalArgumentException("there are no thresholds"))
                        .labels(probabilities);
            case DICE -> largestExpectedDice(probabilities);
        };
    }

    /// {@return the label of each voxel of some classes}: of classes that exclude one another as
    /// [#labels(Probabilities, Optional)], of [regions][org.segloss.dataset.Region] as these paint them.
    /// Which voxels
    /// belong to a region follows from its own probabilities: those of at least 1/2, or of its threshold, or
    /// the set with
    /// the largest expected Dice.
    public byte[] labels(Probabilities probabilities, Optional<Thresholds> thresholds, ClassLabels classes) {
        return classes.regions().isEmpty()
                ? labels(probabilities, thresholds)
                : classes.painted(sets(probabilities, thresholds), probabilities.voxels());
    }

    private List<BitSet> sets(Probabilities probabilities, Optional<Thresholds> thresholds) {
        var sets = new ArrayList<BitSet>();
        for (int c = 0; c < probabilities.channels(); c++) {
            float[] own = probabilities.of(c);
            float threshold = this == THRESHOLD
                    ? (float) (double) thresholds
                            .orElseThrow(() -> new IllegalArgumentException("there are no thresholds"))
                            .of(probabilities.channels())
                            .get(c)
                    : 0.5f;
            var set = new BitSet(own.length);
            if (this == DICE) {
                for (int voxel : ExpectedDice.largest(own).voxels()) {
                    set.set(voxel);
                }
            } else {
                for (int i = 0; i < own.length; i++) {
                    set.set(i, own[i] >= threshold);
                }
            }
            sets.add(set);
        }
        return sets;
    }

    private static byte[] argmax(Probabilities probabilities) {
        byte[] labels = new byte[probabilities.voxels()];
        float[] most = probabilities.of(0);
        if (probabilities.channels() == 1) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (byte) (most[i] >= 0.5f ? 1 : 0);
            }
            return labels;
        }
        for (int c = 1; c < probabilities.channels(); c++) {
            float[] own = probabilities.of(c);
            for (int i = 0; i < labels.length; i++) {
                if (own[i] > most[i]) {
                    most[i] = own[i];
                    labels[i] = (byte) c;
                }
            }
        }
        return labels;
    }

    private static byte[] largestExpectedDice(Probabilities probabilities) {
        byte[] labels = new byte[probabilities.voxels()];
        double[] most = new double[labels.length];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        int first = probabilities.firstForeground();
        for (int c = first; c < probabilities.channels(); c++) {
            float[] own = probabilities.of(c);
            var set = ExpectedDice.largest(own);
            for (int voxel : set.voxels()) {
                double loss = (2 * (double) own[voxel] - set.dice()) / (set.voxels().length + set.expectedSize());
                if (loss > most[voxel]) {
                    most[voxel] = loss;
                    labels[voxel] = (byte) (c + 1 - first);
                }
            }
        }
        return labels;
    }

    /// {@return the name as on the command line and in files}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
