package org.segloss.cli.score;

import java.util.List;
import java.util.Optional;
import org.segloss.compare.ComparisonRules;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What is decided before the scores are looked at.
public final class RulesOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "The primary metric, on which the answer rests. Default: dice.")
    private Optional<String> metric;

    @Option(
            names = "--class",
            paramLabel = "LABEL",
            description = "The class that it is taken of. Default: mean, over the classes.")
    private Optional<String> label;

    @Option(
            names = "--margin",
            paramLabel = "X",
            description =
                    "A difference of the primary metric that wouldn't matter. Default: 0.01 for metrics between 0 and 1, else none.")
    private Optional<Double> margin;

    @Option(
            names = "--baseline",
            paramLabel = "LOSS",
            description = "Compares each other loss with this one. Default: all pairs.")
    private Optional<String> baseline;

    @Option(
            names = "--lower-is-better",
            split = ",",
            paramLabel = "NAME",
            description = "Metrics of which segloss doesn't know that less is better.")
    private List<String> lowerIsBetter = List.of();

    @Option(
            names = "--higher-is-better",
            split = ",",
            paramLabel = "NAME",
            description = "Metrics of which segloss doesn't know that more is better.")
    private List<String> higherIsBetter = List.of();

    @Option(names = "--bootstrap-seed", paramLabel = "N", description = "Seed of the bootstrap. Default: 1.")
    private Optional<Long> seed;

    /// {@return the rules with what was given put in their place}
    ///
    /// @throws ParameterException if that can't be
    public ComparisonRules over(ComparisonRules rules) {
        margin.filter(x -> x.isNaN()).ifPresent(_ -> {
            throw new ParameterException(spec.commandLine(), "--margin: NaN is no number");
        });
        try {
            return merged(rules);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private ComparisonRules merged(ComparisonRules rules) {
        return new ComparisonRules(
                metric.orElse(rules.metric()),
                label.orElse(rules.label()),
                margin.orElse(rules.margin()),
                baseline.or(rules::baseline),
                lowerIsBetter.isEmpty() ? rules.lowerIsBetter() : lowerIsBetter,
                higherIsBetter.isEmpty() ? rules.higherIsBetter() : higherIsBetter,
                rules.replicates(),
                seed.orElse(rules.seed()),
                rules.columns());
    }
}
