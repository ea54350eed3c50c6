package org.segloss.stat;

import java.util.List;
import java.util.stream.IntStream;
import org.segloss.loss.Check;

/// What published means and standard deviations can claim: how probable it is that the first method is truly the first.
///
/// Scores of two methods on the same cases go up and down together. By how much, the correlation, is hardly ever
/// published, and decides: the difference of two means has the variance
///
/// ```
/// v = (s_1^2 + s_2^2 - 2 r s_1 s_2) / n
/// ```
///
/// Given means m, standard deviations s and n cases, and knowing nothing else, the true difference of two methods is
/// distributed as `m_1 - m_2 + sqrt(v) T` with Student's T of n - 1 degrees of freedom, so that the first is
/// better with the probability
///
/// ```
/// P(T < (m_1 - m_2) / sqrt(v))
/// ```
///
/// Of several methods the true means have a multivariate t distribution with the same n - 1. Their correlations are
/// those of one common factor, with loadings `a_1 = sqrt(max |r_j|)` of the first method and `a_j = r_j / a_1` of the
/// others, so that each has the correlation r_j with the first; where all are r, each two have r. The probability that
/// the first is better than all is an integral over the factor f, the first method's own part g and the scale w:
///
/// ```
/// E[product over j of Phi((m_1 - m_j + w (e_1 (a_1 f + b_1 g) - e_j a_j f)) / (w e_j b_j))]
/// e = s / sqrt(n),  b = sqrt(1 - a^2),  w = sqrt((n - 1) / chi2(n - 1))
/// ```
///
/// by Gauss and Legendre's rule in panels, and over w by 30 quantiles of its own. It agrees with the formula
/// for two, and with simulation.
///
/// It knows of the test cases alone: not of seeds, of training sets, of whether scores are skewed, or of what the
/// authors chose by these very cases.
///
/// @see <a href="https://arxiv.org/abs/2505.04720">Christodoulou and others (2025), False promises in medical imaging
///     AI?</a> for the formula of two methods, and how probable false claims are in the literature
/// @see <a href="https://arxiv.org/abs/2409.17763">Confidence intervals uncovered (2024)</a> for how wide intervals are
///     beside the gap between first and second
public final class PublishedResults {
    private static final double FAR = 7;
    private static final int OF_FACTOR = 12;
    private static final int OF_FIRST = 24;
    private static final int OF_SCALE = 30;

    private PublishedResults() {}

    /// A method as a table has it.
    ///
    /// @param cases on which it was tested
    public record Method(String name, double mean, double sd, int cases) {
        public Method {
            Check.that(Double.isFinite(mean), "the mean of %s is %s", name, mean);
            Check.that(sd > 0 && sd < Double.POSITIVE_INFINITY, "the SD of %s has to be above 0, but is %s", name, sd);
            Check.that(cases >= 2, "%s has %d cases: at least 2 are needed", name, cases);
        }

        double error() {
            return sd / Math.sqrt(cases);
        }

        /// {@return the 95 % interval of the true mean, Student's}
        public Interval interval() {
            return Interval.student(mean, error(), cases - 1);
        }
    }

    /// {@return the probability that the first of two methods is truly better}
    ///
    /// @param correlation of their scores on the cases, above -1 and below 1
    public static double better(Method first, Method other, double correlation, boolean higherIsBetter) {
        check(correlation);
        double variance = first.error() * first.error()
                + other.error() * other.error()
                - 2 * correlation * first.error() * other.error();
        double difference = higherIsBetter ? first.mean - other.mean : other.mean - first.mean;
        // methods of unequal numbers of cases were tested on other ones, of which the fewest know least
        double tails =
                Distributions.studentTails(difference / Math.sqrt(variance), Math.min(first.cases, other.cases) - 1.0);
        return difference > 0 ? 1 - tails / 2 : tails / 2;
    }

    /// {@return the probability that a method is truly better than all others}
    ///
    /// @param correlations of each of the others' scores with the first's, above -1 and below 1
    public static double first(Method first, List<Method> others, List<Double> correlations, boolean higherIsBetter) {
        Check.that(
                others.size() == correlations.size(),
                "%d other methods have %d correlations",
                others.size(),
                correlations.size());
        correlations.forEach(PublishedResults::check);
        double sign = higherIsBetter ? 1 : -1;
        double most = correlations.stream().mapToDouble(Math::abs).max().orElse(0);
        double loading = Math.sqrt(most);
        double own = Math.sqrt(1 - most);
        int n = others.size();
        double[] ahead = new double[n];
        double[] common = new double[n];
        double[] rest = new double[n];
        int cases = first.cases;
        for (int j = 0; j < n; j++) {
            Method other = others.get(j);
            double a = most == 0 ? 0 : correlations.get(j) / loading;
            ahead[j] = sign * (first.mean - other.mean);
            // what the factor does to the difference
            common[j] = first.error() * loading - other.error() * a;
            rest[j] = other.error() * Math.sqrt(1 - a * a);
            cases = Math.min(cases, other.cases);
        }
        double ofFirst = first.error() * own;
        int freedom = cases - 1;
        // by the probability of the scale, which is nowhere far from 1
        double sum = 0;
        for (int i = 0; i < OF_SCALE; i++) {
            double p = (i + 0.5) / (OF_SCALE);
            double scale = Math.sqrt(freedom / Distributions.chiSquaredQuantile(p, freedom));
            sum += Distributions.integral(
                    f -> Distributions.normalDensity(f)
                            * Distributions.integral(
                                    g -> {
                                        double product = Distributions.normalDensity(g);
                                        for (int j = 0; j < n && product > 0; j++) {
                                            double lead = ahead[j] + scale * (common[j] * f + ofFirst * g);
                                            product *= Distributions.normal(lead / (scale * rest[j]));
                                        }
                                        return product;
                                    },
                                    -FAR,
                                    FAR,
                                    OF_FIRST),
                    -FAR,
                    FAR,
                    OF_FACTOR);
        }
        return Math.min(1, sum / OF_SCALE);
    }

    private static void check(double correlation) {
        Check.that(correlation > -1 && correlation < 1, "a correlation lies between -1 and 1, and is %s", correlation);
    }

    /// {@return the place of the method with the best mean}, the first of them
    public static int best(List<Method> methods, boolean higherIsBetter) {
        return IntStream.range(0, methods.size())
                .boxed()
                .reduce((a, b) -> (methods.get(b).mean - methods.get(a).mean) * (higherIsBetter ? 1 : -1) > 0 ? b : a)
                .orElseThrow();
    }
}
