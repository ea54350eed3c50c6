package org.segloss.metric;

import java.util.Arrays;
import org.segloss.grid.Slack;

/// The distances from the points of a surface to another surface: each that occurs, in order, and how much of
/// the surface is that far away. On a grid few distances occur.
public final class SurfaceDistance {
    private final double[] distances;
    private final double[] weights;
    private final double total;

    /// @param distances in mm; infinite where there is nothing to be away from
    /// @param areas     what each stands for
    SurfaceDistance(double[] distances, double[] areas) {
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[count - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        this.distances = Arrays.copyOf(sorted, count);
        weights = new double[count];
        for (int i = 0; i < distances.length; i++) {
            weights[Arrays.binarySearch(this.distances, distances[i])] += areas[i];
        }
        total = within(Double.POSITIVE_INFINITY);
    }

    private SurfaceDistance(SurfaceDistance a, SurfaceDistance b) {
        double[] both = Arrays.copyOf(a.distances, a.distances.length + b.distances.length);
        System.arraycopy(b.distances, 0, both, a.distances.length, b.distances.length);
        distances = Arrays.stream(both).sorted().distinct().toArray();
        weights = new double[distances.length];
        for (SurfaceDistance part : new SurfaceDistance[] {a, b}) {
            for (int i = 0; i < part.distances.length; i++) {
                weights[Arrays.binarySearch(distances, part.distances[i])] += part.weights[i];
            }
        }
        total = within(Double.POSITIVE_INFINITY);
    }

    SurfaceDistance and(SurfaceDistance other) {
        return new SurfaceDistance(this, other);
    }

    /// {@return how many points the surface has, or its area in mm²}
    public double total() {
        return total;
    }

    /// {@return whether there is no point}, and no distance: it is NaN then
    public boolean isEmpty() {
        return distances.length == 0;
    }

    /// {@return the largest distance, in mm}
    public double max() {
        return isEmpty() ? Double.NaN : distances[distances.length - 1];
    }

    /// {@return the mean distance, in mm}
    public double mean() {
        double sum = 0;
        for (int i = 0; i < distances.length; i++) {
            sum += distances[i] * weights[i];
        }
        return sum / total;
    }

    /// {@return how much of the surface is at most so many mm away}, or farther by no more than rounding: [Slack]
    public double within(double tolerance) {
        double most = Slack.most(tolerance);
        double sum = 0;
        for (int i = 0; i < distances.length && distances[i] <= most; i++) {
            sum += weights[i];
        }
        return sum;
    }

    /// {@return the quantile of points that each weigh 1}, linear between the two at the ranks beside `q (n - 1)`
    public double interpolated(double q) {
        double rank = q * (total - 1);
        double below = atRank(Math.floor(rank));
        double above = atRank(Math.ceil(rank));
        return below + (above - below) * (rank - Math.floor(rank));
    }

    private double atRank(double rank) {
        if (isEmpty()) {
            return Double.NaN;
        }
        double seen = 0;
        int i = -1;
        while (seen <= rank && i < distances.length - 1) {
            seen += weights[++i];
        }
        return distances[i];
    }

    /// {@return the first distance up to which at least the share `q` of the surface is}
    public double weighted(double q) {
        if (isEmpty()) {
            return Double.NaN;
        }
        double seen = 0;
        int i = -1;
        while (seen / total < q && i < distances.length - 1) {
            seen += weights[++i];
        }
        return distances[i];
    }
}
