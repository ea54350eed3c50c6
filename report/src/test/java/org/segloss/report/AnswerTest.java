package org.segloss.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.Convergence;
import org.segloss.metric.Score.Status;
import org.segloss.run.Outcome;
import org.segloss.score.ScoreRow;

class AnswerTest {
    private final List<ScoreRow> rows = new ArrayList<>();

    /// Scores of 20 cases around a mean; those with the same `wobble` seed move alike.
    private void add(String loss, double mean, double wobble, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(loss.hashCode());
        for (int i = 0; i < 20; i++) {
            double value = mean + 0.01 * (i % 5) + wobble * (random.nextDouble() - 0.5);
            rows.add(new ScoreRow(
                    loss,
                    0,
                    seed,
                    "case_%02d".formatted(i),
                    "mean",
                    "dice",
                    value,
                    Status.OK,
                    "case_%02d".formatted(i)));
        }
    }

    private static ComparisonRules rules(Optional<String> baseline) {
        return new ComparisonRules("dice", "mean", Double.NaN, baseline, List.of(), List.of(), 200, 1);
    }

    @Test
    void lossesAreToldApartByVerdict() {
        add("best", 0.9, 0, 1);
        add("alike", 0.899, 0.001, 1);
        add("unsure", 0.89, 0.12, 1);
        add("worst", 0.7, 0.01, 1);
        Answer answer = Answer.of(Comparison.of(rows, rules(Optional.empty())));
        assertThat(answer.headline())
                .isEqualTo("best has the highest mean Dice, 0.920, and is better than 1 of the 3 others.");
        assertThat(answer.groups())
                .extracting(Answer.Group::title, g -> g.lines().getFirst().loss())
                .containsExactlyInAnyOrder(
                        tuple("Worse than best", "worst"),
                        tuple("Equivalent to best within 0.01", "alike"),
                        tuple("Undecided beside best", "unsure"));
        // 0.7 - 0.9: the difference of the loss in the line, not of the best
        assertThat(answer.groups().stream()
                        .filter(g -> g.title().startsWith("Worse"))
                        .findFirst()
                        .orElseThrow()
                        .lines()
                        .getFirst()
                        .text())
                .startsWith("−0.199 Dice, ")
                .contains("95 % interval −0.2", "to −0.1", "adjusted p < 0.001");
        assertThat(answer.limits()).anyMatch(limit -> limit.startsWith("One seed"));
    }

    @Test
    void withABaselineTheAnswerIsAboutIt() {
        add("base", 0.8, 0, 1);
        add("good", 0.9, 0.01, 1);
        add("bad", 0.7, 0.01, 1);
        Answer answer = Answer.of(Comparison.of(rows, rules(Optional.of("base"))));
        assertThat(answer.headline())
                .isEqualTo("base has a mean Dice, 0.820. Of the 2 losses compared with it 1 is better and 1 worse.");
        assertThat(answer.groups())
                .extracting(Answer.Group::title)
                .containsExactly("Better than base", "Worse than base");
    }

    @Test
    void seedsThatDisagreeAreNoVerdict() {
        add("a", 0.9, 0, 1);
        add("a", 0.7, 0, 2);
        add("b", 0.7, 0.001, 1);
        add("b", 0.86, 0.001, 2);
        Answer answer = Answer.of(Comparison.of(rows, rules(Optional.empty())));
        assertThat(answer.headline()).endsWith("but with other seeds another loss might be ahead.");
        assertThat(answer.groups()).extracting(Answer.Group::sign).containsExactly("~");
        assertThat(answer.groups().getFirst().lines().getFirst().text()).contains("; with other seeds −");
    }

