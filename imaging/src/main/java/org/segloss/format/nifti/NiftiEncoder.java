package org.segloss.format.nifti;

import org.segloss.format.Affine;
import org.segloss.format.nifti.NiftiFields.Field;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// Little-endian NIfTI headers.
final class NiftiEncoder {
    private static final int ALIGNED = 2;
    private static final int MILLIMETRES = 2;

    private NiftiEncoder() {}

    /// {@return the edition that a grid needs}: NIfTI-1 counts voxels along an axis by 16 bits
    static int edition(Geometry geometry, int channels) {
        int longest = Math.max(Math.max(geometry.x(), geometry.y()), Math.max(geometry.z(), channels));
        return longest > Short.MAX_VALUE ? 2 : 1;
    }

    /// {@return all before the voxels}
    ///
    /// @param edition 1 or 2
    /// @param paired  whether the voxels go to a file of their own
    static NiftiFields header(Geometry geometry, int channels, ElementType type, int edition, boolean paired) {
        NiftiFields fields = NiftiFields.empty(edition);
        if (edition == 1) {
            // 'regular', which programs of ANALYZE ask for
            fields.bytes().put(38, (byte) 'r');
        }
        int[] dim = {channels > 1 ? 4 : 3, geometry.x(), geometry.y(), geometry.z(), channels, 1, 1, 1};
        for (int i = 0; i < 8; i++) {
            fields.put(Field.DIM, i, dim[i]);
            fields.put(Field.PIXDIM, i, 1);
        }
        fields.put(Field.DATATYPE, NiftiType.of(type == ElementType.BOOL ? ElementType.UINT8 : type).code);
        fields.put(Field.BITPIX, 8 * type.bytes());
        fields.put(Field.VOX_OFFSET, paired ? 0 : fields.firstData());
        fields.put(Field.SCL_SLOPE, 1);
        fields.put(Field.UNITS, MILLIMETRES);
        fields.mark(paired ? "ni" : "n+");
        putAffine(fields, geometry.affine());
        return fields;
    }

    private static void putAffine(NiftiFields fields, double[] affine) {
        fields.put(Field.SFORM_CODE, ALIGNED);
        for (int i = 0; i < 12; i++) {
            fields.put(Field.SFORM, i, affine[i]);
        }
        for (int axis = 0; axis < 3; axis++) {
            fields.put(Field.PIXDIM, 1 + axis, Affine.length(affine, axis));
        }
        // a quaternion knows no shear: then the sform stands alone
        if (Affine.shear(affine) < 1e-5) {
            NiftiAffine.Pose pose = NiftiAffine.pose(affine);
            fields.put(Field.QFORM_CODE, ALIGNED);
            fields.put(Field.PIXDIM, pose.qfac());
            fields.put(Field.QFORM, 0, pose.b());
            fields.put(Field.QFORM, 1, pose.c());
            fields.put(Field.QFORM, 2, pose.d());
            for (int axis = 0; axis < 3; axis++) {
                fields.put(Field.QFORM, 3 + axis, affine[4 * axis + 3]);
            }
        }
    }
}
