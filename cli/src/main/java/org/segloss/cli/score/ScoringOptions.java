package org.segloss.cli.score;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.segloss.loss.Task;
import org.segloss.metric.Metric;
import org.segloss.metric.Policy;
import org.segloss.metric.Scorer;
import org.segloss.score.LabelGroup;
import org.segloss.score.ScoringRequest;
import org.segloss.score.ScoringRequest.MissingPrediction;
import org.segloss.score.ScoringRequest.VoxelPairs;
import org.segloss.score.TableRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How predictions are scored.
final class ScoringOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--task", description = "${COMPLETION-CANDIDATES}: instead of what task.json or the labels say.")
    private Optional<Task.Kind> task;

    @Option(
            names = "--labels",
            paramLabel = "LIST",
            description = "What to score: labels between commas, or names for some together, as in 1,2,whole=1+2.")
    private Optional<String> labels;

    @Mixin
    private IgnoreOption ignored;

    @Option(
            names = "--metrics",
            paramLabel = "LIST",
            description =
                    "Metrics between commas, such as dice,hd95,nsd@1 or biou@2 with a parameter, or all. Default: dice,iou,precision,recall,nsd@1,hd95,assd,rvd.")
    private Optional<String> metrics;

    @Option(
            names = "--both-empty",
            paramLabel = "score|na",
            defaultValue = "score",
            description =
                    "Where neither mask has the class: score gives the best value, na none. Default: ${DEFAULT-VALUE}.")
    private String bothEmpty;

    @Option(
            names = "--one-empty",
            paramLabel = "diag|inf|MM",
            defaultValue = "diag",
            description =
                    "Distances where one mask alone has the class: the image's diagonal, infinity, or millimetres. Default: ${DEFAULT-VALUE}.")
    private String oneEmpty;

    @Option(
            names = "--missing",
            paramLabel = "fail|empty|skip",
            defaultValue = "fail",
            description =
                    "References in the folder without a prediction: fail names them all and scores nothing, empty counts each as a miss of every class, skip leaves them out because they were not asked for, of several methods for all. Default: ${DEFAULT-VALUE}.")
    private MissingPrediction missing;

    @Option(
            names = "--same-grid",
            description =
                    "Trusts that files of one shape have the same voxels in the same order, whatever their affines say. Without it voxels are paired by their places: axes in another order or direction are turned, and places that differ by more than a fiftieth of a voxel are an error.")
    private boolean sameGrid;

    boolean sameGrid() {
        return sameGrid;
    }

    /// {@return how files are scored}
    ///
    /// @throws ParameterException if a text can't be read
    ScoringRequest request(Optional<Path> probabilities) {
        return request(probabilities, Optional.empty());
    }

    /// As [#request(Optional)].
    ///
    /// @param needed a metric that is scored in any case
    ScoringRequest request(Optional<Path> probabilities, Optional<String> needed) {
        return parsed(() -> {
            var all = new ArrayList<>(ScoringRequest.metrics(metrics, probabilities.isPresent()));
            needed.filter(metric -> all.stream().noneMatch(m -> m.id().equals(metric)))
                    .ifPresent(metric -> all.add(Metric.parse(metric)));
            return new ScoringRequest(
                    task,
                    labels.map(LabelGroup::parse).orElse(List.of()),
                    probabilities,
                    new Scorer(all, Policy.parse(bothEmpty, oneEmpty)),
                    missing,
                    sameGrid ? VoxelPairs.BY_INDEX : VoxelPairs.BY_PLACE,
                    ignored.labels());
        });
    }

    /// {@return how the pairs of a table are scored}
    ///
    /// @throws ParameterException if a text can't be read
    TableRequest ofTable() {
        return parsed(() -> new TableRequest(
                labels.orElse(""), metrics.orElse(""), bothEmpty, oneEmpty, ignored.labels(), sameGrid));
    }

    private <T> T parsed(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
