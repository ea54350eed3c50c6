package org.segloss.stat;

/// Loss `a` beside loss `b`. Differences are `a - b`, in the metric's own unit and direction.
///
/// @param difference the mean over the units
/// @param interval its 95 % interval ([Interval#student]), on which the verdict rests
/// @param bca the bootstrap's interval ([Interval#bca]), for comparison
/// @param hodgesLehmann the difference that a few failures move less than the mean
/// @param test the signed-rank test of the units' differences
/// @param adjustedP its p, adjusted for all pairs of the family: [Shaffer]; with a baseline [Holm]
/// @param posterior how probable it is that `a` is better, equivalent and worse: beside the verdict, no part of it
/// @param better units in which `a` is better by more than the margin (by anything, if there is no margin)
/// @param worse units in which it is worse by more than that
/// @param even the others
/// @param overSeeds the 95 % interval if other seeds are drawn, too; unknown with one seed
/// @param hierarchical the same by the bootstrap, which with two or three seeds is too narrow
/// @param seedsP the p that belongs to `overSeeds`; NaN with one seed
/// @param seedsAdjustedP adjusted
/// @param overFolds the 95 % interval if other training sets are drawn, too; unknown with one
/// @param foldsP the p that belongs to `overFolds`; NaN with one
/// @param foldsAdjustedP adjusted
/// @param verdict on `a`
public record Pair(
        String a,
        String b,
        double difference,
        Interval interval,
        Interval bca,
        double hodgesLehmann,
        SignedRankTest test,
        double adjustedP,
        BayesianSignedRank posterior,
        int better,
        int worse,
        int even,
        Interval overSeeds,
        Interval hierarchical,
        double seedsP,
        double seedsAdjustedP,
        Interval overFolds,
        double foldsP,
        double foldsAdjustedP,
        Verdict verdict) {

    /// {@return the 95 % interval if the losses are trained anew}: that over seeds, that over training sets, or the
    /// range of both; unknown with one of each
    public Interval retrained() {
        return overSeeds.and(overFolds);
    }
}
