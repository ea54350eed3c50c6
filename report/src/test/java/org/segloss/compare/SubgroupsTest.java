package org.segloss.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.segloss.stat.Interval;

class SubgroupsTest {
    private static final double[] A = {0.91, 0.88, 0.93, 0.85, 0.9, 0.92, 0.87, 0.89, 0.94, 0.86};
    private static final double[] B = {0.8, 0.7, 0.85, 0.78, 0.82, 0.75, 0.83, 0.79, 0.81, 0.77, 0.84};

    private static List<String> ids(int n) {
        return IntStream.range(0, n).mapToObj("case_%02d"::formatted).toList();
    }

    /// One loss with one seed.
    private static Subgroups of(List<String> texts, List<String> groups, double... numbers) {
        List<String> ids = ids(numbers.length);
        var column = new TreeMap<String, String>();
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).isEmpty()) {
                column.put(ids.get(i), texts.get(i));
            }
        }
        double[][][] values = new double[numbers.length][1][1];
        for (int i = 0; i < numbers.length; i++) {
            values[i][0][0] = numbers[i];
        }
        return Subgroups.of(Map.of("scanner", column), List.of("dice"), ids, groups, values)
                .getFirst();
    }

    private static Subgroups twoScanners() {
        double[] all = new double[A.length + B.length];
        System.arraycopy(A, 0, all, 0, A.length);
        System.arraycopy(B, 0, all, A.length, B.length);
        List<String> texts = IntStream.range(0, all.length)
                .mapToObj(i -> i < A.length ? "new" : "old")
                .toList();
        return of(texts, ids(all.length), all);
    }

    /// scipy 1.17.1: scipy.stats.ttest_ind(A, B, equal_var=False).confidence_interval(0.95), and of 1 - 0.05 / 3
    @Test
    void gapsHaveWelchsInterval() {
        Interval one = Interval.welch(A, B, 1);
        assertThat(one.low()).isEqualTo(0.0662272096257049, within(1e-9));
        assertThat(one.high()).isEqualTo(0.13468188128338582, within(1e-9));
        Interval three = Interval.welch(A, B, 3);
        assertThat(three.low()).isEqualTo(0.05744652963914541, within(1e-9));
        assertThat(three.high()).isEqualTo(0.14346256126994533, within(1e-9));
        assertThat(Interval.welch(new double[] {2, 2}, new double[] {1, 1}, 1)).isEqualTo(new Interval(1, 1));
    }

    @Test
    void eachValueIsASubgroupAndTheLargestGapIsStated() {
        Subgroups scanners = twoScanners();
        assertThat(scanners.parts()).extracting(Subgroups.Part::name).containsExactly("new", "old");
        assertThat(scanners.parts()).extracting(Subgroups.Part::units).containsExactly(10, 11);
        Subgroups.Mean mean = scanners.parts().getFirst().means().getFirst();
        assertThat(mean.mean()).isEqualTo(0.895, within(1e-12));
        assertThat(mean.interval()).isEqualTo(Interval.student(A));
        Subgroups.Gap gap = scanners.gaps().getFirst();
        assertThat(gap.gap()).isEqualTo(0.895 - 8.74 / 11, within(1e-12));
        assertThat(gap.interval()).isEqualTo(Interval.welch(A, B, 1));
        assertThat(scanners.sentence())
                .isEqualTo(
                        "scanner: the largest gap is that of dice, 0.100 between new and old (interval 0.066 to 0.135, for all pairs of subgroups).");
    }

    @Test
    void fewCasesHaveAMeanButNoIntervalAndNoGap() {
        double[] numbers = new double[15];
        List<String> texts = IntStream.range(0, 15)
                .mapToObj(i -> i < 6 ? "f" : i < 13 ? "m" : "")
                .toList();
        Subgroups few = of(texts, ids(15), numbers);
        assertThat(few.without()).isEqualTo(2);
        assertThat(few.gaps()).isEmpty();
        assertThat(few.parts())
                .allMatch(
                        part -> Double.isNaN(part.means().getFirst().interval().low()));
        assertThat(few.sentence())
                .isEqualTo("scanner: no two subgroups have 10 independent cases (f 6, m 7), so no gap is stated.");
    }

    /// A table of many columns says nothing many times over.
    @Test
    void columnsWithoutAGapAreInOneSentence() {
        List<String> ids = ids(12);
        List<String> texts =
                IntStream.range(0, 12).mapToObj(i -> i < 6 ? "a" : "b").toList();
        Subgroups few = of(texts, ids, new double[12]);
        Subgroups nothing = of(ids(20), ids(20), new double[20]);
        assertThat(nothing.parts()).isEmpty();
        Subgroups gap = twoScanners();
        assertThat(Subgroups.sentences(List.of(few, gap, nothing))).containsExactly(few.sentence(), gap.sentence());
        assertThat(Subgroups.sentences(List.of(few, gap, few)))
                .containsExactly(
                        gap.sentence(),
                        "scanner, scanner: no two subgroups of any of them have 10 independent cases, so no gap is stated.");
    }

    @Test
    void casesOfOnePersonAreOneWitness() {
        List<String> groups = IntStream.range(0, 24).mapToObj(i -> "p" + i / 2).toList();
        double[] numbers = IntStream.range(0, 24).mapToDouble(i -> i % 2).toArray();
        List<String> texts =
                IntStream.range(0, 24).mapToObj(i -> i < 12 ? "a" : "b").toList();
        Subgroups pairs = of(texts, groups, numbers);
        assertThat(pairs.parts()).allSatisfy(part -> {
            assertThat(part.cases()).isEqualTo(12);
            assertThat(part.units()).isEqualTo(6);
            assertThat(part.means().getFirst().mean()).isEqualTo(0.5);
        });
    }

    @Test
    void numbersAreSplitIntoThirdsOrAtTheMedian() {
        double[] numbers = IntStream.range(0, 30).mapToDouble(i -> i / 30.0).toArray();
        List<String> texts =
                IntStream.range(0, 30).mapToObj(i -> Double.toString(i * 1.5)).toList();
        Subgroups thirds = of(texts, ids(30), numbers);
        assertThat(thirds.parts())
                .extracting(Subgroups.Part::name)
                .containsExactly("up to 14.5", "14.5 to 29", "above 29");
        assertThat(thirds.parts()).extracting(Subgroups.Part::units).containsExactly(10, 10, 10);
        assertThat(thirds.rule()).isEqualTo("split into thirds of the test cases");
        Subgroups halves = of(texts.subList(0, 20), ids(20), Arrays.copyOf(numbers, 20));
        assertThat(halves.parts()).extracting(Subgroups.Part::name).containsExactly("up to 14.25", "above 14.25");
        assertThat(halves.parts()).extracting(Subgroups.Part::units).containsExactly(10, 10);
        // few numbers are names, in their order
        List<String> stages =
                IntStream.range(0, 30).mapToObj(i -> i % 2 == 0 ? "10" : "2").toList();
        assertThat(of(stages, ids(30), numbers).parts())
                .extracting(Subgroups.Part::name)
                .containsExactly("2", "10");
    }

    @Test
    void aColumnThatPartsNothingSaysWhy() {
        double[] numbers = new double[20];
        assertThat(of(ids(20), ids(20), numbers).sentence())
                .isEqualTo("scanner: 20 different texts make no subgroups; 12 at most do.");
        assertThat(of(List.of("x", "x"), ids(20), numbers).rule()).isEqualTo("all test cases have the same value");
        assertThat(of(List.of(), ids(20), numbers).rule()).isEqualTo("no test case has a value");
    }
}
