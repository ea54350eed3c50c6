package org.segloss.metric;

import java.util.HashMap;
import java.util.Map;
import org.segloss.grid.Components;
import org.segloss.grid.Grid;

/// How the connected parts of two masks agree. Parts touch at a corner too.
///
/// @param references  parts of the reference
/// @param predictions parts of the prediction
/// @param found       parts of the reference of which the prediction has a voxel
/// @param right       parts of the prediction of which the reference has a voxel
/// @param matches     pairs of parts whose IoU is above 1/2, so that each part is in one pair at most
/// @param matchIou    the sum of their IoU
record Objects(int references, int predictions, int found, int right, int matches, double matchIou) {

    static Objects of(byte[] prediction, byte[] reference, Grid grid) {
        int[] p = Components.of(prediction, grid);
        int[] r = Components.of(reference, grid);
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
        for (Map.Entry<Long, Integer> pair : pairs) {
            int part = (int) (pair.getKey() >> 32);
            int other = pair.getKey().intValue();
            double union = predicted.get(part) + expected.get(other) - (double) pair.getValue();
            if (pair.getValue() > union / 2) {
                matches++;
                matchIou += pair.getValue() / union;
            }
        }
        long found = shared.keySet().stream().map(Long::intValue).distinct().count();
        long right = shared.keySet().stream().map(pair -> pair >> 32).distinct().count();
        return new Objects(expected.size(), predicted.size(), (int) found, (int) right, matches, matchIou);
    }

    /// The harmonic mean of the share of predicted parts that are right and that of reference parts that are found.
    double f1() {
        double precision = (double) right / predictions;
        double recall = (double) found / references;
        return right == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    /// `Σ IoU / (TP + FP/2 + FN/2)`, Kirillov et al. (2019), of matching parts.
    double panopticQuality() {
        return matchIou / ((predictions + references) / 2.0);
    }
}
