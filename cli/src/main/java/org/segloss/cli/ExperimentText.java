package org.segloss.cli;

import java.util.List;
import java.util.stream.Stream;
import org.segloss.dataset.Split;
import org.segloss.experiment.Experiment;
import org.segloss.plan.TrainingPlan;
import org.segloss.stat.Design;

/// What is said of an experiment before it begins.
final class ExperimentText {
    private ExperimentText() {}

    /// {@return what the comparison could find, and what it can't}
    ///
    /// @param units independent test cases
    static List<String> design(Experiment experiment, int units) {
        if (units == 0) {
            return List.of("Warning: nothing is known of any test case, since all voxels have ignored labels.");
        }
        Design design = Design.of(
                units,
                experiment.contest().families().size(),
                experiment.seeds().size(),
                experiment.folds().size());
        Stream<String> unvalidated =
                experiment.folds().stream().anyMatch(fold -> fold.validation().isEmpty())
                        ? Stream.of(
                                "No case validates: whether the trainings have converged is judged by their training losses. Name some in \"val\" of the split, or give --val.")
                        : Stream.of();
        return Stream.concat(
                        Stream.of(design.resolution()),
                        Stream.concat(design.warnings().stream(), unvalidated).map(warning -> "Warning: " + warning))
                .toList();
    }

    /// {@return a warning if images of computed tomography get no common scale}, which that of the training cases'
    /// foreground would be
    static List<String> scales(Experiment experiment, TrainingPlan plan) {
        return plan.preprocessing()
                        .scales()
                        .keySet()
                        .containsAll(experiment.dataset().tomography())
                ? List.of()
                : List.of(
                        "Warning: images of computed tomography have no common scale, since the training cases have no foreground, or all its voxels have the same number: each image is brought to a scale of its own.");
    }

    /// {@return how many cases and trainings there are}
    static String counts(Experiment experiment) {
        int folds = experiment.folds().size();
        int seeds = experiment.seeds().size();
        Split first = experiment.folds().getFirst();
        String cases = folds == 1
                ? "%d training, %d validation and %d test cases"
                        .formatted(
                                first.train().size(),
                                first.validation().size(),
                                first.test().size())
                : "%d cases of %d subjects in %d folds"
                        .formatted(
                                experiment.groups().byCase().size(),
                                experiment.groups().count(),
                                folds);
        int losses = experiment.contest().families().size();
        String trainings = folds * seeds == 1
                ? cases
                : "%s, %d seed%s: %d trainings"
                        .formatted(
                                cases,
                                seeds,
                                seeds == 1 ? "" : "s",
                                experiment.done().size() * seeds * losses);
        return experiment.contest().competes()
                ? "%s; before it %d trainings choose on the validation cases"
                        .formatted(
                                trainings,
                                experiment.contest().trainings()
                                        * experiment.done().size())
                : trainings;
    }
}
