package org.segloss.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.segloss.decide.Decision;
import org.segloss.metric.Metric;
import org.segloss.metric.Scorer;

/// What a run makes of its networks' probabilities on the test cases: labels by some rules, and scores of both.
///
/// @param decide at least one rule; the answer rests on the first, and metrics of probabilities stand beside
/// its scores
/// @param metrics their texts, at least one of labels
public record Scoring(List<Decision> decide, List<String> metrics) {

    /// @throws IllegalArgumentException if there is no rule or no metric of labels, one is there twice, or a text is no
    ///     metric's
    public Scoring {
        decide = List.copyOf(decide);
        metrics = List.copyOf(metrics);
        if (decide.isEmpty()) {
            throw new IllegalArgumentException("there is no decision; there are argmax, threshold, dice");
        }
        if (decide.stream().distinct().count() < decide.size()) {
            throw new IllegalArgumentException("a decision is there twice among %s".formatted(decide));
        }
        List<Metric> parsed = Metric.parseList(String.join(",", metrics));
        if (parsed.stream().allMatch(Metric::needsProbabilities)) {
            throw new IllegalArgumentException(
                    "the metrics %s are all of probabilities; name one of labels too, such as dice"
                            .formatted(String.join(", ", metrics)));
        }
    }

    /// {@return the most probable class, scored by the metrics that [#metrics] names without a text}
    public static Scoring standard() {
        return new Scoring(List.of(Decision.ARGMAX), metrics(Optional.empty()));
    }

    /// {@return the metrics that a text names, as [ScoringRequest#metrics], where there are probabilities}
    ///
    /// @throws IllegalArgumentException if it names something else
    public static List<String> metrics(Optional<String> text) {
        return ScoringRequest.metrics(text, true).stream().map(Metric::id).toList();
    }

    /// {@return the rule on which the answer rests}
    public Decision first() {
        return decide.getFirst();
    }

    /// {@return whether a score is by that rule}
    public boolean isFirst(ScoreRow row) {
        return row.decision().equals(first().toString());
    }

    /// {@return what scores labels}
    public Scorer ofLabels() {
        return new Scorer(
                parsed().filter(metric -> !metric.needsProbabilities()).toList(), CaseScore.SCORER.policy());
    }

    /// {@return what scores probabilities; nothing if no metric asks for it}
    public Optional<Scorer> ofProbabilities() {
        List<Metric> found = parsed().filter(Metric::needsProbabilities).toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(new Scorer(found, CaseScore.SCORER.policy()));
    }

    private Stream<Metric> parsed() {
        return metrics.stream().map(Metric::parse);
    }

    /// {@return the hash text of what has to do with probabilities}: empty where labels are the most probable class and
    /// nothing else is scored
    public String beyondArgmax() {
        var parts = new ArrayList<String>();
        if (!decide.equals(List.of(Decision.ARGMAX))) {
            parts.add(decide.toString());
        }
        ofProbabilities().map(Objects::toString).ifPresent(parts::add);
        return String.join("\n", parts);
    }
}
