package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.compare.Comparison;
import org.segloss.compare.ComparisonRules;
import org.segloss.compare.Convergence;
import org.segloss.compare.Race;
import org.segloss.compare.Tuning;
import org.segloss.run.LossFolder;
import org.segloss.run.Outcome;
import org.segloss.run.RunFolder;
import org.segloss.score.ScoreRow;

/// Collects the scores that jobs left and compares the losses by them.
final class ComparedJobs {
    private ComparedJobs() {}

    /// Writes the scores of all jobs and the comparison into the run's folder.
    ///
    /// @param ended how each of the jobs ended
    static Comparison compare(
            RunFolder folder,
            Settings settings,
            List<Executor.Order> orders,
            List<Outcome> ended,
            ComparisonRules rules,
            Optional<Race> race)
            throws IOException {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        var rows = new ArrayList<ScoreRow>();
        Map<String, List<LossFolder>> trainings = new LinkedHashMap<>();
        for (int i = 0; i < orders.size(); i++) {
            Executor.Order order = orders.get(i);
            Outcome outcome = ended.get(i);
            // a loss that diverged or failed once has
            outcomes.merge(order.job().loss(), outcome, (old, now) -> old.status() == Outcome.Ending.DONE ? now : old);
            if (outcome.status() == Outcome.Ending.DONE) {
                rows.addAll(ScoreRow.read(order.folder().scores()));
                trainings
                        .computeIfAbsent(order.job().loss(), _ -> new ArrayList<>())
                        .add(order.folder());
            }
        }
        // by loss; a stable sort leaves the rest as it is, by fold and seed
        rows.sort(Comparator.comparing(row -> settings.losses().indexOf(row.loss())));
        ScoreRow.write(folder.scores(), rows, settings.training().task().ignoredLabels());
        race.ifPresent(known -> outcomes.replaceAll((loss, outcome) ->
                known.leftAfter(loss).isPresent() ? new Outcome(Outcome.Ending.LEFT, outcome.step()) : outcome));
        trainings.keySet().removeIf(loss -> !outcomes.get(loss).hasScores());
        Comparison comparison = Comparison.of(outcomes, rows, rules, Convergence.read(trainings, epochs(orders)), race)
                .beside(earlier(settings, trainings));
        if (Files.exists(folder.tuning())) {
            comparison = comparison.tuned(Tuning.read(folder.tuning()));
        }
        comparison.write(folder.comparison());
        return comparison;
    }

    /// How often a training saw each of its cases, that which saw them the least.
    private static double epochs(List<Executor.Order> orders) {
        return orders.stream()
                .map(Executor.Order::job)
                .mapToDouble(job -> (double) job.plan().steps()
                        * job.plan().batch()
                        / job.split().train().size())
                .min()
                .orElse(Double.NaN);
    }

    /// What the losses had before their trainings were extended.
    private static List<Comparison.Earlier> earlier(Settings settings, Map<String, List<LossFolder>> trainings)
            throws IOException {
        var all = new ArrayList<Comparison.Earlier>();
        for (int steps : settings.extent().earlier()) {
            var rows = new ArrayList<ScoreRow>();
            for (List<LossFolder> folders : trainings.values()) {
                for (LossFolder folder : folders) {
                    ScoreRow.read(folder.after(steps).scores()).stream()
                            .filter(settings.scoring()::isFirst)
                            .forEach(rows::add);
                }
            }
            all.add(Comparison.Earlier.of(steps, settings.losses(), rows));
        }
        return all;
    }
}
