package org.segloss.stat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.loss.Check;

/// One metric of the same cases under several losses and seeds.
///
/// Cases that belong together, such as two organs of one person, are no independent witnesses: the mean over the
/// cases of a group is one *unit*, and every unit counts the same.
public final class PairedTable {
    /// Of the larger of two values: their difference is no more than rounding.
    private static final double ROUNDING = 1e-12;

    private final List<String> losses;
    private final List<String> units;
    private final double[][][] values;
    private final boolean higherIsBetter;
    private final List<Integer> folds;

    private PairedTable(
            List<String> losses, List<String> units, double[][][] values, boolean higherIsBetter, List<Integer> folds) {
        this.losses = losses;
        this.units = units;
        this.values = values;
        this.higherIsBetter = higherIsBetter;
        this.folds = folds;
    }

    /// The cases were tested by networks of one training set.
    public static PairedTable of(
            List<String> losses, List<String> cases, List<String> groups, double[][][] values, boolean higherIsBetter) {
        return of(losses, cases, groups, Optional.of(Collections.nCopies(cases.size(), 0)), values, higherIsBetter);
    }

    /// @param losses names, at least one
    /// @param cases names, at least one
    /// @param groups the group of each case; a case of its own is its own group
    /// @param folds in which each case was tested; none if that is another one under other seeds
    /// @param values (case, loss, seed), all finite, with the same seeds throughout
    /// @param higherIsBetter whether a higher value is the better one
    /// @throws IllegalArgumentException if a value is missing (NaN) or infinite; the message names it
    public static PairedTable of(
            List<String> losses,
            List<String> cases,
            List<String> groups,
            Optional<List<Integer>> folds,
            double[][][] values,
            boolean higherIsBetter) {
        Check.that(!losses.isEmpty() && !cases.isEmpty(), "there is nothing to compare: no loss, or no case");
        Check.that(
                groups.size() == cases.size() && values.length == cases.size(),
                "%d cases have %d groups and %d rows of values",
                cases.size(),
                groups.size(),
                values.length);
        Map<String, List<double[][]>> members = new LinkedHashMap<>();
        for (int i = 0; i < cases.size(); i++) {
            check(cases.get(i), losses, values[i], values[0][0].length);
            members.computeIfAbsent(groups.get(i), _ -> new ArrayList<>()).add(values[i]);
        }
        double[][][] means = members.values().stream().map(PairedTable::mean).toArray(double[][][]::new);
        List<String> units = List.copyOf(members.keySet());
        return new PairedTable(
                List.copyOf(losses),
                units,
                means,
                higherIsBetter,
                folds.map(each -> foldsOf(units, groups, each)).orElse(List.of()));
    }

