package org.segloss.grid;

/// A mask of which some voxels are unknown: they may be inside or outside, so they make no border to those beside them.
///
/// @param mask    one byte for each voxel of the grid, not 0 inside
/// @param known   whether the mask of a voxel is known; what it holds elsewhere plays no part
/// @param grid    where the voxels lie; beyond it there is neither inside nor outside
/// @param threads at least 1; results are the same bits for any number
public record PartialMask(byte[] mask, boolean[] known, Grid grid, int threads) {

    /// {@return for each voxel the distance to the nearest one that is known to be inside, in mm}: 0 for these, and
    /// infinite where there are none
    public float[] distanceToInside() {
        return distanceTo(true);
    }

    /// {@return likewise to the nearest one that is known to be outside}
    public float[] distanceToOutside() {
        return distanceTo(false);
    }

    private float[] distanceTo(boolean inside) {
        byte[] others = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            others[i] = (byte) (known[i] && mask[i] != 0 == inside ? 0 : 1);
        }
        return DistanceTransform.distance(others, grid, threads);
    }

    /// {@return the mask in which an unknown voxel belongs with the nearest one that is known, of equally near
    /// ones with that inside}: so that what looks for lines or objects finds no border where nobody knows one.
    /// What is equally near is so within [Slack]: else the sides of voxels would decide, as they are rounded
    public byte[] completed() {
        byte[] completed = mask.clone();
        float[] toInside = distanceToInside();
        float[] toOutside = distanceToOutside();
        for (int i = 0; i < mask.length; i++) {
            if (!known[i]) {
                completed[i] = (byte) (toInside[i] <= Slack.most(toOutside[i]) ? 1 : 0);
            }
        }
        return completed;
    }
}
