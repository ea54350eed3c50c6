package org.segloss.metric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segloss.grid.Components;
import org.segloss.grid.MaskPair;
import org.segloss.grid.Slack;

/// How the connected parts of two masks agree. Parts touch at a corner too, and over voxels that are ignored, which
/// belong with the nearest known one there; their voxels are those that are known.
///
/// @param references  how many parts the reference has
/// @param predictions how many parts the prediction has
/// @param overlaps    every two of them that share a voxel
public record ObjectMatching(int references, int predictions, List<SharedPart> overlaps) {

    /// A part of the prediction and one of the reference that share a voxel.
    ///
    /// @param prediction its number, from 1
    /// @param reference  its number, from 1
    /// @param iou        the voxels that are in both parts, of those in either
    public record SharedPart(int prediction, int reference, double iou) {}

    static final ObjectMatching NOTHING = new ObjectMatching(0, 0, List.of());

    public ObjectMatching {
        overlaps = List.copyOf(overlaps);
    }

    static ObjectMatching of(MaskPair pair) {
        int[] p = parts(pair.firstCompleted(), pair);
        int[] r = parts(pair.secondCompleted(), pair);
        Map<Integer, Integer> predicted = new HashMap<>();
        Map<Integer, Integer> expected = new HashMap<>();
        Map<Long, Integer> shared = new HashMap<>();
        for (int i = 0; i < p.length; i++) {
            if (p[i] != 0) {
                predicted.merge(p[i], 1, Integer::sum);
            }
            if (r[i] != 0) {
                expected.merge(r[i], 1, Integer::sum);
            }
            if (p[i] != 0 && r[i] != 0) {
                shared.merge((long) p[i] << 32 | r[i], 1, Integer::sum);
            }
        }
        List<SharedPart> overlaps = shared.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> {
                    int part = (int) (entry.getKey() >> 32);
                    int other = entry.getKey().intValue();
                    double union = predicted.get(part) + expected.get(other) - (double) entry.getValue();
                    return new SharedPart(part, other, entry.getValue() / union);
                })
                .toList();
        return new ObjectMatching(expected.size(), predicted.size(), overlaps);
    }

    /// {@return for each voxel that is known the number of its part, 0 outside}; numbers go from 1
    private static int[] parts(byte[] mask, MaskPair pair) {
        int[] parts = Components.of(mask, pair.grid());
        if (pair.isKnown()) {
            return parts;
        }
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] != 0) {
                // a part of which nothing is known is none
                parts[i] = pair.isKnown(i) ? numbers.computeIfAbsent(parts[i], _ -> numbers.size() + 1) : 0;
            }
        }
        return parts;
    }

    /// {@return how many parts are found: the most pairs of a part of the prediction with one of the reference, of an
    /// IoU of at least `iou`, with no part in two pairs}
    ///
    /// Which pairs these are may be open, how many is not. Up to an IoU of 1/2 a part may fit several.
    ///
    /// @param iou above 0, at most 1
    public int found(double iou) {
        var matching = new Matching();
        overlaps.stream().filter(pair -> pair.iou >= Slack.least(iou)).forEach(matching::add);
        return matching.pairs();
    }

    /// {@return the parts of the reference that aren't [found][#found]}
    public int missed(double iou) {
        return references - found(iou);
    }

    /// {@return the parts of the prediction with which none is [found][#found]}
    public int invented(double iou) {
        return predictions - found(iou);
    }

    /// {@return `2 TP / (2 TP + FP + FN)` of parts found, invented and missed}; NaN where there is no part
    public double f1(double iou) {
        return 2.0 * found(iou) / (predictions + references);
    }

    /// {@return `Σ IoU / (TP + FP/2 + FN/2)`, Kirillov et al. (2019), of parts that match with an IoU above 1/2}: each
    /// is in one pair at most
    public double panopticQuality() {
        double sum = 0;
        for (SharedPart pair : overlaps) {
            sum += pair.iou > 0.5 ? pair.iou : 0;
        }
        return sum / ((predictions + references) / 2.0);
    }

    /// Pairs are found one by one, each by the shortest way on which pairs that there are can be exchanged for one
    /// more, as Berge (1957) has it.
    private final class Matching {
        private final List<List<Integer>> candidates = Stream.generate(() -> (List<Integer>) new ArrayList<Integer>())
                .limit(references + 1L)
                .toList();

        /// What a part is paired with, 0 if nothing.
        private final int[] ofReference = new int[references + 1];

        private final int[] ofPrediction = new int[predictions + 1];

        void add(SharedPart pair) {
            candidates.get(pair.reference).add(pair.prediction);
        }

        int pairs() {
            return (int) IntStream.rangeClosed(1, references).filter(this::pair).count();
        }

        private boolean pair(int first) {
            Map<Integer, Integer> from = new HashMap<>();
            var open = new ArrayDeque<>(List.of(first));
            while (!open.isEmpty()) {
                int reference = open.remove();
                for (int prediction : candidates.get(reference)) {
                    if (from.putIfAbsent(prediction, reference) != null) {
                        continue;
                    }
                    if (ofPrediction[prediction] == 0) {
                        exchange(prediction, from);
                        return true;
                    }
                    open.add(ofPrediction[prediction]);
                }
            }
            return false;
        }

        private void exchange(int last, Map<Integer, Integer> from) {
            int prediction = last;
            while (prediction != 0) {
                int reference = from.get(prediction);
                int before = ofReference[reference];
                ofReference[reference] = prediction;
                ofPrediction[prediction] = reference;
                prediction = before;
            }
        }
    }
}
