package org.segloss.stat;

import org.segloss.random.CounterRandom;

/// Means of samples of the units with replacement. The samples are the same for every loss and every table with as
/// many units, so that differences and ranks are paired; they follow from the seed alone.
///
/// @param means (replicate, loss): of the values' means over the seeds
/// @param overSeeds the same of samples of units and, crossed with them, of seeds; empty if there is one seed
record Bootstrap(double[][] means, double[][] overSeeds) {

    static Bootstrap of(PairedTable table, int replicates, long seed) {
        double[][] means = new double[replicates][];
        double[][] overSeeds = new double[table.seeds() > 1 ? replicates : 0][];
        int units = table.units().size();
        double[][] ofUnits = table.means();
        for (int r = 0; r < replicates; r++) {
            var random = CounterRandom.of(seed, "bootstrap units", units, r);
            int[] drawn = new int[units];
            for (int i = 0; i < units; i++) {
                drawn[i] = random.nextInt(units);
            }
            means[r] = mean(ofUnits, drawn);
            if (overSeeds.length > 0) {
                overSeeds[r] = mean(table.values(), drawn, seeds(table.seeds(), seed, r));
            }
        }
        return new Bootstrap(means, overSeeds);
    }

    private static int[] seeds(int count, long seed, int replicate) {
        var random = CounterRandom.of(seed, "bootstrap seeds", count, replicate);
        int[] drawn = new int[count];
        for (int s = 0; s < count; s++) {
            drawn[s] = random.nextInt(count);
        }
        return drawn;
    }

    private static double[] mean(double[][] values, int[] units) {
        double[] mean = new double[values[0].length];
        for (int unit : units) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += values[unit][j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= units.length;
        }
        return mean;
    }

    private static double[] mean(double[][][] values, int[] units, int[] seeds) {
        double[] mean = new double[values[0].length];
        for (int unit : units) {
            for (int j = 0; j < mean.length; j++) {
                for (int seed : seeds) {
                    mean[j] += values[unit][j][seed];
                }
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= units.length * seeds.length;
        }
        return mean;
    }

    static double[] differences(double[][] means, int a, int b) {
        double[] differences = new double[means.length];
        for (int r = 0; r < means.length; r++) {
            differences[r] = means[r][a] - means[r][b];
        }
        return differences;
    }
}
