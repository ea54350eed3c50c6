package org.segloss.loss.volume;

import java.util.List;
import org.segloss.grid.Grid;
import org.segloss.grid.Skeleton;
import org.segloss.loss.About;
import org.segloss.loss.Meaning;
import org.segloss.loss.Reduction;
import org.segloss.loss.Smooth;
import org.segloss.loss.Task;
import org.segloss.loss.VolumeLoss;

/// One minus the recall of the target's skeleton, made a tube.
///
/// ```
/// 1 - (sum(p k) + smooth) / (sum(k) + smooth)
/// ```
///
/// `k` is 1 on the [Skeleton] of the class, where the target is above 1/2, and on what two steps to voxels
/// that share a face reach from there without leaving the class; a voxel that doesn't count is taken to be of the
/// class that is nearest to it, and left out of `k`. So an object ends at the edge, as in every thinning, and goes on
/// into a masked margin. From 0 to 1 with a smooth that isn't
/// uneven. It rewards no restraint: it is 0 if everything is foreground. Without a voxel of the class it is
/// 0 too, unless [Reduction.Absent] says otherwise.
///
/// @param smooth at least 0
/// @param over   classes and samples
/// @see <a href="https://arxiv.org/abs/2404.03010">Kirchhoff, Rokuss et al. (2024), Skeleton recall loss
///     for connectivity conserving and resource efficient segmentation of thin tubular structures</a>
@About(
        summary = "Recall of the middle lines of the target, so that thin structures stay whole.",
        formula = "1 - (sum(p k) + smooth) / (sum(k) + smooth), k the thickened skeleton of the target",
        tex = "1-\\frac{\\sum pk+s}{\\sum k+s}",
        range = "0 to 1",
        use = "Vessels, nerves and other thin lines, beside dice + ce: as in dice + ce + skeletonRecall.",
        avoid = "Alone: it is least if everything is foreground. Objects that are no lines.",
        cost = "A thinning of each class in each step, on one core.",
        source = "Kirchhoff et al. (2024), https://arxiv.org/abs/2404.03010")
public record SkeletonRecall(
        @Meaning("added to numerator and denominator") Smooth smooth, Reduction over) implements VolumeLoss {

    public SkeletonRecall() {
        this(Smooth.of(1), Reduction.FOREGROUND);
    }

    @Override
    public Measure measure(Task task) {
        return Measure.PROBABILITY;
    }

    @Override
    public double at(Field field) {
        return at(List.of(field));
    }

    @Override
    public double at(List<Field> fields) {
        return at(fields, fields.stream().map(SkeletonRecall::tube).toList());
    }

    /// @param tubes of each field 1 where `k` is 1
    double at(List<Field> fields, List<byte[]> tubes) {
        double hit = smooth.num();
        double all = smooth.den();
        for (int f = 0; f < fields.size(); f++) {
            for (int i = 0; i < tubes.get(f).length; i++) {
                hit += fields.get(f).values()[i] * tubes.get(f)[i];
                all += tubes.get(f)[i];
            }
        }
        for (int f = 0; f < fields.size(); f++) {
            for (int i = 0; i < tubes.get(f).length; i++) {
                fields.get(f).values()[i] = tubes.get(f)[i] == 0 ? 0 : -1 / all;
            }
        }
        return all == 0 ? 0 : 1 - hit / all;
    }

    /// {@return 1 on the skeleton of the target and up to two steps from it, within the target}
    static byte[] tube(Field field) {
        byte[] mask = BorderDistance.completed(field);
        byte[] tube = dilated(dilated(Skeleton.of(mask, field.grid()), field.grid()), field.grid());
        for (int i = 0; i < mask.length; i++) {
            tube[i] &= field.counts()[i] ? mask[i] : 0;
        }
        return tube;
    }

    private static byte[] dilated(byte[] mask, Grid grid) {
        byte[] dilated = mask.clone();
        int line = grid.x();
        int slice = grid.y() * line;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 0) {
                mark(dilated, i - 1, i % line > 0);
                mark(dilated, i + 1, i % line < line - 1);
                mark(dilated, i - line, i % slice >= line);
                mark(dilated, i + line, i % slice < slice - line);
                mark(dilated, i - slice, i >= slice);
                mark(dilated, i + slice, i < mask.length - slice);
            }
        }
        return dilated;
    }

    private static void mark(byte[] mask, int i, boolean isInGrid) {
        if (isInGrid) {
            mask[i] = 1;
        }
    }
}
