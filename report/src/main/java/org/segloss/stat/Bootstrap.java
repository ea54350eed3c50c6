package org.segloss.stat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.segloss.random.CounterRandom;

/// Means of samples of the units with replacement. The samples are the same for every loss and every table with as
/// many units, so that differences and ranks are paired; they follow from the seed alone.
///
/// @param means (replicate, loss): of the values' means over the seeds
/// @param overSeeds the same of samples of units and, crossed with them, of seeds; empty if there is one seed
record Bootstrap(double[][] means, double[][] overSeeds) {
    /// Sums that are kept in registers side by side: a billion units are drawn of a large table.
    private static final int LANES = 4;

    static Bootstrap of(PairedTable table, int replicates, long seed) {
        double[][] means = new double[replicates][];
        double[][] overSeeds = new double[table.seeds() > 1 ? replicates : 0][];
        int units = table.units().size();
        int losses = table.losses().size();
        double[] ofUnits = flat(table.means());
        double[] ofSeeds = table.seeds() > 1 ? flat(bySeeds(table.values())) : new double[0];
        // a stream of draws belongs to its replicate, whichever thread takes it
        IntStream.range(0, replicates).parallel().forEach(r -> {
            int[] drawn = units(units, seed, r);
            means[r] = mean(ofUnits, losses, drawn);
            if (overSeeds.length > 0) {
                overSeeds[r] = mean(ofSeeds, losses, crossed(drawn, seeds(table.seeds(), seed, r)));
            }
        });
        return new Bootstrap(means, overSeeds);
    }

    /// (unit, loss, seed) as rows of losses, one for each seed of each unit.
    private static double[][] bySeeds(double[][][] values) {
        int seeds = values[0][0].length;
        double[][] rows = new double[values.length * seeds][values[0].length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = values[i / seeds][j][i % seeds];
            }
        }
        return rows;
    }

    /// {@return the rows of all seeds that were drawn of all units that were}
    private static int[] crossed(int[] units, int[] seeds) {
        int[] rows = new int[Math.multiplyExact(units.length, seeds.length)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = units[i / seeds.length] * seeds.length + seeds[i % seeds.length];
        }
        return rows;
    }

    /// One row after the other, each filled up with zeros to a multiple of [#LANES].
    private static double[] flat(double[][] rows) {
        int width = width(rows[0].length);
        double[] flat = new double[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, rows[i].length);
        }
        return flat;
    }

    private static int width(int losses) {
        return Math.ceilDiv(losses, LANES) * LANES;
    }

    private static int[] units(int count, long seed, int replicate) {
        int[] drawn = new int[count];
        CounterRandom.of(seed, "bootstrap units", count, replicate).fill(drawn, count);
        return drawn;
    }

    private static int[] seeds(int count, long seed, int replicate) {
        int[] drawn = new int[count];
        CounterRandom.of(seed, "bootstrap seeds", count, replicate).fill(drawn, count);
        return drawn;
    }

    private static double[] mean(double[] values, int losses, int[] rows) {
        int width = width(losses);
        double[] mean = new double[width];
        for (int j = 0; j < width; j += LANES) {
            double first = 0;
            double second = 0;
            double third = 0;
            double fourth = 0;
            for (int row : rows) {
                int at = row * width + j;
                first += values[at];
                second += values[at + 1];
                third += values[at + 2];
                fourth += values[at + 3];
            }
            mean[j] = first / rows.length;
            mean[j + 1] = second / rows.length;
            mean[j + 2] = third / rows.length;
            mean[j + 3] = fourth / rows.length;
        }
        return Arrays.copyOf(mean, losses);
    }

    static double[] differences(double[][] means, int a, int b) {
        double[] differences = new double[means.length];
        for (int r = 0; r < means.length; r++) {
            differences[r] = means[r][a] - means[r][b];
        }
        return differences;
    }
}
