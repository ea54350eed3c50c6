package org.segloss.metric;

import java.util.HashMap;
import java.util.Map;
import org.segloss.grid.Components;
import org.segloss.grid.MaskPair;

/// How the connected parts of two masks agree. Parts touch at a corner too.
///
/// @param references  parts of the reference
/// @param predictions parts of the prediction
/// @param found       parts of the reference of which the prediction has a voxel
/// @param right       parts of the prediction of which the reference has a voxel
/// @param matches     pairs of parts whose IoU is above 1/2, so that each part is in one pair at most
/// @param matchIou    the sum of their IoU
public record ObjectMatching(int references, int predictions, int found, int right, int matches, double matchIou) {

    static ObjectMatching of(MaskPair pair) {
        int[] p = Components.of(pair.first(), pair.grid());
        int[] r = Components.of(pair.second(), pair.grid());
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
        int matches = 0;
        double matchIou = 0;
        var pairs =
                shared.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
        for (Map.Entry<Long, Integer> voxels : pairs) {
            int part = (int) (voxels.getKey() >> 32);
            int other = voxels.getKey().intValue();
            double union = predicted.get(part) + expected.get(other) - (double) voxels.getValue();
            if (voxels.getValue() > union / 2) {
                matches++;
                matchIou += voxels.getValue() / union;
            }
        }
        long found = shared.keySet().stream().map(Long::intValue).distinct().count();
        long right =
                shared.keySet().stream().map(parts -> parts >> 32).distinct().count();
        return new ObjectMatching(expected.size(), predicted.size(), (int) found, (int) right, matches, matchIou);
    }

    /// {@return the harmonic mean of the share of predicted parts that are right and of reference parts that are
    /// found}
    public double f1() {
        double precision = (double) right / predictions;
        double recall = (double) found / references;
        return right == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    /// {@return `Σ IoU / (TP + FP/2 + FN/2)`, Kirillov et al. (2019), of matching parts}
    public double panopticQuality() {
        return matchIou / ((predictions + references) / 2.0);
    }
}
