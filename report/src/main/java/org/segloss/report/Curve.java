package org.segloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.segloss.run.LossFolder;
import org.segloss.run.StepTable;

/// What one training did.
///
/// @param run        which of several, such as `fold 0, seed 1`; empty if there is one
/// @param points     `step, loss, smoothed loss`; of a long training only some steps
/// @param validation `step, Dice on the validation cases`
public record Curve(String loss, String run, List<double[]> points, List<double[]> validation) {
    /// More points than a drawing has columns show nothing more.
    private static final int MOST = 400;

    /// The columns that are shown; a diverged training's last value is left out.
    static Curve read(String loss, String run, LossFolder folder) throws IOException {
        List<double[]> validation =
                Files.exists(folder.validation()) ? StepTable.read(folder.validation(), "dice") : List.of();
        return new Curve(loss, run, thin(smoothed(StepTable.read(folder.training(), "loss"))), validation);
    }

    /// The mean over a window around each step. At the start, where a loss falls fast, the window is narrow; at the end
    /// it reaches back as far as ever, or the last step's noise would look like a turn.
    private static List<double[]> smoothed(List<double[]> steps) {
        int n = steps.size();
        int reach = Math.max(2, n / 40);
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + steps.get(i)[1];
        }
        var points = new ArrayList<double[]>();
        for (int i = 0; i < n; i++) {
            int from = i - Math.min(reach, i);
            int to = Math.min(n - 1, i + Math.min(reach, i));
            double mean = (sums[to + 1] - sums[from]) / (to + 1 - from);
            points.add(new double[] {steps.get(i)[0], steps.get(i)[1], mean});
        }
        return points;
    }

    private static List<double[]> thin(List<double[]> points) {
        int every = Math.ceilDiv(points.size(), MOST);
        var some = new ArrayList<double[]>();
        for (int i = 0; i < points.size(); i++) {
            if (i % every == 0 || i == points.size() - 1) {
                some.add(points.get(i));
            }
        }
        return some;
    }
}
