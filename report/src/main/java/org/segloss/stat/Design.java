package org.segloss.stat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.segloss.loss.Check;

/// What a comparison can find out, known before anything is trained.
///
/// @param units independent test cases: groups, where cases belong together
/// @param losses that are compared in all pairs
/// @param seeds trainings of each loss on the same data
/// @param trainingSets how many there are, each with its own test cases: the folds; 0 if one unit was tested by several
/// @param smallestP the smallest two-sided p-value that the signed-rank test can give: `2^(1 - units)`
/// @param separable the most losses of which all pairs could be told apart at 5 % by Shaffer's correction; 0: not even
///     two
/// @param unseenFailures in what share of cases a loss may fail, of which none is among so many: `1 - 0.05^(1 /
/// units)`,
///     about `3 / units`. If it failed more often, one would be among them with a probability of 95 %
/// @param detectable how large a difference has to be to be found in four of five repetitions
public record Design(
        int units,
        int losses,
        int seeds,
        int trainingSets,
        double smallestP,
        int separable,
        double unseenFailures,
        List<Detectable> detectable) {
    private static final double POWER = 0.8;
    /// How well the signed-rank test uses normal data beside Student's test: `3 / pi`.
    private static final double EFFICIENCY = 3 / Math.PI;

    /// The smallest difference of two losses that is found with a probability of 80 %, if the units' paired
    /// differences are normal with this SD.
    ///
    /// ```
    /// (t(1 - alpha / 2, n - 1) + t(0.8, n - 1)) * sd / sqrt(n * 3 / pi)
    /// ```
    ///
    /// NaN where no difference could be found. Unit: that of `sd`, for example points of Dice (hundredths).
    ///
    /// @param alone if only these two losses are compared
    /// @param ofAll as the first of all pairs by Shaffer's correction
    public record Detectable(double sd, double alone, double ofAll) {}

    /// @param units at least 1
    /// @param losses at least 1
    /// @param seeds at least 1
    /// @param trainingSets at least 0
    public static Design of(int units, int losses, int seeds, int trainingSets) {
        Check.that(
                units > 0 && losses > 0 && seeds > 0 && trainingSets >= 0,
                "%d units, %d losses, %d seeds, %d training sets: each has to be at least 1",
                units,
                losses,
                seeds,
                trainingSets);
        double smallest = smallestP(units);
        double separable = Math.floor((1 + Math.sqrt(1 + 8 * Rules.ALPHA / smallest)) / 2);
        return new Design(
                units,
                losses,
                seeds,
                trainingSets,
                smallest,
                separable < 2 ? 0 : (int) separable,
                -StrictMath.expm1(StrictMath.log(Rules.ALPHA) / units),
                DoubleStream.of(0.5, 1, 2)
                        .mapToObj(sd -> new Detectable(
                                sd, detectable(sd, units, 1), detectable(sd, units, Math.max(1, pairs(losses)))))
                        .toList());
    }

    static double smallestP(int units) {
        return StrictMath.pow(2, 1 - units);
    }

    private static long pairs(int losses) {
        return losses * (losses - 1L) / 2;
    }

    private static double detectable(double sd, int units, long tests) {
        double level = Rules.ALPHA / tests;
        if (smallestP(units) > level) {
            return Double.NaN;
        }
        double t = Distributions.studentQuantile(level, units - 1)
                + Distributions.studentQuantile(2 * (1 - POWER), units - 1);
        return t * sd / Math.sqrt(units * EFFICIENCY);
    }

    /// As [#warnings(Compared)], of losses.
    public List<String> warnings() {
        return warnings(Compared.LOSSES);
    }

    /// {@return what this design can't answer, a sentence each; empty if it can}
    public List<String> warnings(Compared compared) {
        var warnings = new ArrayList<String>();
        if (losses > 1 && separable == 0) {
            warnings.add(
                    "%s can't tell any two %s apart: the smallest p-value is %s. It takes 6 independent cases or more."
                            .formatted(cases(), compared.many(), number(smallestP)));
        } else if (losses > 1 && losses > separable) {
            int enough = units;
            while (of(enough, losses, seeds, trainingSets).separable < losses) {
                enough++;
            }
            warnings.add(
                    "%s can't tell all of %d %s apart: the smallest p-value is %s, and Shaffer's correction for %d pairs asks for %s. Compare at most %d %s, or test on %d independent cases."
                            .formatted(
                                    cases(),
                                    losses,
                                    compared.many(),
                                    number(smallestP),
                                    pairs(losses),
                                    number(Rules.ALPHA / pairs(losses)),
                                    separable,
                                    compared.many(),
                                    enough));
        }
        if (losses > 1 && compared == Compared.METHODS && seeds == 1) {
            warnings.add(
                    trainingSets == 1
                            ? "Each method is here once: how much it would differ with another seed or from other training cases, if it was trained, is unknown."
                            : "Each method is here once: how much it would differ with another seed is unknown.");
        } else if (losses > 1 && (seeds == 1 || trainingSets == 1)) {
            warnings.add("%s: how much a training %s would change the order is unknown."
                    .formatted(
                            seeds > 1
                                    ? "One training set"
                                    : trainingSets == 1 ? "One seed, one training set" : "One seed",
                            seeds > 1
                                    ? "on other cases"
                                    : trainingSets == 1 ? "with another seed or on other cases" : "with another seed"));
        }
        if (losses > 1 && trainingSets == 0) {
            warnings.add(
                    "Cases were tested in several folds, or groups were: how much trainings on other cases would change the order is unknown.");
        }
        return List.copyOf(warnings);
    }

    /// {@return for which training sets the verdicts hold, in a sentence}; empty where the warnings say it
    public String scope() {
        return trainingSets > 1
                ? "Over new training sets the verdicts hold as far as the %d training sets vary, which overlap: what all of them share, such as the patients of one hospital, none can show."
                        .formatted(trainingSets)
                : "";
    }

    /// As [#unseen(Compared)], of losses.
    public String unseen() {
        return unseen(Compared.LOSSES);
    }

    /// {@return what no verdict excludes, in a sentence}
    public String unseen(Compared compared) {
        return "No verdict excludes failures that none of %s shows: a %s that fails on up to %s of all cases may show none."
                .formatted(cases(), compared.one(), unseenShare());
    }

    /// {@return the share of cases, as text}
    public String unseenShare() {
        double percent = 100 * unseenFailures;
        return String.format(Locale.ROOT, percent < 1 ? "%.1g %%" : "%.0f %%", percent);
    }

    /// As [#resolution(Compared)], of losses.
    public String resolution() {
        return resolution(Compared.LOSSES);
    }

    /// {@return what it can find, in a sentence}
    public String resolution(Compared compared) {
        Detectable one = detectable.get(1);
        if (Double.isNaN(one.alone)) {
            return "%s: no difference can be found.".formatted(cases());
        }
        String all = Double.isNaN(one.ofAll) ? "none" : number(one.ofAll);
        String ofAll = pairs(losses) > 1 ? "; as the first of all %d pairs %s".formatted(pairs(losses), all) : "";
        return "%s: if the paired differences have an SD of 1 point, a difference of %s points between two %s is found in four of five experiments%s."
                .formatted(cases(), number(one.alone), compared.many(), ofAll);
    }

    private String cases() {
        return units == 1 ? "1 independent test case" : units + " independent test cases";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2g", value);
    }
}
