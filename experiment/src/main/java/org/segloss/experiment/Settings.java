package org.segloss.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.segloss.loss.Loss;
import org.segloss.loss.Task;
import org.segloss.plan.Machine;
import org.segloss.plan.NetworkPlan;
import org.segloss.plan.Overrides;
import org.segloss.plan.Precision;
import org.segloss.plan.Preset;
import org.segloss.plan.Recipe;
import org.segloss.plan.TrainingPlan;
import org.segloss.prep.Preprocessing;
import org.segloss.run.Documents;

/// All that was decided for an experiment, as `experiment.yaml` holds it.
///
/// @param segloss  the version that runs it
/// @param data     folder of the data set, as a path
/// @param task     how classes relate
/// @param losses   the losses' texts
/// @param folds    how often the data are split
/// @param seeds    of the trainings in each fold
/// @param preset   from which the rest follows, and the data
/// @param preprocessing what is done to every image first
/// @param network  the network that is trained with each of them
/// @param training how, equal for all losses
public record Settings(
        String segloss,
        String data,
        Task.Kind task,
        List<String> losses,
        int folds,
        List<Long> seeds,
        Preset preset,
        Preprocessing preprocessing,
        NetworkPlan network,
        Training training) {

    /// How each network is trained. The parameters are those of [TrainingPlan].
    public record Training(
            List<Integer> patch, int batch, int steps, Recipe recipe, String device, int threads, Precision precision) {

        static Training of(TrainingPlan plan) {
            return new Training(
                    plan.patch(),
                    plan.batch(),
                    plan.steps(),
                    plan.recipe(),
                    plan.device(),
                    plan.threads(),
                    plan.precision());
        }

        Machine machine() {
            return new Machine(device, OptionalInt.of(threads), Optional.of(precision));
        }
    }

    public Settings {
        losses = List.copyOf(losses);
        seeds = List.copyOf(seeds);
    }

    static Settings of(Experiment experiment, TrainingPlan plan) {
        return new Settings(
                version(),
                experiment.folder().toAbsolutePath().normalize().toString(),
                experiment.kind(),
                experiment.losses().stream().map(Loss::toString).toList(),
                experiment.folds().size(),
                experiment.seeds(),
                experiment.preset(),
                plan.preprocessing(),
                plan.network(),
                Training.of(plan));
    }

    private static String version() {
        return Optional.ofNullable(Settings.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /// Reads `experiment.yaml`.
    public static Settings read(Path file) throws IOException {
        return Documents.readYaml(file, Settings.class);
    }

    void write(Path file) throws IOException {
        Documents.writeYaml(file, this);
    }

    /// {@return what stands here, said to a training}
    Overrides choices() {
        return new Overrides(
                Optional.of(preprocessing.spacing()),
                Optional.of(preprocessing.scales()),
                Optional.of(training.patch),
                OptionalInt.of(training.batch),
                OptionalInt.of(network.width()),
                OptionalInt.empty(),
                Optional.of(network.strides()),
                Optional.of(network.kernels()),
                OptionalInt.of(network.heads()),
                Optional.of(training.recipe));
    }

    /// The same data may lie elsewhere; their hashes are compared instead.
    private Settings withoutPlace() {
        return new Settings(segloss, "", task, losses, folds, seeds, preset, preprocessing, network, training);
    }

    /// {@return these settings, taken over by a version}
    Settings at(String version) {
        return new Settings(version, data, task, losses, folds, seeds, preset, preprocessing, network, training);
    }

    /// {@return how `other` differs, one line a setting, as `training.steps: 300, not 400`; the data's folder may
    /// differ}
    List<String> differences(Settings other) {
        return Documents.differences(withoutPlace(), other.withoutPlace());
    }
}
