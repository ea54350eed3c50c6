package org.segloss.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What an image is read from: a file, or bytes that came from elsewhere, such as a column of a table, an archive or a
/// network.
public sealed interface ImageSource {

    /// {@return what messages call it}; its ending says the format where its first bytes don't
    String name();

    /// {@return the number of its bytes}, with which a header's claims are compared
    long size() throws IOException;

    /// {@return its bytes from the first on}
    InputStream open() throws IOException;

    /// {@return the file, in whose folder other files may belong to the image, or the folder that is the
    /// image}; nothing where there are only bytes
    Optional<Path> file();

    /// {@return what is wrong with it before its first byte is read}
    List<Finding> readable();

    /// {@return whether it is a folder, which has neither a size nor bytes of its own}
    default boolean isFolder() {
        return false;
    }

    /// {@return an image in a file, or in a folder}
    static ImageSource of(Path path) {
        return Files.isDirectory(path) ? new OfFolder(path) : new OfFile(path);
    }

    /// {@return an image in bytes, which are not copied}
    static ImageSource of(String name, byte[] bytes) {
        return new OfBytes(name, bytes);
    }

    /// {@return an image in the bytes that a stream still has}; they are read to their end, and the stream stays open
    static ImageSource of(String name, InputStream in) throws IOException {
        return new OfBytes(name, in.readAllBytes());
    }

    /// A file on a file system.
    record OfFile(Path path) implements ImageSource {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public long size() throws IOException {
            return Files.size(path);
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public List<Finding> readable() {
            return FileChecks.readable(path);
        }
    }

    /// A folder whose files are one image.
    record OfFolder(Path path) implements ImageSource {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public long size() throws IOException {
            throw new IOException("this is a folder");
        }

        @Override
        public InputStream open() throws IOException {
            throw new IOException("this is a folder");
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public boolean isFolder() {
            return true;
        }

        @Override
        public List<Finding> readable() {
            return Formats.IMAGES.isImageFolder(path) ? List.of() : FileChecks.readable(path);
        }
    }

    /// Bytes in memory.
    record OfBytes(String name, byte[] bytes) implements ImageSource {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }

        @Override
        public List<Finding> readable() {
            return bytes.length > 0
                    ? List.of()
                    : List.of(Finding.error("there are no bytes", "Check where they come from."));
        }
    }
}
