package org.segloss.loss;

import java.util.List;
import org.segloss.grid.Grid;

/// A loss that depends on where the voxels lie: on distances, neighbours, skeletons or windows.
///
/// Its measure is [Measure#PROBABILITY], [Measure#LOGIT] or [Measure#CROSS_ENTROPY].
///
/// What doesn't count is unknown: masked out, ignored, outside the image. It may be of any class, so it makes no border
/// to the voxels beside it. A distance is that to the nearest voxel which is known to be of another class, a mean is
/// one of known neighbours, a minimum or maximum one of known voxels, and where lines or objects are looked for an
/// unknown voxel belongs with the nearest known one. It has no distance and no gradient itself.
///
/// Implementing [#at(Field)] is enough. A record with a component `over` of type [Reduction] has its options;
/// but a loss of cross-entropies is a mean over all voxels that count, and has none.
public non-sealed interface VolumeLoss extends WholeLoss {

    /// {@return the loss of one class of one sample} with a voxel that counts; its derivatives by the field's
    /// values replace those values
    double at(Field field);

    /// {@return the loss of classes or samples that are taken together}; by default the mean of theirs, over
    /// those of which voxels count
    default double at(List<Field> fields) {
        // the others have no derivatives: their values are 0
        List<Field> counted = fields.stream().filter(field -> field.kept() > 0).toList();
        double sum = 0;
        for (Field field : counted) {
            sum += at(field);
            for (int i = 0; i < field.values().length; i++) {
                field.values()[i] /= counted.size();
            }
        }
        return sum / counted.size();
    }

    /// One class of one sample. Its arrays belong to one call, and are those of others later.
    ///
    /// @param values  the [Measure] of each voxel, 0 where it doesn't count; then the loss's derivatives by them
    /// @param target  the target of the class, 0 where it doesn't count
    /// @param counts  whether a voxel counts
    /// @param kept    how many do
    /// @param grid    where the voxels lie; one slice along any axis is a plane of `z = 1`
    /// @param threads how many threads may be used; the result must not depend on it
    record Field(double[] values, double[] target, boolean[] counts, long kept, Grid grid, int threads) {}
}
