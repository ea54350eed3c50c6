package org.segloss.stat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segloss.loss.Check;

/// A race of losses: which of them leave after a block of trainings, because they can no longer be the best, or
/// within the margin of it.
///
/// The hypothesis of a loss i is `H_i: mean_i >= max over j of mean_j - margin`, over new cases and new trainings. It
/// is rejected, and i leaves for good, if some j is ahead by more than the margin:
///
/// ```
/// t_ij = (m_j - m_i - margin) / sqrt(u_ij + s_ij),      p_ij one-sided, by Cochran and Cox
/// i leaves at look b if some p_ij <= 0.05 w_b / (left (losses - 1))
/// w_b = spent(b / looks) - spent(b' / looks),           spent(x) = ln(1 + (e - 1) x),   b' the look before it
/// ```
///
/// `left` is how many losses are still in; where some leave, the look is done anew without them. `s` and its degrees
/// of freedom are those of [TrainingVariance], of the table loss x block; `u` likewise of the table loss x unit,
/// since a pair's own few cases could never give a p of 1e-5. Where blocks have several folds `u` is 0 and `s` is
/// that of the table loss x fold, which holds what the cases add.
///
/// **Why the family error is at most 5 %.** Consider the first loss that leaves though its hypothesis is true. All
/// whose hypotheses are true are still in, so there are at most `left` of them. Each has `losses - 1` comparisons
/// that could be wrong, at look b with a probability of at most `0.05 w_b / (left (losses - 1))`. The sum over looks,
/// rivals and losses is at most 0.05, however these depend on each other: Bonferroni over looks and rivals, Holm
/// over losses. It holds as far as each p is what it says: cases' and trainings' means that are near to normal, and
/// noise that the losses still in have in common, or of which their own is seen.
///
/// @see <a href="https://doi.org/10.1093/biomet/70.3.659">Lan and DeMets (1983), Discrete sequential boundaries for
///     clinical trials</a>, whose spending function of Pocock's type this is
/// @see <a href="https://doi.org/10.1080/19466315.2013.807748">Maurer and Bretz (2013), Multiple testing in group
///     sequential trials using graphical approaches</a>, for Holm's procedure over looks
public final class Elimination {
    /// One training of each loss doesn't tell what another one would change.
    private static final int FEWEST_BLOCKS = 2;

    private final int losses;
    private final int looks;
    private final double margin;

    /// One training of each loss that is still in.
    ///
    /// @param fold   in which its cases were tested
    /// @param values (loss, unit), turned so that more is better
    public record Block(int fold, double[][] values) {
        Block of(List<Integer> some) {
            return new Block(fold, some.stream().map(j -> values[j]).toArray(double[][]::new));
        }
    }

    /// A loss that leaves.
    ///
    /// @param loss  which of those that were still in
    /// @param rival the one that is most certainly ahead of it by more than the margin
    /// @param ahead by how much that is
    /// @param p     one-sided, of no more than the margin
    /// @param level that p had to reach
    public record Leaving(int loss, int rival, double ahead, double p, double level) {}

    /// @param losses that begin
    /// @param looks  how many blocks there are at most
    /// @param margin a difference that wouldn't matter; NaN for none
    public Elimination(int losses, int looks, double margin) {
        Check.that(losses > 0 && looks > 0, "%d losses and %d looks: each has to be at least 1", losses, looks);
        this.losses = losses;
        this.looks = looks;
        this.margin = Double.isNaN(margin) ? 0 : margin;
    }

    /// {@return the share of the 5 % that is spent at a look}
    ///
    /// @param look counted from 1; the first leaves its share to the second
    public double share(int look) {
        return look < FEWEST_BLOCKS ? 0 : spent(look) - (look == FEWEST_BLOCKS ? 0 : spent(look - 1));
    }

    private double spent(int look) {
        return StrictMath.log1p((Math.E - 1) * look / looks);
    }

    /// {@return who leaves after the last of these blocks, in the losses' order}
    ///
    /// @param blocks all so far, with the losses that are still in
    public List<Leaving> after(List<Block> blocks) {
        double share = share(blocks.size());
        int began = blocks.getFirst().values.length;
        List<Integer> left = new ArrayList<>(IntStream.range(0, began).boxed().toList());
        var leaving = new ArrayList<Leaving>();
        List<Leaving> more;
        do {
            more = share == 0 ? List.of() : leaving(left, blocks, Rules.ALPHA * share / (left.size() * (losses - 1.0)));
            more.forEach(gone -> left.remove((Integer) gone.loss));
            leaving.addAll(more);
        } while (!more.isEmpty());
        leaving.sort(Comparator.comparingInt(Leaving::loss));
        return List.copyOf(leaving);
    }

    private List<Leaving> leaving(List<Integer> left, List<Block> blocks, double p) {
        if (left.size() < 2) {
            return List.of();
        }
        Table table = Table.of(blocks.stream().map(block -> block.of(left)).toList());
        if (table.isUnknown()) {
            return List.of();
        }
        var level = new Level(p, margin, new HashMap<>());
        return IntStream.range(0, left.size())
                .mapToObj(loss -> table.leaving(loss, level))
                .flatMap(Optional::stream)
                .map(gone -> new Leaving(left.get(gone.loss), left.get(gone.rival), gone.ahead, gone.p, gone.level))
                .toList();
    }

