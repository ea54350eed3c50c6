package org.segloss.cli;

import java.util.List;
import java.util.Optional;
import org.segloss.decide.Decision;
import org.segloss.score.Scoring;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What is made of networks once they are trained.
final class DecisionOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--decide",
            paramLabel = "LIST",
            description =
                    "How labels are made of probabilities, one or several between commas: argmax, the most probable class; threshold, for each class the one that is best on the validation cases; dice, the set with the largest expected Dice of the case. The answer rests on the first. docs/decisions.md says more. Default: argmax.")
    private Optional<String> decide;

    @Option(
            names = "--metrics",
            paramLabel = "LIST",
            description =
                    "What is scored: metrics between commas, such as dice,hd95,nsd@2,ece, or all. Default: dice,iou,precision,recall,nsd@1,hd95,assd,rvd,ece,ece_box@10,brier,nll,nll_clipped.")
    private Optional<String> metrics;

    /// {@return what was given in the place of what there is}
    ///
    /// @throws ParameterException if that can't be
    Scoring over(Scoring scoring) {
        try {
            List<Decision> rules = decide.map(Decision::parseList).orElse(scoring.decide());
            return new Scoring(rules, metrics.isEmpty() ? scoring.metrics() : Scoring.metrics(metrics));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
