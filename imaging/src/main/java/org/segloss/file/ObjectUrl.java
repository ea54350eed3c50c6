package org.segloss.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a file or folder in an object store, such as `s3a://bucket/data`, and the place of its copy on this
/// machine. Programs work on copies: an object can't be appended to, renamed in one step or locked.
///
/// @param scheme what the store is: `s3a`
/// @param bucket as the store names it
/// @param key    without a slash at either end; empty for the whole bucket
public record ObjectUrl(String scheme, String bucket, String key) {
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://([^/]*)/*(.*?)/*");
    private static final Pattern WITH_SECRET = Pattern.compile("[^/]*://[^/@]*:(?!\\d+(/|$)).*@.*");

    /// {@return whether a text is a URL and no path}
    public static boolean isUrl(String text) {
        return URL.matcher(text).matches();
    }

    /// Reads a URL.
    ///
    /// @throws IllegalArgumentException if it names nothing in a store that can be copied; says what to write
    public static ObjectUrl parse(String text) {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'%s' is no URL; write one as in s3a://bucket/data".formatted(text));
        }
        String scheme = parts.group(1);
        String bucket = parts.group(2);
        String key = parts.group(3);
        // a secret may have a slash, after which it looks as if it were the key's
        if (WITH_SECRET.matcher(text).matches() || scheme.equals("s3a") && bucket.contains(":")) {
            // not repeated: it would stand in a log
            throw new IllegalArgumentException(
                    "a URL must not hold credentials, which others would see; put them into the environment or ~/.aws, and change those that were written here");
        }
        if (scheme.equals("s3") || scheme.equals("s3n")) {
            throw new IllegalArgumentException("'%s': write s3a://%s/%s".formatted(text, bucket, key));
        }
        if (scheme.equals("file") || scheme.matches("https?")) {
            throw new IllegalArgumentException(
                    "'%s' is no object store's; give a folder, or a URL as s3a://bucket/data".formatted(text));
        }
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' names no bucket; write one as in s3a://bucket/data".formatted(text));
        }
        List<String> segments = Arrays.asList(key.split("/", -1));
        if (!key.isEmpty() && (segments.contains("") || segments.contains(".") || segments.contains(".."))) {
            throw new IllegalArgumentException(
                    "'%s' has a part of its name that is empty, '.' or '..'; write the name as the store lists it"
                            .formatted(text));
        }
        return new ObjectUrl(scheme, bucket, key);
    }

    /// {@return what lies in this folder under a name}
    public ObjectUrl child(String name) {
        return new ObjectUrl(scheme, bucket, key.isEmpty() ? name : key + "/" + name);
    }

    /// {@return whether this is another one, or lies in it}
    public boolean isWithin(ObjectUrl folder) {
        return scheme.equals(folder.scheme)
                && bucket.equals(folder.bucket)
                && (folder.key.isEmpty() || key.equals(folder.key) || key.startsWith(folder.key + "/"));
    }

    /// What a copy is for: programs that do different things with one folder have copies of their own.
    public enum Use {
        /// A data set, which is read.
        DATA,
        /// A run, by the program that compares.
        RUN,
        /// A run of which cells are done.
        CELLS;

        private Path folder() {
            return CacheFolder.ofThisMachine().resolve("stores", name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /// {@return where this machine has its copy}: always the same for a URL
    ///
    /// @throws IllegalArgumentException if it can't be the name of a folder here
    public Path copy(Use use) {
        try {
            return use.folder().resolve(scheme, bucket).resolve(key);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "%s can't be a folder's name here: %s".formatted(this, e.getReason()), e);
        }
    }

    /// {@return the folder of a data set on this machine}
    ///
    /// @param data a path, or the URL of one that was copied here
    public static Path folder(String data) {
        return isUrl(data) ? parse(data).copy(Use.DATA) : Path.of(data);
    }

    /// {@return what a data set's folder is called on all machines}: the URL that it was copied from, or its path
    public static String name(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        Path copies = Use.DATA.folder().toAbsolutePath().normalize();
        if (!path.startsWith(copies) || path.getNameCount() < copies.getNameCount() + 2) {
            return path.toString();
        }
        Path below = copies.relativize(path);
        String key = below.getNameCount() == 2
                ? ""
                : below.subpath(2, below.getNameCount()).toString().replace('\\', '/');
        return new ObjectUrl(below.getName(0).toString(), below.getName(1).toString(), key).toString();
    }

    /// {@return the URL}
    @Override
    public String toString() {
        return key.isEmpty() ? "%s://%s".formatted(scheme, bucket) : "%s://%s/%s".formatted(scheme, bucket, key);
    }
}
