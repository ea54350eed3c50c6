package org.segloss.dicom.part10;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Names of objects that are the world's only ones.
public final class Uids {
    /// This program's.
    static final String IMPLEMENTATION = of("org.segloss", new byte[0]);

    private Uids() {}

    /// {@return the UID of what something is made of}: the same makes the same. It is a UUID (version 8)
    /// under the arc 2.25, whose bits are of a SHA-256.
    ///
    /// @param what  tells several UIDs of the same content apart
    /// @param bytes of the content
    public static String of(String what, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(what.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] uuid = Arrays.copyOf(digest.digest(bytes), 16);
            uuid[6] = (byte) (uuid[6] & 0x0F | 0x80);
            uuid[8] = (byte) (uuid[8] & 0x3F | 0x80);
            return "2.25." + new BigInteger(1, uuid);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