    /// What the blocks say of the losses that are still in.
    ///
    /// @param means     of each loss
    /// @param columns   how many blocks, or folds, are a sample of trainings
    /// @param trainings tests over these
    /// @param units     how many are a sample of cases; 0 where what they add is in the columns
    /// @param cases     tests over these
    /// @param tested    how many units there are
    private record Table(
            double[] means, int columns, TrainingTests trainings, int units, TrainingTests cases, int tested) {

        static Table of(List<Block> blocks) {
            int[] folds = blocks.stream().mapToInt(Block::fold).distinct().toArray();
            int losses = blocks.getFirst().values.length;
            double[][] ofColumns = folds.length == 1 ? ofBlocks(blocks) : ofFolds(blocks, folds);
            int tested = Arrays.stream(folds)
                    .map(fold -> of(fold, blocks).getFirst().values[0].length)
                    .sum();
            return new Table(
                    Arrays.stream(ofColumns).mapToDouble(Quantiles::mean).toArray(),
                    ofColumns[0].length,
                    TrainingTests.of(ofColumns),
                    folds.length == 1 ? tested : 0,
                    TrainingTests.of(folds.length == 1 ? ofUnits(blocks) : new double[losses][1]),
                    tested);
        }

        private static List<Block> of(int fold, List<Block> blocks) {
            return blocks.stream().filter(block -> block.fold == fold).toList();
        }

        /// (loss, block): the mean over the units.
        private static double[][] ofBlocks(List<Block> blocks) {
            double[][] means = new double[blocks.getFirst().values.length][blocks.size()];
            for (int b = 0; b < blocks.size(); b++) {
                for (int j = 0; j < means.length; j++) {
                    means[j][b] = Quantiles.mean(blocks.get(b).values[j]);
                }
            }
            return means;
        }

        /// (loss, unit): the mean over the blocks, all of one fold.
        private static double[][] ofUnits(List<Block> blocks) {
            double[][] first = blocks.getFirst().values;
            double[][] means = new double[first.length][first[0].length];
            for (Block block : blocks) {
                for (int j = 0; j < means.length; j++) {
                    for (int i = 0; i < means[j].length; i++) {
                        means[j][i] += block.values[j][i] / blocks.size();
                    }
                }
            }
            return means;
        }

        /// (loss, fold): as [PairedTable#meansOfFolds], of the folds that there are.
        private static double[][] ofFolds(List<Block> blocks, int[] folds) {
            double[][][] units = Arrays.stream(folds)
                    .mapToObj(fold -> ofUnits(of(fold, blocks)))
                    .toArray(double[][][]::new);
            int all = Arrays.stream(units).mapToInt(fold -> fold[0].length).sum();
            double[][] means = new double[units[0].length][folds.length];
            for (int j = 0; j < means.length; j++) {
                int loss = j;
                double mean = Arrays.stream(units)
                                .flatMapToDouble(fold -> Arrays.stream(fold[loss]))
                                .sum()
                        / all;
                for (int f = 0; f < folds.length; f++) {
                    double[] own = units[f][j];
                    means[j][f] = mean + (double) folds.length * own.length / all * (Quantiles.mean(own) - mean);
                }
            }
            return means;
        }

        /// One column tells nothing of trainings, and so few units tell no losses apart.
        boolean isUnknown() {
            return columns < 2 || Design.smallestP(tested) > Rules.ALPHA;
        }

        /// {@return a loss's leaving, if another one is ahead of it by more than the margin at this level}
        Optional<Leaving> leaving(int loss, Level level) {
            int rival = -1;
            double most = 1;
            for (int j = 0; j < means.length; j++) {
                double over = means[j] - means[loss] - level.margin;
                if (over > 0) {
                    double excess = over / (error(loss, j) * level.quantile(student(loss, j)));
                    if (excess >= most) {
                        most = excess;
                        rival = j;
                    }
                }
            }
            if (rival < 0) {
                return Optional.empty();
            }
            double ahead = means[rival] - means[loss];
            double error = error(loss, rival);
            double p = error == 0 ? 0 : student(loss, rival).tails((ahead - level.margin) / error) / 2;
            return Optional.of(new Leaving(loss, rival, ahead, p, level.p));
        }

        private double error(int a, int b) {
            return Math.sqrt(ofCases(a, b) + trainings.part(a, b, columns).variance());
        }

        private double ofCases(int a, int b) {
            return units == 0 ? 0 : cases.part(a, b, units).variance();
        }

        private TrainingVariance.WeightedStudent student(int a, int b) {
            TrainingVariance.Part part = trainings.part(a, b, columns);
            double u = ofCases(a, b);
            return new TrainingVariance.WeightedStudent(
                    u == 0 ? 0 : u / (u + part.variance()),
                    units == 0 ? 1 : cases.part(a, b, units).freedom(),
                    part.freedom());
        }
    }

    /// What p has to reach.
    ///
    /// @param known quantiles of Student's t by its degrees of freedom, of which many pairs have the same
    private record Level(double p, double margin, Map<Double, Double> known) {
        double quantile(TrainingVariance.WeightedStudent t) {
            return t.share() * quantile(t.first()) + (1 - t.share()) * quantile(t.second());
        }

        private double quantile(double freedom) {
            return known.computeIfAbsent(freedom, f -> Distributions.studentQuantile(2 * p, f));
        }
    }
}
