package org.segloss.format.nifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.segloss.format.Affine;
import org.segloss.image.ElementType;
import org.segloss.image.Geometry;

/// Little-endian NIfTI-1 headers.
final class NiftiEncoder {
    private static final int ALIGNED = 2;
    private static final int MILLIMETRES = 2;

    private NiftiEncoder() {}

    /// {@return the 352 bytes before the voxels}
    static byte[] header(Geometry geometry, int channels, ElementType type) {
        if (Math.max(Math.max(geometry.x(), geometry.y()), Math.max(geometry.z(), channels)) > Short.MAX_VALUE) {
            throw new IllegalArgumentException("NIfTI-1 holds up to 32767 voxels along an axis, but the image has %s"
                    .formatted(geometry.shapeText()));
        }
        NiftiType stored = NiftiType.of(type == ElementType.BOOL ? ElementType.UINT8 : type);
        ByteBuffer b = ByteBuffer.allocate(NiftiHeader.FIRST_DATA).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0, NiftiHeader.LENGTH);
        b.put(38, (byte) 'r');
        int[] dim = {channels > 1 ? 4 : 3, geometry.x(), geometry.y(), geometry.z(), channels, 1, 1, 1};
        for (int i = 0; i < 8; i++) {
            b.putShort(40 + 2 * i, (short) dim[i]);
            b.putFloat(76 + 4 * i, 1);
        }
        b.putShort(70, (short) stored.code);
        b.putShort(72, (short) (8 * type.bytes()));
        b.putFloat(108, NiftiHeader.FIRST_DATA);
        b.putFloat(112, 1);
        b.put(123, (byte) MILLIMETRES);
        b.put(344, "n+1".getBytes(StandardCharsets.US_ASCII));
        putAffine(b, geometry.affine());
        return b.array();
    }

    private static void putAffine(ByteBuffer b, double[] affine) {
        b.putShort(254, (short) ALIGNED);
        for (int i = 0; i < 12; i++) {
            b.putFloat(280 + 4 * i, (float) affine[i]);
        }
        for (int axis = 0; axis < 3; axis++) {
            b.putFloat(80 + 4 * axis, (float) Affine.length(affine, axis));
        }
        // a quaternion knows no shear: then the sform stands alone
        if (Affine.shear(affine) < 1e-5) {
            NiftiAffine.Pose pose = NiftiAffine.pose(affine);
            b.putShort(252, (short) ALIGNED);
            b.putFloat(76, pose.qfac());
            b.putFloat(256, (float) pose.b());
            b.putFloat(260, (float) pose.c());
            b.putFloat(264, (float) pose.d());
            for (int axis = 0; axis < 3; axis++) {
                b.putFloat(268 + 4 * axis, (float) affine[4 * axis + 3]);
            }
        }
    }
}
