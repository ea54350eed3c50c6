package org.segloss.loss.volume;

import org.segloss.grid.DistanceTransform;
import org.segloss.grid.PartialMask;
import org.segloss.loss.VolumeLoss;

/// How far the voxels of a class are from its border.
///
/// A voxel that doesn't count is unknown: it has no distance, and it makes no border either, for it may be of any
/// class. So a distance is that to the nearest voxel which is known to be of the other kind.
final class BorderDistance {
    private BorderDistance() {}

    /// {@return for each voxel that counts the distance to the nearest one of the other kind that counts, negative
    /// where
    /// `numbers` is above one half; 0 for the others, and everywhere if there are not both kinds}
    static float[] signed(double[] numbers, VolumeLoss.Field field) {
        boolean all = field.kept() == numbers.length;
        byte[] mask = Foreground.of(numbers);
        float[] distance = all ? DistanceTransform.signed(mask, field.grid(), field.threads()) : known(mask, field);
        for (int i = 0; i < distance.length; i++) {
            if (!field.counts()[i] || Float.isInfinite(distance[i])) {
                distance[i] = 0;
            }
        }
        return distance;
    }

    private static float[] known(byte[] mask, VolumeLoss.Field field) {
        PartialMask known = partial(mask, field);
        float[] toOutside = known.distanceToOutside();
        float[] distance = known.distanceToInside();
        for (int i = 0; i < mask.length; i++) {
            distance[i] = mask[i] != 0 ? -toOutside[i] : distance[i];
        }
        return distance;
    }

    private static PartialMask partial(byte[] mask, VolumeLoss.Field field) {
        return new PartialMask(mask, field.counts(), field.grid(), field.threads());
    }

    /// {@return the foreground of a target}, in which a voxel that doesn't count belongs with the nearest one that
    /// does: so that nothing which looks for a border finds one where nobody knows
    static byte[] completed(VolumeLoss.Field field) {
        byte[] mask = Foreground.of(field.target());
        return field.kept() == mask.length ? mask : partial(mask, field).completed();
    }
}