    /// {@return the fold of each unit, numbered from 0}; empty if one unit lies in several
    private static List<Integer> foldsOf(List<String> units, List<String> groups, List<Integer> folds) {
        Map<String, Integer> ofUnit = new HashMap<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            int fold = numbers.computeIfAbsent(folds.get(i), _ -> numbers.size());
            Integer other = ofUnit.put(groups.get(i), fold);
            if (other != null && other != fold) {
                return List.of();
            }
        }
        return units.stream().map(ofUnit::get).toList();
    }

    private static void check(String id, List<String> losses, double[][] ofCase, int seeds) {
        Check.that(
                ofCase.length == losses.size(), "%s has values of %d losses, not %d", id, ofCase.length, losses.size());
        for (int j = 0; j < losses.size(); j++) {
            Check.that(
                    ofCase[j].length == seeds, "%s, %s: %d seeds, not %d", id, losses.get(j), ofCase[j].length, seeds);
            for (int s = 0; s < seeds; s++) {
                Check.that(
                        Double.isFinite(ofCase[j][s]),
                        "%s, %s, seed number %d: the value is %s; each case needs a finite one for each loss and seed",
                        id,
                        losses.get(j),
                        s + 1,
                        ofCase[j][s]);
            }
        }
    }

    private static double[][] mean(List<double[][]> members) {
        double[][] mean = new double[members.getFirst().length][members.getFirst()[0].length];
        for (int j = 0; j < mean.length; j++) {
            for (int s = 0; s < mean[j].length; s++) {
                for (double[][] member : members) {
                    mean[j][s] += member[j][s];
                }
                mean[j][s] /= members.size();
            }
        }
        return mean;
    }

    public List<String> losses() {
        return losses;
    }

    /// {@return the groups, in the order in which the cases name them}
    public List<String> units() {
        return units;
    }

    public int seeds() {
        return values[0][0].length;
    }

    /// {@return how many training sets the units were tested by}; 0 if one unit was tested by several
    public int folds() {
        return folds.stream().mapToInt(fold -> fold + 1).max().orElse(0);
    }

    public boolean higherIsBetter() {
        return higherIsBetter;
    }

    /// {@return (unit, loss, seed)}
    double[][][] values() {
        return values;
    }

    /// {@return (unit, loss): the means over the seeds}
    double[][] means() {
        double[][] means = new double[units.size()][losses.size()];
        for (int i = 0; i < means.length; i++) {
            for (int j = 0; j < means[i].length; j++) {
                means[i][j] = Quantiles.mean(values[i][j]);
            }
        }
        return means;
    }

    /// {@return the values of one loss, a mean over the seeds for each unit}
    public double[] of(int loss) {
        double[] own = new double[units.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = Quantiles.mean(values[i][loss]);
        }
        return own;
    }

    /// {@return two trainings of one loss, as two losses under one seed}
    PairedTable ofSeeds(int loss, int seed, int other) {
        double[][][] two = new double[values.length][][];
        for (int i = 0; i < two.length; i++) {
            two[i] = new double[][] {{values[i][loss][seed]}, {values[i][loss][other]}};
        }
        return new PairedTable(List.of("one seed", "another seed"), units, two, higherIsBetter, folds);
    }

    /// {@return (loss, seed): the mean over the units}
    double[][] meansOfSeeds() {
        double[][] means = new double[losses.size()][seeds()];
        for (double[][] unit : values) {
            for (int j = 0; j < means.length; j++) {
                for (int s = 0; s < means[j].length; s++) {
                    means[j][s] += unit[j][s] / units.size();
                }
            }
        }
        return means;
    }

    /// {@return (loss, fold): the mean over the units, moved by what the fold's units add to it or take from it}
    ///
    /// ```
    /// mean + folds * units of the fold / units * (mean of the fold - mean)
    /// ```
    ///
    /// So the mean over the folds is that over the units, whatever the folds' sizes; of folds of one size it is the
    /// mean of the fold.
    double[][] meansOfFolds() {
        int count = folds();
        double[][] sums = new double[losses.size()][count];
        int[] sizes = new int[count];
        for (int i = 0; i < values.length; i++) {
            int fold = folds.get(i);
            sizes[fold]++;
            for (int j = 0; j < sums.length; j++) {
                sums[j][fold] += Quantiles.mean(values[i][j]);
            }
        }
        for (int j = 0; j < sums.length; j++) {
            double mean = Quantiles.mean(of(j));
            for (int f = 0; f < count; f++) {
                sums[j][f] = mean + (double) count / units.size() * (sums[j][f] - sizes[f] * mean);
            }
        }
        return sums;
    }

    /// {@return for each unit by how much loss `a` lies above loss `b`; exactly 0 where they differ by rounding}
    public double[] differences(int a, int b) {
        double[] of = of(a);
        double[] other = of(b);
        for (int i = 0; i < of.length; i++) {
            double difference = of[i] - other[i];
            double rounding = ROUNDING * Math.max(Math.abs(of[i]), Math.abs(other[i]));
            of[i] = Math.abs(difference) <= rounding ? 0 : difference;
        }
        return of;
    }
}
