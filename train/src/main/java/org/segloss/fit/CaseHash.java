package org.segloss.fit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.segloss.dataset.Case;
import org.segloss.file.Sha256;

/// What a training is made from, in a line: a hash of its cases' names, grids, voxels and labels.
final class CaseHash {
    private static final int CHUNK = 1 << 14;

    private CaseHash() {}

    static String of(List<Case> cases) {
        MessageDigest digest = Sha256.digest();
        for (Case c : cases) {
            add(c, digest);
        }
        return Sha256.hex(digest);
    }

    /// Gives a digest what it is to know of a case.
    static void add(Case c, MessageDigest digest) {
        digest.update("%s %s %s\n"
                .formatted(
                        c.id(),
                        c.image().geometry().shapeText(),
                        Arrays.toString(c.image().geometry().spacing()))
                .getBytes(StandardCharsets.UTF_8));
        float[] values = c.image().values();
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int start = 0; start < values.length; start += CHUNK) {
            int length = Math.min(CHUNK, values.length - start);
            bytes.clear().asFloatBuffer().put(values, start, length);
            digest.update(bytes.limit(length * Float.BYTES));
        }
        digest.update(c.label().values());
    }
}
