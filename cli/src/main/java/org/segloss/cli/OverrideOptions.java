package org.segloss.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Augmentation.Axis;
import org.segloss.grid.Spacing;
import org.segloss.plan.Overrides;
import org.segloss.plan.Recipe;
import picocli.CommandLine.Option;

/// What takes the place of a preset's numbers.
final class OverrideOptions {

    @Option(
            names = "--spacing",
            paramLabel = "Z,Y,X",
            split = ",",
            arity = "1",
            description =
                    "Millimetres from voxel to voxel that images are resampled to; Y,X in a plane. Default: the median of the training images.")
    private List<Double> spacing = List.of();

    @Option(
            names = "--patch",
            paramLabel = "Z,Y,X",
            split = ",",
            arity = "1",
            description =
                    "Voxels that a step sees of an image; Y,X in a plane. Default: the median shape of the training images, cut to as many voxels as 64,64,64 or 256,256 have.")
    private List<Integer> patch = List.of();

    @Option(names = "--batch", paramLabel = "N", description = "Patches in a step. Default: by the preset.")
    private Optional<Integer> batch;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels of the network's finest level. Default: by the preset.")
    private Optional<Integer> width;

    @Option(
            names = "--levels",
            paramLabel = "N",
            description = "Resolutions of the network. Default: by the preset and the patch.")
    private Optional<Integer> levels;

    @Option(
            names = "--mirror",
            paramLabel = "AXES",
            description =
                    "Axes along which patches, and with all presets but quick the views of a prediction, are mirrored: letters of zyx, or none. Default: yx in a plane, none in space.")
    private Optional<String> mirror;

    @Option(names = "--optimizer", description = "${COMPLETION-CANDIDATES}. Default: adamw.")
    private Optional<Recipe.Optimizer> optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Its highest value. Default: 0.003 for adamw, 0.01 for sgd; on the generated phantom "
                    + GeneratedData.LEARNING_RATE + ".")
    private Optional<Double> learningRate;

    /// Takes a learning rate where neither it nor its optimizer is given.
    void learnAt(double rate) {
        if (learningRate.isEmpty() && optimizer.isEmpty()) {
            learningRate = Optional.of(rate);
        }
    }

    /// @param recipe     of the preset
    /// @param dimensions of the data
    /// @throws IllegalArgumentException if something can't be
    Overrides over(Recipe recipe, int dimensions) {
        return new Overrides(
                spacing.isEmpty() ? Optional.empty() : Optional.of(spacing(dimensions)),
                patch.isEmpty() ? Optional.empty() : Optional.of(patch(dimensions)),
                positive("--batch", batch),
                positive("--width", width),
                positive("--levels", levels),
                Optional.of(recipe(recipe, dimensions)));
    }

    private Spacing spacing(int dimensions) {
        checkEdges("--spacing", spacing, spacing.stream().allMatch(s -> s > 0 && Double.isFinite(s)), dimensions);
        return dimensions == 2
                ? new Spacing(1, spacing.get(0), spacing.get(1))
                : new Spacing(spacing.get(0), spacing.get(1), spacing.get(2));
    }

    private List<Integer> patch(int dimensions) {
        checkEdges("--patch", patch, patch.stream().allMatch(n -> n > 0), dimensions);
        return dimensions == 2 ? List.of(1, patch.get(0), patch.get(1)) : patch;
    }

    private static void checkEdges(String option, List<?> given, boolean positive, int dimensions) {
        if (given.size() != dimensions || !positive) {
            throw new IllegalArgumentException("%s takes %s for images of %d dimensions, not %s"
                    .formatted(
                            option,
                            dimensions == 2 ? "two positive numbers Y,X" : "three positive numbers Z,Y,X",
                            dimensions,
                            given.stream().map(String::valueOf).collect(Collectors.joining(","))));
        }
    }

    private static OptionalInt positive(String option, Optional<Integer> number) {
        if (number.isPresent() && number.get() < 1) {
            throw new IllegalArgumentException("%s takes a number from 1 on, not %d".formatted(option, number.get()));
        }
        return number.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private Recipe recipe(Recipe preset, int dimensions) {
        var augmentation =
                mirror.map(axes -> new Augmentation.Plan(preset.augmentation().changes(), mirrored(axes, dimensions)));
        return new Recipe(
                optimizer.orElse(preset.optimizer()),
                learningRate.orElse(
                        optimizer.map(Recipe.Optimizer::learningRate).orElse(preset.learningRate())),
                augmentation.orElse(preset.augmentation()),
                preset.averaging(),
                preset.mirroredViews());
    }

    private static Set<Axis> mirrored(String letters, int dimensions) {
        String known = dimensions == 2 ? "yx" : "zyx";
        Set<Axis> axes = EnumSet.noneOf(Axis.class);
        if (letters.equals("none")) {
            return axes;
        }
        if (letters.isEmpty() || letters.chars().anyMatch(letter -> known.indexOf(letter) < 0)) {
            throw new IllegalArgumentException(
                    "--mirror takes letters of %s, or none, not '%s'".formatted(known, letters));
        }
        for (char letter : letters.toCharArray()) {
            axes.add(Axis.valueOf(String.valueOf(letter).toUpperCase(Locale.ROOT)));
        }
        return axes;
    }
}
