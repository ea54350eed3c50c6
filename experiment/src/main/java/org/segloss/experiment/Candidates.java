package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segloss.compare.Tuning;
import org.segloss.design.Contest;
import org.segloss.design.LossFamily;
import org.segloss.design.TuningGrid;
import org.segloss.loss.Loss;
import org.segloss.plan.TrainingPlan;
import org.segloss.run.LossFolder;
import org.segloss.run.Manifest;
import org.segloss.run.RunFolder;
import org.segloss.run.StepTable;

/// What competes in a run: for each loss that is compared every member of its family with every point of the grid.
final class Candidates {
    private Candidates() {}

    /// @param family that it competes for
    /// @param values of the numbers that are tuned
    /// @param plan   with the first seed, and as many steps as the run began with
    record Candidate(LossFamily family, Map<String, Double> values, TrainingPlan plan) {

        Loss member() {
            return plan.loss();
        }

        /// {@return the loss, and the values that it is trained with}
        String text() {
            var text = new StringBuilder(member().text());
            values.forEach(
                    (name, value) -> text.append(", ").append(name).append('=').append(value));
            return text.toString();
        }
    }

    /// {@return the candidates of a run in the order in which they are tried}; none of a loss that has no other
    static List<Candidate> of(Settings settings) {
        Contest contest = settings.contest();
        var all = new ArrayList<Candidate>();
        for (LossFamily family : contest.families()) {
            List<Candidate> own = of(settings, family);
            if (own.size() > 1) {
                all.addAll(own);
            }
        }
        return all;
    }

    private static List<Candidate> of(Settings settings, LossFamily family) {
        List<Integer> earlier = settings.extent().earlier();
        TrainingPlan plan =
                earlier.isEmpty() ? settings.training() : settings.training().lasting(earlier.getFirst());
        var all = new ArrayList<Candidate>();
        for (Loss member : family.members()) {
            for (TuningGrid.Point point : settings.contest().grid().of(plan)) {
                all.add(new Candidate(
                        family,
                        point.values(),
                        point.plan().with(member, settings.seeds().getFirst())));
            }
        }
        return all;
    }

    /// {@return how a loss is trained in a fold}, with the first seed and all steps
    ///
    /// @param tuning what was chosen; not asked where a loss has no other
    static TrainingPlan chosen(Settings settings, LossFamily family, int fold, Optional<Tuning> tuning) {
        List<Candidate> own = of(settings, family);
        TrainingPlan plan = own.getFirst().plan();
        if (own.size() > 1) {
            Tuning.Candidate best = tuning.orElseThrow().chosen(family.text(), fold);
            plan = own.stream()
                    .filter(candidate -> candidate.member().text().equals(best.member())
                            && candidate.values().equals(best.values()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "what was chosen for %s is none of its candidates".formatted(family.text())))
                    .plan();
        }
        return plan.lasting(settings.training().steps());
    }

    /// {@return how the candidates of a run did, which have been trained, and which are chosen}
    static Tuning choose(RunFolder folder, Settings settings) throws IOException {
        var tried = new ArrayList<Tuning.Candidate>();
        long seed = settings.seeds().getFirst();
        for (int fold :
                settings.extent().of(Manifest.read(folder.manifest()).folds().size())) {
            for (Candidate candidate : of(settings)) {
                LossFolder place = folder.candidate(candidate.text(), fold, seed);
                tried.add(new Tuning.Candidate(
                        candidate.family().text(),
                        fold,
                        candidate.member().text(),
                        candidate.values(),
                        dice(place, candidate.plan().steps()),
                        false));
            }
        }
        return Tuning.choose(tried);
    }

    /// The Dice at the end; of a training that didn't get there none.
    private static double dice(LossFolder place, int steps) throws IOException {
        if (!Files.exists(place.validation())) {
            return Double.NaN;
        }
        List<double[]> curve = StepTable.read(place.validation(), "dice");
        return curve.isEmpty() || curve.getLast()[0] < steps ? Double.NaN : curve.getLast()[1];
    }

    /// Puts the trainings of those that were chosen where the compared jobs with the first seed go on from them.
    static void adopt(List<Executor.Order> orders, RunFolder folder, Settings settings) throws IOException {
        Tuning tuning = Tuning.read(folder.tuning());
        for (Executor.Order order : orders) {
            Job job = order.job();
            if (job.candidate()
                    || job.seed() != settings.seeds().getFirst()
                    || Files.exists(order.folder().stages())
                    || LossFamily.parse(job.loss()).members().size()
                                    * new TuningGrid(settings.tune())
                                            .of(job.plan())
                                            .size()
                            < 2) {
                continue;
            }
            Tuning.Candidate best = tuning.chosen(job.loss(), job.fold());
            for (Candidate candidate : of(settings)) {
                if (candidate.family().text().equals(job.loss())
                        && candidate.member().text().equals(best.member())
                        && candidate.values().equals(best.values())) {
                    LossFolder from = folder.candidate(candidate.text(), job.fold(), job.seed());
                    order.folder().adopt(from);
                    FinishedStages.read(from).training().write(order.folder());
                }
            }
        }
    }
}
