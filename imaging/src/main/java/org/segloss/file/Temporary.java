package org.segloss.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The name for a file or folder that is not finished. What is there under it is deleted on closing, and where
/// the program is interrupted before, by Ctrl-C or a signal to end, on its exit.
public final class Temporary implements AutoCloseable {
    private static final int ATTEMPTS = 50;
    private static final Pattern LEFT = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /// The bytes that are left of the 255 which a name may have, beside two dots, the number and the ending.
    private static final int LONGEST = 255 - 42;

    private final Path path;
    private final Thread onExit = new Thread(this::deleteOnExit);

    private Temporary(Path path) {
        this.path = path;
    }

    /// {@return a new name in the folder of `target`; nothing is created}
    /// @throws IOException if the program is about to exit
    public static Temporary beside(Path target) throws IOException {
        Temporary temporary = unguarded(target);
        try {
            Runtime.getRuntime().addShutdownHook(temporary.onExit);
        } catch (IllegalStateException e) {
            var interrupted = new FileSystemException(target.toString(), null, "not written, the program is ending");
            interrupted.initCause(e);
            throw interrupted;
        }
        return temporary;
    }

    /// {@return a new name in the folder of `target`, whose file stays if the program ends before it is closed}
    static Temporary unguarded(Path target) {
        Path name = target.toAbsolutePath().normalize();
        // not createTempFile: its files are for their owner alone, and stay so when they are renamed
        return new Temporary(name.resolveSibling(
                ".%s.%s.tmp".formatted(cut(name.getFileName().toString()), UUID.randomUUID())));
    }

    /// {@return the beginning of a name, so that the whole isn't longer than names may be}
    private static String cut(String name) {
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end);
    }

    /// Deletes in a folder, not below it, what programs that were killed left under such names.
    ///
    /// @param folder one that no other program writes into
    public static void sweep(Path folder) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.filter(
                            file -> LEFT.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
        for (Path file : left) {
            delete(file);
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException _) {
            // the program is ending: then both delete
        }
        delete();
    }

    private void deleteOnExit() {
        // whoever writes goes on while the program ends, and may put a file into a folder that is being deleted
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                delete();
                return;
            } catch (IOException | UncheckedIOException _) {
                Thread.yield();
            }
        }
    }

    private void delete() throws IOException {
        delete(path);
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            List<Path> all;
            try (Stream<Path> files = Files.walk(path)) {
                all = files.toList();
            }
            for (Path file : all.reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