    /// Better in the first of four folds alone.
    @Test
    void trainingSetsThatDisagreeAreNoVerdict() {
        for (int i = 0; i < 20; i++) {
            double ahead = i % 4 == 0 ? 0.2 : 0.05;
            for (String loss : List.of("a", "b")) {
                double value = 0.7 + 0.001 * (i % 3) + (loss.equals("a") ? ahead : 0);
                String id = "case_" + i;
                rows.add(new ScoreRow(loss, i % 4, 1, id, "mean", "dice", value, Status.OK, id));
            }
        }
        Answer answer = Answer.of(Comparison.of(rows, rules(Optional.empty())));
        assertThat(answer.headline()).endsWith("but on other training sets another loss might be ahead.");
        assertThat(answer.groups().getFirst().title()).endsWith("perhaps not on other training sets");
        assertThat(answer.groups().getFirst().lines().getFirst().text())
                .contains("; on other training sets −0.2")
                .endsWith(" of cases may be unseen");
        assertThat(answer.limits()).anyMatch(limit -> limit.contains("the 4 training sets vary, which overlap"));
        // each case in another fold for another loss
        rows.replaceAll(row -> row.loss().equals("a")
                ? new ScoreRow(
                        "a", row.fold() + 1, 1, row.caseId(), "mean", "dice", row.value(), Status.OK, row.group())
                : row);
        Answer mixed = Answer.of(Comparison.of(rows, rules(Optional.empty())));
        assertThat(mixed.headline()).endsWith("is better than the other loss.");
        assertThat(mixed.limits()).anyMatch(limit -> limit.startsWith("Cases were tested in several folds"));
    }

    /// One of 20 cases is enough to name it, but not to change what the others say.
    @Test
    void whatCasesCannotExcludeIsSaidAndFailuresAreNamed() {
        add("a", 0.8, 0.001, 1);
        add("b", 0.8, 0.001, 1);
        Answer alike = Answer.of(Comparison.of(rows, rules(Optional.empty())));
        // 1 - 0.05^(1/20) = 0.139
        assertThat(alike.groups().getFirst().title()).startsWith("Equivalent to ");
        assertThat(alike.groups().getFirst().lines().getFirst().text())
                .endsWith("; failures on up to 14 % of cases may be unseen");
        assertThat(alike.failures()).isEmpty();
        assertThat(alike.limits())
                .contains(
                        "No verdict excludes failures that none of 20 independent test cases shows: a loss that fails on up to 14 % of all cases may show none.");
        ScoreRow last = rows.removeLast();
        rows.add(new ScoreRow("b", 0, 1, last.caseId(), "mean", "dice", 0.1, Status.OK, last.group()));
        assertThat(Answer.of(Comparison.of(rows, rules(Optional.empty()))).failures())
                .singleElement()
                .asString()
                .startsWith("b alone fails on case_19 (0.100, the others 0.84");
    }

    /// Where nothing is said, nothing is to be taken with a grain of salt.
    @Test
    void whereAllIsUndecidedNothingIsSaidOfFailures() {
        add("a", 0.8, 0.001, 1);
        add("b", 0.8, 0.2, 1);
        Answer answer = Answer.of(Comparison.of(rows, rules(Optional.empty())));
        assertThat(answer.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.title()).startsWith("Undecided"));
        assertThat(answer.groups().getFirst().lines().getFirst().text()).doesNotContain("unseen");
        assertThat(answer.limits()).noneMatch(limit -> limit.startsWith("No verdict excludes"));
    }

    @Test
    void aSingleLossHasNothingBesideIt() {
        add("dice", 0.9, 0, 1);
        assertThat(Answer.of(Comparison.of(rows, rules(Optional.empty()))).headline())
                .isEqualTo(
                        "dice has the highest mean Dice, 0.920. It is the only loss, so there is nothing to compare it with.");
    }

    @Test
    void whatHadNotConvergedIsSaidFirstAndBesideEachVerdict() {
        add("best", 0.9, 0, 1);
        add("worst", 0.7, 0.01, 1);
        add("other", 0.6, 0.01, 1);
        var outcomes = new LinkedHashMap<String, Outcome>();
        List.of("best", "worst", "other").forEach(loss -> outcomes.put(loss, Outcome.SCORED));
        var learning = List.of(
                new Convergence.Learning("best", 0.9, 0, 0.9, true),
                new Convergence.Learning("worst", 0.7, 0.2, 0.95, false),
                new Convergence.Learning("other", 0.6, 0.01, 0.61, true));
        Answer answer = Answer.of(Comparison.of(
                outcomes, rows, rules(Optional.empty()), Optional.of(new Convergence(true, 66, learning))));
        assertThat(answer.warning())
                .contains(
                        "The trainings had not converged: in the last fifth of the steps worst was still gaining 0.20 Dice. This ranks how fast losses learn, not where they end. If the gains go on to shrink as they did, worst overtakes best and ends at 0.95.");
        assertThat(answer.groups().getFirst().lines())
                .extracting(Answer.Line::loss, line -> line.text().endsWith("longer training may change it"))
                .containsExactlyInAnyOrder(tuple("worst", true), tuple("other", false));
    }
}
