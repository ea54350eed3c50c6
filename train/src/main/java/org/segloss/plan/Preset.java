package org.segloss.plan;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.segloss.augment.Augmentation;
import org.segloss.augment.Augmentation.Axis;

/// How much time a training may take, and what is made of it.
public enum Preset {
    /// A few minutes on two cores: a small network and patches as they are. For a first look, and for comparing losses
    /// where time is short.
    QUICK(8, 3, 2),
    /// A quarter of an hour on two cores in bfloat16, or half of one: a network four times as costly, changed patches,
    /// averaged weights.
    STANDARD(16, 4, 2),
    /// Several hours on two cores: as standard, with a network of twice the width and three times the steps.
    THOROUGH(32, 4, 2);

    private final int width;
    private final int levels;
    private final int batch;

    Preset(int width, int levels, int batch) {
        this.width = width;
        this.levels = levels;
        this.batch = batch;
    }

    int width() {
        return width;
    }

    /// {@return how many resolutions a network has at most}
    int levels(int dimensions) {
        // a plane has more voxels along an edge
        return dimensions == 2 ? levels + 1 : levels;
    }

    int heads(int levels) {
        return this == QUICK ? 1 : Math.max(1, levels - 1);
    }

    int batch() {
        return batch;
    }

    /// {@return how many steps a training takes if nobody says}; in the quick one about ten looks at each case, but no
    /// fewer than a network needs for any of the losses
    ///
    /// @param cases training cases
    public int steps(int dimensions, int cases) {
        int quick = dimensions == 2 ? 600 : Math.clamp(5L * cases, 240, 800);
        return switch (this) {
            case QUICK -> quick;
            case STANDARD -> dimensions == 2 ? 2000 : 4000;
            case THOROUGH -> dimensions == 2 ? 6000 : 12000;
        };
    }

    /// {@return how a network learns, whatever the data and the loss}
    public Recipe recipe(int dimensions) {
        // in a body left is not right
        Set<Axis> mirrored = dimensions == 2 ? EnumSet.of(Axis.Y, Axis.X) : EnumSet.noneOf(Axis.class);
        boolean thin = this == QUICK;
        var optimizer = Recipe.Optimizer.ADAMW;
        return new Recipe(
                optimizer, optimizer.learningRate(), new Augmentation.Plan(!thin, mirrored), thin ? 0 : 0.995, !thin);
    }

    /// {@return the name as on the command line and in files}
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
