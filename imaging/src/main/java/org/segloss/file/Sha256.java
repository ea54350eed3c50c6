package org.segloss.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Hashes by SHA-256, in hexadecimal.
public final class Sha256 {
    private Sha256() {}

    /// {@return the hash of a text in UTF-8}
    public static String of(String text) {
        MessageDigest digest = digest();
        digest.update(text.getBytes(UTF_8));
        return hex(digest);
    }

    /// {@return the hash of a file's bytes}
    public static String of(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        }
        return hex(digest);
    }

    /// {@return the hash of what a digest was given; the digest begins anew}
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /// {@return a digest to be given what comes in pieces}
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
